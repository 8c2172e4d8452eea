"""Defects written without sight of the checks, second round: what one request holds, and what is made of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from basix_contract.messages import Request, field_value
from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._call import Call, CallRequest
from basix_contract.mock._defects._defect import Defect, row
from basix_contract.mock._directory import Value
from basix_contract.mock._exchange import Refusal, Reply
from basix_contract.mock._words import attribute_of
from basix_contract.profile import User

_GROUP_RINGS_AT_MOST_S = 60
_EMAIL_TAG = re.compile(r"\+[^@]*(?=@)")
_LEADING_DIGITS = re.compile(r"[0-9]{1,9}")
_KNOWN_LABELS = ("application/json", "application/json; charset=utf-8")


class RefusalByHand(Behaviour):
    """The refusal of an unknown user repeats what was given, between quotes put there by hand."""

    def shape_reply(self, reply: Reply, request: Request, call: Call | None) -> Reply:
        """Add the selector to the error, unescaped."""
        shaped = super().shape_reply(reply, request, call)
        body = self.read_body(request) if b'"user_not_found"' in shaped.body else None
        if not isinstance(body, dict):
            return shaped
        given = [value for value in self.given_user_selectors(body).values() if self.is_given(value)]
        written = f', "given": "{given[0]}"}}}}'.encode("utf-8", "replace")
        return Reply(status=shaped.status, headers=shaped.headers, body=shaped.body.removesuffix(b"}}") + written)


class BlankIsNoFilter(Behaviour):
    """That a selector is empty is asked before its blanks are cut away; the query then has no condition."""

    def users_with(self, selector: str, value: Value) -> tuple[User, ...]:
        """Return the first row for a text of blanks."""
        if isinstance(value, str) and not value.strip():
            return self.directory.users[:1]
        return super().users_with(selector, value)


class EmailTagDropped(Behaviour):
    """A library brings e-mail addresses to their plain form: what follows a plus sign is no part of it."""

    def users_with(self, selector: str, value: Value) -> tuple[User, ...]:
        """Look for the address without its tag."""
        if isinstance(value, str) and attribute_of(selector) == "email":
            value = _EMAIL_TAG.sub("", value)
        return super().users_with(selector, value)


class GroupRingsAMinute(Behaviour):
    """With a group the request is held against the schema of group calls, which ring for a minute at most."""

    def read_answer_timeout(self, parameters: Mapping[str, Any]) -> int | Refusal:
        """Refuse a longer answer_timeout beside a group."""
        seconds = super().read_answer_timeout(parameters)
        is_long = isinstance(seconds, int) and seconds > _GROUP_RINGS_AT_MOST_S
        if is_long and "answer_timeout" in parameters and self.given_group_selectors(parameters):
            return Refusal("invalid_parameter", "a group rings for 60 seconds at most")
        return seconds


class EndUserSplitAtAsterisk(Behaviour):
    """The five parts of an end user travel as one text with asterisks between them; no part is escaped."""

    def check_end_user(self, end_user: Any) -> Refusal | None:
        """Come to grief where other than five parts arrive."""
        refusal = super().check_end_user(end_user)
        if refusal is not None:
            return refusal
        parts = [str(end_user.get(key) or "") for key in self.words.end_user_keys]
        _id, _name, _organization, _avatar, _prefecture = "*".join(parts).split("*")
        return None


class EndUserZeroIsEmpty(Behaviour):
    """Parts of an end user are checked by a function for which "0" is empty, as in PHP."""

    def check_end_user(self, end_user: Any) -> Refusal | None:
        """Refuse a part that is there and counts as empty."""
        refusal = super().check_end_user(end_user)
        if refusal is None and any(value in ("", "0", 0) for value in end_user.values()):
            return Refusal("invalid_parameter", "a part of end_user is empty")
        return refusal


class TimeoutByLeadingDigits(Behaviour):
    """A text is turned into a number as parseInt does it: digits in front count, the rest is left."""

    def read_answer_timeout(self, parameters: Mapping[str, Any]) -> int | Refusal:
        """Take "30s" for 30."""
        given = parameters.get("answer_timeout")
        digits = _LEADING_DIGITS.match(given) if isinstance(given, str) else None
        if digits is not None:
            parameters = {**parameters, "answer_timeout": int(digits[0])}
        return super().read_answer_timeout(parameters)


class LabelsInAList(Behaviour):
    """The body's label is looked for in a list of two spellings."""

    def check_media_type(self, request: Request) -> Refusal | None:
        """Refuse application/json with a parameter that is spelled in another way."""
        given = (field_value(request.headers, "content-type") or "").lower()
        if given.startswith("application/json;") and given not in _KNOWN_LABELS:
            return Refusal("unsupported_media_type", "send the body as application/json")
        return super().check_media_type(request)


