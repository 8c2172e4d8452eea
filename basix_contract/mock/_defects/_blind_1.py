"""Defects of what is asked for, written without a look at the checks: combinations, odd text, other clients."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from basix_contract.messages import Request, field_value
from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._call import Call, Place
from basix_contract.mock._defects._defect import Defect, row
from basix_contract.mock._directory import Value
from basix_contract.mock._exchange import Refusal, Reply
from basix_contract.mock._words import attribute_of
from basix_contract.profile import Group, User

_FULL_RECORDS = frozenset({"user_id", "user_name"})
_TEXT_COLUMNS = frozenset({"name", "label", "email"})
_HIRAGANA_TO_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
_ESCAPED_PAIR = re.compile(r"(?<!\\)(?:\\\\)*\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
# What one TCP segment carries over Ethernet.
_SEGMENT_BYTES = 1448


class LightRecord(Behaviour):
    """Only the queries by id and by name load a user's memberships; a rule finds none on other records."""

    def find_group(self, parameters: Mapping[str, Any], user: User) -> Group | Refusal | None:
        """Refuse a rule where the record has no memberships."""
        if self.words.resolver in parameters and _FULL_RECORDS.isdisjoint(parameters):
            return Refusal("group_not_found", "the user is in no such group")
        return super().find_group(parameters, user)


class PairRefusedWithGroup(Behaviour):
    """The branch for group context still insists on a single user selector."""

    def find_group(self, parameters: Mapping[str, Any], user: User) -> Group | Refusal | None:
        """Refuse several user selectors beside a group."""
        if self.given_group_selectors(parameters) and len(self.given_user_selectors(parameters)) > 1:
            return Refusal("invalid_parameter", "give one user selector only")
        return super().find_group(parameters, user)


class CommaEatsTimeout(Behaviour):
    """Name and timeout go to the switch in one list with commas; a comma in the name loses what follows it."""

    def read_answer_timeout(self, parameters: Mapping[str, Any]) -> int | Refusal:
        """Return the default where the timeout was lost."""
        seconds = super().read_answer_timeout(parameters)
        name = parameters.get("calling_name")
        is_lost = isinstance(seconds, int) and isinstance(name, str) and "," in name
        return self.default_answer_timeout() if is_lost else seconds


class ZeroIsOutsideLine(Behaviour):
    """The dial plan takes a destination that begins with 0 for an outside number before it tries extensions."""

    def extension_place(self, text: str) -> Place | None:
        """Return no extension that begins with 0."""
        return None if text.startswith("0") else super().extension_place(text)


class LabelInShiftJis(Behaviour):
    """The connection to the directory speaks Shift_JIS: what that lacks arrives as a question mark."""

    def read_selector(self, name: str, value: Any) -> Value | Refusal:
        """Return a label as the directory receives it."""
        read = super().read_selector(name, value)
        if attribute_of(name) != "label" or not isinstance(read, str):
            return read
        return read.encode("cp932", "replace").decode("cp932")


class MarksRefused(Behaviour):
    """A filter lets letters, digits and signs through, and forgets the marks that combine with a letter."""

    def allows_identity(self, key: str, value: Any) -> bool:
        """Refuse a text with a combining mark or a variation selector."""
        has_mark = isinstance(value, str) and any(unicodedata.category(letter)[0] == "M" for letter in value)
        return not has_mark and super().allows_identity(key, value)


class EscapedPairsRefused(Behaviour):
    """The JSON reader takes each escape for a character, and half of a pair for an invalid one."""

    def parse_json(self, text: str) -> Any:
        """Refuse a text with an escaped surrogate pair."""
        if _ESCAPED_PAIR.search(text):
            return Refusal("invalid_json", "the body holds an invalid character")
        return super().parse_json(text)


class AnyWidth(Behaviour):
    """The columns of text have a collation that minds neither the width of letters nor the kind of kana."""

    def users_with(self, selector: str, value: Value) -> tuple[User, ...]:
        """Return the users whose name, label or e-mail is the same to the collation."""
        attribute = attribute_of(selector)
        if attribute not in _TEXT_COLUMNS:
            return super().users_with(selector, value)
        return self.directory.users_with(attribute, value, self._is_alike)

    def _is_alike(self, own: Value, given: Value) -> bool:
        return _collated(own) == _collated(given)


