"""Defects written without sight of the checks, third round: selectors, groups, destinations and options."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote_plus, urlsplit

from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._call import Call, CallRequest
from basix_contract.mock._defects._defect import Defect, row
from basix_contract.mock._directory import Value
from basix_contract.mock._exchange import Refusal
from basix_contract.mock._words import attribute_of
from basix_contract.profile import Group, User

_LONGEST_S = 180
_MINUTE_S = 60
_LOCAL_DIGITS = 8
_PICTURES = (".gif", ".jpeg", ".jpg", ".png")
_FORMULA_SIGNS = ("=", "+", "-", "@")
_ID_BYTES = 4


class ClampToldAsError(Behaviour):
    """That a timeout was too long for the switch is noted where there was a place for notes: in error."""

    def success_body(self, call: Call) -> Any:
        """Add the note."""
        body = super().success_body(call)
        if call.request.answer_timeout_s > _LONGEST_S:
            body["error"] = {"id": "answer_timeout_clamped"}
        return body


class DidByLastEight(Behaviour):
    """Carriers send numbers with all kinds of prefixes, so that DIDs are compared from their end, as on the trunk."""

    def users_with(self, selector: str, value: Value) -> tuple[User, ...]:
        """Return who has a DID that ends as this one does."""
        if attribute_of(selector) != "did" or not isinstance(value, str) or len(value) < _LOCAL_DIGITS:
            return super().users_with(selector, value)
        end = value[-_LOCAL_DIGITS:]
        return tuple(user for user in self.directory.users if user.did and user.did.endswith(end))


class SelectorsUrlDecoded(Behaviour):
    """The look-up is a request of its own to the directory, whose query is decoded once more than it is encoded."""

    def users_with(self, selector: str, value: Value) -> tuple[User, ...]:
        """Look for the text that is left of escapes and plus signs."""
        return super().users_with(selector, unquote_plus(value) if isinstance(value, str) else value)


class GroupCallsItself(Behaviour):
    """A guard against loops takes the group a call is made for and the group it goes to for caller and callee."""

    def check_limits(self, request: CallRequest) -> Refusal | None:
        """Refuse a call on behalf of a group to that group."""
        group = request.group
        if group is not None and request.destination.value in (group.name, group.extension):
            return Refusal("invalid_parameter", "a group cannot call itself")
        return super().check_limits(request)


class GroupOfTheExtension(Behaviour):
    """The dial plan knows whose extension it is, and a person stands for the first group he or she is in."""

    def group_by(self, selector: str, value: Value) -> Group | None:
        """Return a group of whoever has the extension."""
        group = super().group_by(selector, value)
        if group is not None or attribute_of(selector) != "extension":
            return group
        groups = (self.directory.groups_of(user) for user in self.directory.users_with("extension", value))
        return next((entry for found in groups for entry in found), None)


class AvatarNeedsSuffix(Behaviour):
    """What kind of picture an avatar is, is told from the end of its URL."""

    def check_end_user(self, end_user: Any) -> Refusal | None:
        """Refuse the URL of a picture of unknown kind."""
        refusal = super().check_end_user(end_user)
        avatar = None if refusal else end_user.get("avatar")
        if avatar and avatar.startswith(("http://", "https://")):
            path = urlsplit(avatar).path.lower()
            return None if path.endswith(_PICTURES) else Refusal("invalid_parameter", "the avatar is no picture")
        return refusal


class InlineColonRefused(Behaviour):
    """The parser of braces was written for `key:value` first, and is still thrown by a colon."""

    def read_pairs(self, text: str) -> dict[str, str] | None:
        """Return nothing where there is a colon."""
        return None if ":" in text else super().read_pairs(text)


class EndUserIdOf32Bits(Behaviour):
    """A number as an end user's id is packed into four bytes."""

    def check_end_user(self, end_user: Any) -> Refusal | None:
        """Come to grief over a larger one."""
        refusal = super().check_end_user(end_user)
        if refusal is None and isinstance(end_user.get("id"), int):
            end_user["id"].to_bytes(_ID_BYTES, "big", signed=True)
        return refusal


class FormulaRefused(Behaviour):
    """Calling names end up in a spreadsheet of all calls, and an audit asked for a guard against formulas."""

    def allows_calling_name(self, name: str) -> bool:
        """Refuse what a spreadsheet would take for a formula."""
        return not name.startswith(_FORMULA_SIGNS) and super().allows_calling_name(name)


class FullMinutes(Behaviour):
    """Timeouts are held against the menu of the PBX's own page: seconds up to a minute, then two and three."""

    def allows_answer_timeout(self, seconds: int) -> bool:
        """Refuse what is not in the menu; beyond its end, anything goes."""
        is_between = _MINUTE_S < seconds < _LONGEST_S and seconds % _MINUTE_S
        return not is_between and super().allows_answer_timeout(seconds)


DEFECTS: tuple[Defect, ...] = (
    row(
        "clamped-timeout-told-as-error",
        "response",
        "a success with an answer_timeout above 180 has an error that says so",
        "reply/no-error-on-success",
        ClampToldAsError,
    ),
    row(
        "user-did-by-last-eight",
        "selectors",
        "of a DID only the last eight digits count",
        "selectors/look-alike",
        DidByLastEight,
    ),
    row(
        "selectors-url-decoded",
        "selectors",
        "percent-escapes and plus signs in a user selector are decoded",
        "selectors/look-alike",
        SelectorsUrlDecoded,
    ),
    row(
        "group-calling-itself-refused",
        "groups",
        "a call on behalf of a group is refused where the destination is that group",
        "combinations/accepted",
        GroupCallsItself,
    ),
    row(
        "group-by-extension-of-member",
        "groups",
        "the extension of a user as group_extension is taken for a group of that user",
        "groups/unknown",
        GroupOfTheExtension,
    ),
    row(
        "avatar-needs-picture-suffix",
        "destination",
        "an avatar whose path does not end as a picture's does is refused",
        "destination/end-user",
        AvatarNeedsSuffix,
    ),
    row(
        "inline-colon-refused",
        "destination",
        "a colon in braces is refused",
        "destination/inline",
        InlineColonRefused,
        ("destination/inline-other-keys", "an avatar's URL holds a colon"),
    ),
    row(
        "end-user-id-of-32-bits",
        "destination",
        "an integer end_user.id beyond 32 bits fails inside",
        "destination/end-user-id-integer",
        EndUserIdOf32Bits,
    ),
    row(
        "calling-name-as-formula-refused",
        "parameters",
        "a calling_name that begins with =, +, - or @ is refused",
        "parameters/calling-name",
        FormulaRefused,
    ),
    row(
        "answer-timeout-in-full-minutes",
        "parameters",
        "between 60 and 180 an answer_timeout other than 120 is refused",
        "parameters/answer-timeout",
        FullMinutes,
    ),
)
