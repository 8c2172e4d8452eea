"""How the mock reads what the document leaves open: one switch for each reading it can take.

Every setting of every switch conforms or is tolerated; what breaks the contract is a defect, not a switch.
"""

from __future__ import annotations

import dataclasses
import difflib
import math
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, cast

from basix_contract.errors import UsageError

T = TypeVar("T")


def _switch(open_point: str, summary: str, *, default: T) -> T:
    spot: Any = dataclasses.field(default=default, metadata={"point": open_point, "summary": summary})
    return cast("T", spot)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The readings one mock takes; `SWITCHES` describes each field."""

    # The reply.
    error_style: Literal["200", "4xx"] = _switch("A19", "the HTTP status of an error reply", default="200")
    auth_style: Literal["envelope", "401", "403"] = _switch(
        "A18", "bad credentials: the error envelope, or a bare page with this status", default="envelope"
    )
    error_result_code: int = _switch("A54", "the result_code of every error", default=500)
    error_ids: Literal["specific", "generic"] = _switch(
        "A49",
        "one id for each kind of error, or one for all that the document does not name",
        default="specific",
    )
    has_error_text: bool = _switch("A53", "a description stands beside error.id", default=False)
    has_extra_fields: bool = _switch("A55", "replies and callbacks have a key the document lacks", default=False)
    json_content_type: Literal["application/json", "application/json; charset=utf-8"] = _switch(
        "A20", "the media type of replies and callbacks", default="application/json"
    )
    uuid_case: Literal["lower", "upper"] = _switch("A57", "the letters in uuids", default="lower")
    uuid_version: Literal[1, 3, 4, 5] = _switch("A57", "the version digit in uuids", default=4)
    uuid_order: Literal["ringing", "reversed", "sorted"] = _switch("A56", "the order of uuids", default="ringing")
    latency_s: float = _switch("A47", "how long each reply is held back, in seconds", default=0.0)

    # The request.
    other_methods: Literal["405", "envelope"] = _switch(
        "A17", "the answer to anything but POST: HTTP 405, or as any other error", default="405"
    )
    other_media_types: Literal["accept", "error"] = _switch(
        "A16", "a JSON body under another media type", default="accept"
    )
    byte_order_mark: Literal["accept", "error"] = _switch("A15", "a BOM before the JSON text", default="accept")
    duplicate_keys: Literal["last", "first", "error"] = _switch(
        "A15", "which of two equal JSON keys counts", default="last"
    )
    strict_unknown_parameters: bool = _switch("A14", "an unknown parameter is an error", default=False)
    strict_empty_selectors: bool = _switch("A13", 'a selector that is null or "" is an error', default=False)
    strict_null_options: bool = _switch("A13", "another parameter that is null is an error", default=False)
    whole_floats: Literal["accept", "error"] = _switch("A35", "30.0 where 30 is meant", default="accept")
    numeric_strings: Literal["accept", "error"] = _switch("A35", '"30" as answer_timeout', default="accept")
    bool_strings: Literal["accept", "error"] = _switch("A36", '"true" or 1 as auto_answer', default="error")

    # The selectors.
    accepts_several_selectors: bool = _switch("A01", "more than one user selector may be given", default=True)
    selector_precedence: Literal["first-that-resolves", "first-given", "all-must-agree"] = _switch(
        "A02", "which of several user selectors counts, in the table's order", default="first-that-resolves"
    )
    id_digit_strings: Literal["accept", "error"] = _switch("A04", 'an id as text: "10001001"', default="accept")
    number_extensions: Literal["accept", "error"] = _switch(
        "A04", "an extension or DID as a JSON number", default="accept"
    )
    ignores_case: bool = _switch("A06", "names, labels and e-mails are found in any case", default=False)
    trims_text: bool = _switch("A06", "blanks around names, labels and e-mails are dropped", default=False)
    shared_label: Literal["first", "error"] = _switch("A05", "a selector that fits several users", default="first")
    several_groups: Literal["first", "error"] = _switch("A07", "several group selectors together", default="first")
    group_membership_enforced: bool = _switch("A11", "the user must be a member of the group", default=False)
    resolver_without_group: Literal["error", "plain"] = _switch(
        "A10",
        "group_resolver for a user in no such group: an error, or a call without group",
        default="plain",
    )
    unknown_resolver: Literal["error", "plain"] = _switch("A09", "a group_resolver not in the table", default="error")
    unknown_group: Literal["error", "ignored"] = _switch("A12", "a group that does not exist", default="error")
    unreachable_user: Literal["error", "callback"] = _switch(
        "A50", "a user without terminals: an error, or a call that fails", default="callback"
    )

    # The options.
    timeout_above_180: Literal["accept", "clamp"] = _switch("A35", "an answer_timeout beyond 180", default="accept")
    non_ascii_calling_name: Literal["accept", "error", "dropped"] = _switch(
        "A38", "a calling_name that is not ASCII", default="accept"
    )
    invalid_callback_url: Literal["error", "ignored"] = _switch(
        "A42", "a callback_url that is no http(s) URL", default="error"
    )
    callback_userinfo: Literal["accept", "error"] = _switch("A42", "user:password@ in callback_url", default="accept")

    # The destination.
    international_numbers: Literal["accept", "error"] = _switch("A24", "+81… and 010…", default="accept")
    punctuated_numbers: Literal["accept", "error"] = _switch("A24", "03-1234-1234 and blanks", default="accept")
    star_codes: Literal["accept", "error"] = _switch("A24", "* and # in a number", default="error")
    voicemail_destinations: Literal["accept", "error"] = _switch(
        "A21", "uservoicemail,NAME and groupvoicemail,NAME", default="accept"
    )
    media_plug: Literal["accept", "error"] = _switch("A21", "the destination media_plug", default="accept")
    unresolvable_destination: Literal["now", "after-answer"] = _switch(
        "A22",
        "when a destination that leads nowhere shows: as an error reply, or in the second leg",
        default="now",
    )
    details_for_internal: Literal["accept", "error"] = _switch(
        "A26", "the object and inline forms for an internal destination", default="accept"
    )
    foreign_calling_number: Literal["accept", "default", "error"] = _switch(
        "A28", "a calling_number that is not the PBX's own", default="accept"
    )
    inline_calling_number: Literal["accept", "error"] = _switch(
        "A27", "calling_number as a key in the braces", default="accept"
    )

    # The callback.
    callback_delay_s: float = _switch("A46", "seconds between the hunt's end and the callback", default=0.0)
    callback_before_reply: bool = _switch("A47", "the reply waits until the callback is through", default=False)
    callback_timeout_s: float = _switch("A45", "how long a receiver may take, in seconds", default=10.0)
    callback_repeats: int = _switch("A45", "how often a callback not answered 2xx is sent again", default=0)
    callback_repeat_after_s: float = _switch("A45", "seconds before it is sent again", default=0.1)
    callback_follows_redirects: bool = _switch("A45", "a redirect of the receiver is followed", default=False)
    callback_verifies_tls: bool = _switch("A45", "an https receiver must show a trusted certificate", default=True)
    callback_on_refusal: bool = _switch("A51", "an error reply is told to callback_url as well", default=False)
    private_callback_hosts: Literal["deliver", "error", "silent"] = _switch(
        "A42",
        "a loopback or private host in callback_url (a guard against SSRF refuses it)",
        default="deliver",
    )
    allow_remote_callbacks: bool = _switch("", "callbacks may leave this machine", default=False)
    second_leg_s: float = _switch("A39", "seconds until the destination has answered or failed", default=0.02)
    talk_s: float = _switch("A52", "seconds for which an answered call keeps its channel", default=0.0)

    def __post_init__(self) -> None:
        """Refuse what no PBX could do: an error that says success, a wait that ends before it begins."""
        if self.error_result_code == 0:
            raise UsageError("error_result_code cannot be 0", fix="0 is a success; the document has 500")
        for spot in dataclasses.fields(self):
            value = getattr(self, spot.name)
            if isinstance(value, float) and not 0 <= value < math.inf:
                raise UsageError(f"{spot.name} cannot be {value}", fix="give seconds, 0 or more")

    @classmethod
    def from_text(cls, pairs: Mapping[str, str]) -> Settings:
        """Build settings from `name=value` texts, as a command line gives them.

        Raises UsageError naming the switch, what it takes, and the nearest known name.
        """
        return cls(**{name: find_switch(name).read(text) for name, text in pairs.items()})

    def but(self, changes: Mapping[str, Any]) -> Settings:
        """Return these settings with some changed."""
        return dataclasses.replace(self, **changes)


@dataclass(frozen=True, slots=True)
class Switch:
    """One switch: its name, the open point it settles, what it can be set to, its default, and what it means.

    `choices` is empty where any number of the default's type will do.
    """

    name: str
    open_point: str
    choices: tuple[Any, ...]
    default: Any
    summary: str

    def read(self, text: str) -> Any:
        """Return the value this text stands for; raises UsageError naming what is possible."""
        if self.choices:
            found = [choice for choice in self.choices if _spelled(choice) == text.lower()]
            if found:
                return found[0]
            wanted = "one of " + ", ".join(_spelled(choice) for choice in self.choices)
        else:
            try:
                return type(self.default)(text)
            except ValueError:
                wanted = "a whole number" if isinstance(self.default, int) else "a number"
        raise UsageError(f"{self.name} cannot be {text!r}", fix=f"it takes {wanted}")


def find_switch(name: str) -> Switch:
    """Return the switch of this name; raises UsageError with the nearest known one."""
    if name in SWITCHES:
        return SWITCHES[name]
    near = difflib.get_close_matches(name, SWITCHES, n=1, cutoff=0.5)
    raise UsageError(
        f"unknown switch {name!r}",
        fix=f"did you mean {near[0]!r}?" if near else "list them with `basix-contract mock --list-switches`",
    )


def _spelled(choice: object) -> str:
    return str(choice).lower()


def _switches() -> Iterable[Switch]:
    hints = typing.get_type_hints(Settings)
    for spot in dataclasses.fields(Settings):
        hint = hints[spot.name]
        choices = (True, False) if hint is bool else typing.get_args(hint)
        yield Switch(spot.name, spot.metadata["point"], choices, spot.default, spot.metadata["summary"])


SWITCHES: dict[str, Switch] = {switch.name: switch for switch in _switches()}