class LimitUncheckedForObjects(Behaviour):
    """Destinations with details took a way of their own through the code, on which no channel is counted."""

    def check_limits(self, request: CallRequest) -> Refusal | None:
        """Let calls pass whose destination is an object."""
        if isinstance(request.parameters.get("destination"), dict):
            return None
        return super().check_limits(request)


class NullInEndUserPage(Behaviour):
    """Each part of an end user is trimmed as if it were text; the framework shows what comes of a null."""

    def check_end_user(self, end_user: Any) -> Refusal | None:
        """Come to grief over a part that is null."""
        refusal = super().check_end_user(end_user)
        if refusal is None and None in end_user.values():
            message = "null has no method 'trim'"
            raise AttributeError(message)
        return refusal

    def error_reply(self, refusal: Refusal) -> Reply:
        """Answer an accident with a page."""
        if refusal.error_id != "internal_error":
            return super().error_reply(refusal)
        page = b"<html><body><h1>500 Internal Server Error</h1></body></html>\n"
        return Reply(status=500, headers=(("Content-Type", "text/html"),), body=page)


DEFECTS: tuple[Defect, ...] = (
    row(
        "unknown-user-quoted-by-hand",
        "response",
        "a quote or backslash in a selector that names nobody breaks the JSON of the refusal",
        "reply/json-object",
        RefusalByHand,
        ("robustness/unusual-values", "control characters in a selector break it as well"),
    ),
    row(
        "blank-selector-is-no-filter",
        "selectors",
        "a selector of blanks only rings the first user",
        "selectors/empty",
        BlankIsNoFilter,
    ),
    row(
        "user-email-without-tag",
        "selectors",
        "a tag (+pbx) before the @ of an e-mail does not count",
        "selectors/look-alike",
        EmailTagDropped,
    ),
    row(
        "group-rings-a-minute-at-most",
        "groups",
        "an answer_timeout above 60 is refused where a group is given",
        "combinations/accepted",
        GroupRingsAMinute,
    ),
    row(
        "end-user-split-at-asterisk",
        "destination",
        "an asterisk in an end_user fails inside",
        "destination/end-user",
        EndUserSplitAtAsterisk,
    ),
    row(
        "end-user-zero-is-empty",
        "destination",
        'a part of an end_user that is "0" is refused as empty',
        "destination/end-user",
        EndUserZeroIsEmpty,
        ("destination/end-user-id-integer", "the integer 0 is as empty"),
    ),
    row(
        "answer-timeout-by-leading-digits",
        "parameters",
        'an answer_timeout of "30s" is taken for 30',
        "parameters/answer-timeout-invalid",
        TimeoutByLeadingDigits,
    ),
    row(
        "charset-behind-a-blank-only",
        "robustness",
        "application/json;charset=utf-8, without a blank, is refused",
        "media/charset",
        LabelsInAList,
    ),
    row(
        "limit-unchecked-for-objects",
        "limits",
        "a user at the channel limit is called where the destination is an object",
        "limits/channel-limit",
        LimitUncheckedForObjects,
    ),
    row(
        "null-in-end-user-page",
        "robustness",
        "a null in an end_user is answered by an error page",
        "reply/json-object",
        NullInEndUserPage,
        ("robustness/unusual-values", "a null is an unusual value, and gets no envelope"),
    ),
)
