"""How the mock reads what the document leaves open: one switch for each reading it can take.

Every setting of every switch conforms or is tolerated; what breaks the contract is a defect, not a switch.
"""

from __future__ import annotations

import dataclasses
import difflib
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, cast

from basix_contract.errors import UsageError

T = TypeVar("T")


def _switch(default: T, open_point: str, summary: str) -> T:
    return cast("T", dataclasses.field(default=default, metadata={"point": open_point, "summary": summary}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The readings one mock takes; `SWITCHES` describes each field."""

    # The reply.
    error_style: Literal["200", "4xx"] = _switch("200", "A19", "the HTTP status of an error reply")
    auth_style: Literal["envelope", "401", "403"] = _switch(
        "envelope", "A18", "bad credentials: the error envelope, or a bare page with this status"
    )
    error_result_code: int = _switch(500, "A54", "the result_code of every error")
    error_ids: Literal["specific", "generic"] = _switch(
        "specific", "A49", "one id for each kind of error, or one for all that the document does not name"
    )
    has_error_text: bool = _switch(False, "A53", "a description stands beside error.id")
    has_extra_fields: bool = _switch(False, "A55", "replies and callbacks have a key the document lacks")
    json_content_type: Literal["application/json", "application/json; charset=utf-8"] = _switch(
        "application/json", "A20", "the media type of replies and callbacks"
    )
    uuid_case: Literal["lower", "upper"] = _switch("lower", "A57", "the letters in uuids")
    uuid_version: Literal[1, 3, 4, 5] = _switch(4, "A57", "the version digit in uuids")
    uuid_order: Literal["ringing", "reversed", "sorted"] = _switch("ringing", "A56", "the order of uuids")
    latency_s: float = _switch(0.0, "A47", "how long each reply is held back, in seconds")

    # The request.
    other_methods: Literal["405", "envelope"] = _switch(
        "405", "A17", "the answer to anything but POST: HTTP 405, or as any other error"
    )
    other_media_types: Literal["accept", "error"] = _switch(
        "accept", "A16", "a JSON body under another media type"
    )
    byte_order_mark: Literal["accept", "error"] = _switch("accept", "A15", "a BOM before the JSON text")
    duplicate_keys: Literal["last", "first", "error"] = _switch(
        "last", "A15", "which of two equal JSON keys counts"
    )
    strict_unknown_parameters: bool = _switch(False, "A14", "an unknown parameter is an error")
    strict_empty_selectors: bool = _switch(False, "A13", 'a selector that is null or "" is an error')
    strict_null_options: bool = _switch(False, "A13", "another parameter that is null is an error")
    whole_floats: Literal["accept", "error"] = _switch("accept", "A35", "30.0 where 30 is meant")
    numeric_strings: Literal["accept", "error"] = _switch("accept", "A35", '"30" as answer_timeout')
    bool_strings: Literal["accept", "error"] = _switch("error", "A36", '"true" or 1 as auto_answer')

    # The selectors.
    accepts_several_selectors: bool = _switch(True, "A01", "more than one user selector may be given")
    selector_precedence: Literal["first-that-resolves", "first-given", "all-must-agree"] = _switch(
        "first-that-resolves", "A02", "which of several user selectors counts, in the table's order"
    )
    id_digit_strings: Literal["accept", "error"] = _switch("accept", "A04", 'an id as text: "10001001"')
    number_extensions: Literal["accept", "error"] = _switch(
        "accept", "A04", "an extension or DID as a JSON number"
    )
    ignores_case: bool = _switch(False, "A06", "names, labels and e-mails are found in any case")
    trims_text: bool = _switch(False, "A06", "blanks around names, labels and e-mails are dropped")
    shared_label: Literal["first", "error"] = _switch("first", "A05", "a selector that fits several users")
    several_groups: Literal["first", "error"] = _switch("first", "A07", "several group selectors together")
    group_membership_enforced: bool = _switch(False, "A11", "the user must be a member of the group")
    resolver_without_group: Literal["error", "plain"] = _switch(
        "plain", "A10", "group_resolver for a user in no such group: an error, or a call without group"
    )
    unknown_resolver: Literal["error", "plain"] = _switch("error", "A09", "a group_resolver not in the table")
    unknown_group: Literal["error", "ignored"] = _switch("error", "A12", "a group that does not exist")
    unreachable_user: Literal["error", "callback"] = _switch(
        "callback", "A50", "a user without terminals: an error, or a call that fails"
    )

    # The options.
    timeout_above_180: Literal["accept", "clamp"] = _switch("accept", "A35", "an answer_timeout beyond 180")
    non_ascii_calling_name: Literal["accept", "error", "dropped"] = _switch(
        "accept", "A38", "a calling_name that is not ASCII"
    )
    invalid_callback_url: Literal["error", "ignored"] = _switch(
        "error", "A42", "a callback_url that is no http(s) URL"
    )
    callback_userinfo: Literal["accept", "error"] = _switch("accept", "A42", "user:password@ in callback_url")

    # The destination.
    international_numbers: Literal["accept", "error"] = _switch("accept", "A24", "+81… and 010…")
    punctuated_numbers: Literal["accept", "error"] = _switch("accept", "A24", "03-1234-1234 and blanks")
    star_codes: Literal["accept", "error"] = _switch("error", "A24", "* and # in a number")
    voicemail_destinations: Literal["accept", "error"] = _switch(
        "accept", "A21", "uservoicemail,NAME and groupvoicemail,NAME"
    )
    media_plug: Literal["accept", "error"] = _switch("accept", "A21", "the destination media_plug")
    unresolvable_destination: Literal["now", "after-answer"] = _switch(
        "now", "A22", "when a destination that leads nowhere shows: as an error reply, or in the second leg"
    )
    details_for_internal: Literal["accept", "error"] = _switch(
        "accept", "A26", "the object and inline forms for an internal destination"
    )
    foreign_calling_number: Literal["accept", "default", "error"] = _switch(
        "accept", "A28", "a calling_number that is not the PBX's own"
    )
    inline_calling_number: Literal["accept", "error"] = _switch("accept", "A27", "{calling_number=…}0312341234")

    # The callback.
    callback_delay_s: float = _switch(0.0, "A46", "seconds between the hunt's end and the callback")
    callback_before_reply: bool = _switch(False, "A47", "the reply waits until the callback is through")
    callback_timeout_s: float = _switch(10.0, "A45", "how long a receiver may take, in seconds")
    callback_repeats: int = _switch(0, "A45", "how often a callback not answered 2xx is sent again")
    callback_repeat_after_s: float = _switch(0.1, "A45", "seconds before it is sent again")
    callback_follows_redirects: bool = _switch(False, "A45", "a redirect of the receiver is followed")
    callback_verifies_tls: bool = _switch(True, "A45", "an https receiver must show a trusted certificate")
    callback_on_refusal: bool = _switch(False, "A51", "an error reply is told to callback_url as well")
    private_callback_hosts: Literal["deliver", "error", "silent"] = _switch(
        "deliver", "A42", "a loopback or private host in callback_url (a guard against SSRF refuses it)"
    )
    allow_remote_callbacks: bool = _switch(False, "", "callbacks may leave this machine")
    second_leg_s: float = _switch(0.02, "A39", "seconds until the destination has answered or failed")
    talk_s: float = _switch(0.0, "A52", "seconds for which an answered call keeps its channel")

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

    def read(self, text: str) -> Any:  # noqa: ANN401 - the type is the switch's own
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
        f"unknown switch {name!r}", fix=f"did you mean {near[0]!r}?" if near else "list them with `mock --help`"
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
