"""Faults of a request: parameters lost, renamed, invented, or of a kind that nobody allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.defects.clients.changes import adding, changing, destination, renaming, without
from tests.defects.clients.defect import ClientDefect, defect

if TYPE_CHECKING:
    from tests.defects.clients.small import SmallClient

    Params = dict[str, Any]

_SELECTORS = ("user_id", "user_name", "user_label", "user_extension", "user_did", "user_email")
_THREE_MINUTES = 180
_NO_USER = ("sending/user-selector", "no user is named any more")
_MISSING = ("given/every-parameter", "what was given is missing under its name")


def _empty_selectors(_client: SmallClient, params: Params) -> Params:
    """Know two selectors, and send the others empty."""
    return {name: "" if name in _SELECTORS[2:] else value for name, value in params.items()}


def _first_selector(_client: SmallClient, params: Params) -> Params:
    """Send the first selector that is given."""
    more = [name for name in params if name in _SELECTORS][1:]
    return {name: value for name, value in params.items() if name not in more}


def _group_for_numbers(_client: SmallClient, params: Params) -> Params:
    """Send a group only where the destination is a number."""
    is_number = str(params["destination"]).isdigit()
    return {name: value for name, value in params.items() if is_number or not name.startswith("group_")}


def _with_address(_client: SmallClient, params: Params) -> Params:
    """Make up an address for every user name."""
    return {**({"user_email": f"{params['user_name']}@kit.example"} if "user_name" in params else {}), **params}


NAMES: tuple[ClientDefect, ...] = (
    # ── names ──
    defect(
        "name-name",
        "It calls the user's name name_name, as the prose does.",
        "given/every-parameter",
        _NO_USER,
        parameters=renaming(user_name="name_name"),
    ),
    defect(
        "options-in-camel-case",
        "It writes options in camel case.",
        "given/every-parameter",
        parameters=renaming(
            answer_timeout="answerTimeout",
            callback_url="callbackUrl",
            auto_answer="autoAnswer",
            calling_name="callingName",
        ),
    ),
    defect(
        "empty-selectors",
        "It knows two selectors and sends the others empty.",
        "sending/user-selector",
        _MISSING,
        parameters=_empty_selectors,
    ),
    defect(
        "extension-as-name",
        "It sends an extension as a name.",
        "given/every-parameter",
        ("given/nothing-else", "it stands under a name that was not given"),
        parameters=renaming(user_extension="user_name"),
    ),
    defect(
        "callback-lost", "It forgets the callback_url.", "given/every-parameter", parameters=without("callback_url")
    ),
    defect(
        "group-lost",
        "It knows no group by DID or extension.",
        "given/every-parameter",
        parameters=without("group_did", "group_extension"),
    ),
    defect(
        "one-selector-only",
        "It sends the first selector of several.",
        "given/every-parameter",
        parameters=_first_selector,
    ),
    defect(
        "group-for-numbers",
        "It sends a group only where the destination is a number.",
        "given/every-parameter",
        parameters=_group_for_numbers,
    ),
    defect(
        "long-timeout-lost",
        "It leaves a timeout above three minutes out.",
        "given/every-parameter",
        parameters=lambda _client, params: {
            name: value for name, value in params.items() if name != "answer_timeout" or value <= _THREE_MINUTES
        },
    ),
    defect(
        "object-lost",
        "It sends no destination where it is an object.",
        "sending/destination",
        _MISSING,
        parameters=lambda _client, params: {
            name: value for name, value in params.items() if not isinstance(value, dict)
        },
    ),
    defect(
        "destination-emptied",
        "It empties destinations that are not ASCII.",
        "sending/destination",
        parameters=destination(lambda text: text if text.isascii() else "", str),
    ),
    defect(
        "callback-without-object",
        "It forgets the callback_url where the destination is an object and the user is named by extension.",
        "given/every-parameter",
        parameters=lambda _client, params: {
            name: value
            for name, value in params.items()
            if name != "callback_url" or isinstance(params["destination"], str) or "user_extension" not in params
        },
    ),
    defect(
        "timeout-or-auto-answer",
        "It sends a timeout or auto_answer, and not both, where a group's label is given.",
        "given/every-parameter",
        parameters=lambda _client, params: {
            name: value
            for name, value in params.items()
            if name != "answer_timeout" or not params.get("auto_answer") or "group_label" not in params
        },
    ),
    # ── additions ──
    defect(
        "timeout-invented",
        "It gives every call 30 seconds.",
        "given/nothing-else",
        parameters=adding(answer_timeout=30),
    ),
    defect(
        "name-invented",
        "It shows its own name as the caller.",
        "given/nothing-else",
        parameters=adding(calling_name="Click2Call"),
    ),
    defect("group-invented", "It calls for any group.", "given/nothing-else", parameters=adding(group_resolver="*")),
    defect(
        "auto-answer-invented",
        "It has every call picked up by itself.",
        "given/nothing-else",
        parameters=adding(auto_answer=True),
    ),
    defect(
        "callback-invented",
        "It has every result sent to its own server.",
        "given/nothing-else",
        parameters=adding(callback_url="https://vendor.example/collect"),
    ),
    defect(
        "address-invented",
        "It makes up an address for every user name.",
        "given/nothing-else",
        parameters=_with_address,
    ),
    # ── kinds ──
    defect(
        "timeout-zero",
        "It sends the timeout in whole minutes, a short one as zero.",
        "sending/kinds",
        ("given/answer-timeout", "minutes are not seconds"),
        parameters=changing(lambda value: value // 60, "answer_timeout"),
    ),
    defect(
        "destination-list",
        "It sends destinations as a list.",
        "sending/kinds",
        ("given/destination-text", "a list is no text"),
        parameters=destination(lambda text: [text], str),
    ),
    defect(
        "yes-and-no",
        "It writes yes and no for booleans.",
        "sending/kinds",
        ("given/auto-answer", "yes is not true"),
        parameters=changing(lambda value: "yes" if value else "no", "auto_answer"),
    ),
    defect(
        "capital-booleans",
        "It writes booleans as Python does.",
        "sending/kinds",
        ("given/auto-answer", "True is no JSON boolean"),
        parameters=changing(str, "auto_answer"),
    ),
    defect(
        "label-object",
        "It sends labels as objects by language.",
        "sending/kinds",
        ("given/text", "an object is no text"),
        _NO_USER,
        parameters=changing(lambda value: {"ja": value}, "user_label"),
    ),
    defect(
        "minutes",
        "It sends the timeout in minutes and their fractions.",
        "sending/kinds",
        ("given/answer-timeout", "minutes are not seconds"),
        parameters=changing(lambda value: value / 60, "answer_timeout"),
    ),
    defect(
        "called-number-number",
        "It sends telephone numbers in objects as numbers.",
        "sending/kinds",
        ("given/destination-object", "the leading zero is lost"),
        parameters=destination(
            lambda value: {
                **value,
                "called_number": int(value["called_number"]) if value["called_number"].isdigit() else 0,
            },
            dict,
        ),
    ),
)