def _collated(value: Value) -> str:
    return unicodedata.normalize("NFKC", str(value)).translate(_HIRAGANA_TO_KATAKANA)


class InlineInAscii(Behaviour):
    """The pattern for identities in braces was written with the document's example at hand."""

    def read_inline(self, given: str) -> Place | Refusal:
        """Refuse letters outside ASCII."""
        if not given.isascii():
            return Refusal("invalid_parameter", "write {name=…,organization=…}number")
        return super().read_inline(given)


class AcceptDecides(Behaviour):
    """The framework answers in the form that Accept names first, and has a template for HTML."""

    def shape_reply(self, reply: Reply, request: Request, call: Call | None) -> Reply:
        """Return the envelope as a page to whoever asks for one first."""
        shaped = super().shape_reply(reply, request, call)
        wanted = (field_value(request.headers, "accept") or "").partition(",")[0].partition(";")[0].strip().lower()
        if wanted != "text/html":
            return shaped
        page = f"<html><body><pre>{html.escape(shaped.body.decode())}</pre></body></html>"
        return Reply(status=shaped.status, headers=(("Content-Type", "text/html; charset=utf-8"),), body=page.encode())


class OneSegment(Behaviour):
    """What the first read of the socket brings is taken for the whole body."""

    def decode_body(self, body: bytes) -> str | Refusal:
        """Return the text of the first segment."""
        return super().decode_body(body[:_SEGMENT_BYTES])


DEFECTS: tuple[Defect, ...] = (
    row(
        "resolver-needs-full-record",
        "groups",
        "a group_resolver is refused where the user is named by label, extension, DID or e-mail only",
        "combinations/accepted",
        LightRecord,
    ),
    row(
        "pair-refused-with-group",
        "selectors",
        "user_name and user_email together are refused where a group is given",
        "combinations/accepted",
        PairRefusedWithGroup,
    ),
    row(
        "calling-name-comma-eats-timeout",
        "timing",
        "answer_timeout is lost where calling_name holds a comma",
        "timing/answer-timeout",
        CommaEatsTimeout,
        ("callback/never-answers", "the callback comes after 180 seconds"),
    ),
    row(
        "destination-zero-is-outside-line",
        "destination",
        "an extension that begins with 0 leads nowhere as a destination",
        "destination/extension",
        ZeroIsOutsideLine,
    ),
    row(
        "label-in-shift-jis",
        "selectors",
        "a label with letters that Shift_JIS lacks names nobody",
        "selectors/label-unicode",
        LabelInShiftJis,
        ("selectors/user-label", "the label may be one of these"),
    ),
    row(
        "end-user-without-marks",
        "destination",
        "a combining mark or a variation selector in an end_user is refused",
        "destination/end-user-unicode",
        MarksRefused,
    ),
    row(
        "escaped-pairs-refused",
        "robustness",
        "a character outside the basic plane, escaped in the JSON as a pair, is refused",
        "body/json-spelling",
        EscapedPairsRefused,
        ("destination/end-user-unicode", "such a name may be sent escaped"),
    ),
    row(
        "selector-in-any-width",
        "selectors",
        "full-width letters, or hiragana for katakana, in a name, label or e-mail find the user",
        "selectors/look-alike",
        AnyWidth,
    ),
    row(
        "inline-in-ascii",
        "destination",
        "letters outside ASCII in braces are refused",
        "destination/inline",
        InlineInAscii,
        ("destination/end-user-unicode", "the texts in braces are the end user's"),
        ("destination/inline-other-keys", "the texts in braces may be outside ASCII"),
    ),
    row(
        "accept-field-decides",
        "response",
        "whoever accepts text/html first gets the envelope as an HTML page",
        "reply/json-object",
        AcceptDecides,
        ("reply/content-type", "the page is labelled as one"),
    ),
    row(
        "body-in-one-segment",
        "robustness",
        "a body is cut after 1,448 bytes",
        "parameters/all-together",
        OneSegment,
        ("parameters/callback-url", "a URL with a signed token makes a body long"),
        ("callback/url", "a URL with a signed token makes a body long"),
        ("destination/end-user-unicode", "escaped letters make a body long"),
    ),
)
