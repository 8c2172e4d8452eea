"""Defects of reading JSON: one object, spelled one way or another, means one thing or another."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._call import CallRequest
from basix_contract.mock._defects._defect import Defect
from basix_contract.mock._exchange import Refusal

_BLANKS = " \t\r\n"
_NAME_AND_BLANK = re.compile(r'"((?:[^"\\]|\\.)*)": ')
_PLAIN_NAME = re.compile(r'"([^"\\]*)"\s*:')
_CAPITAL_HEX = re.compile(r"\\u[0-9a-fA-F]{0,3}[A-F]")


class BlankExpected(Behaviour):
    """Members are found by a pattern with a blank behind the colon."""

    def parse_json(self, text: str) -> Any:
        """Drop what the pattern does not find."""
        found = set(_NAME_AND_BLANK.findall(text))
        return _members(super().parse_json(text), lambda name: json.dumps(name)[1:-1] in found)


class NamesUnescaped(Behaviour):
    """Escapes are undone in values, but not in names."""

    def parse_json(self, text: str) -> Any:
        """Drop members whose name is written with them."""
        found = set(_PLAIN_NAME.findall(text))
        return _members(super().parse_json(text), found.__contains__)


class SlashesKept(Behaviour):
    r"""The escape \/ is passed on as it stands."""

    def parse_json(self, text: str) -> Any:
        """Keep the backslash."""
        return super().parse_json(text.replace("\\/", "\\\\/"))


class CapitalHexRefused(Behaviour):
    """Escapes are read by a table of hexadecimal digits, which has small letters only."""

    def parse_json(self, text: str) -> Any:
        """Refuse a capital in an escape."""
        if _CAPITAL_HEX.search(text):
            return Refusal("invalid_json", "a wrong escape")
        return super().parse_json(text)


class CarriageReturnRefused(Behaviour):
    """Control characters are refused wherever they stand."""

    def parse_json(self, text: str) -> Any:
        """Take a CR for one."""
        return Refusal("invalid_json", "a control character") if "\r" in text else super().parse_json(text)


class BlanksInFrontRefused(Behaviour):
    """The first byte decides whether a body is JSON."""

    def parse_json(self, text: str) -> Any:
        """Take no body that begins with a blank."""
        return Refusal("invalid_json", "no object") if text[:1] in _BLANKS else super().parse_json(text)


class LineEndRefused(Behaviour):
    """The last byte must be the brace."""

    def parse_json(self, text: str) -> Any:
        """Take no body that ends with a line end."""
        return Refusal("invalid_json", "not closed") if text.endswith("\n") else super().parse_json(text)


class Latin1Bodies(Behaviour):
    """A body without a charset is read as HTTP/1.0 had it."""

    def decode_body(self, body: bytes) -> str | Refusal:
        """Read it as Latin-1."""
        return body.decode("latin-1")


class SelectorComesFirst(Behaviour):
    """The body is read as a stream, and the call starts with the destination."""

    def read_object(self, value: Any) -> dict[str, Any] | Refusal:
        """Overlook user selectors behind it."""
        body = super().read_object(value)
        if isinstance(body, Refusal) or "destination" not in body:
            return body
        late = list(body)[list(body).index("destination") :]
        return {
            name: given for name, given in body.items() if name not in late or name not in self.words.user_selectors
        }


class NameForNumbersOnly(Behaviour):
    """calling_name is taken for part of a call to the outside."""

    def check_limits(self, request: CallRequest) -> Refusal | None:
        """Refuse it beside any other destination."""
        if request.calling_name and request.destination.kind != "pstn":
            return Refusal("invalid_parameter", "calling_name goes with a telephone number")
        return super().check_limits(request)


def _members(parsed: Any, is_found: Callable[[str], bool]) -> Any:
    """Keep the members of an object that are found."""
    return {name: value for name, value in parsed.items() if is_found(name)} if isinstance(parsed, dict) else parsed


def _defect(id_: str, summary: str, behaviour: type[Behaviour]) -> Defect:
    return Defect(id=id_, family="robustness", summary=summary, kills="body/json-spelling", behaviour=behaviour)


DEFECTS: tuple[Defect, ...] = (
    _defect("blank-expected", "members without a blank behind the colon are not found", BlankExpected),
    _defect("names-unescaped", "escapes in names of members are not undone", NamesUnescaped),
    _defect("slashes-kept", r"the escape \/ stays in the value", SlashesKept),
    _defect("hex-in-capitals-refused", "capitals in a \\u escape are refused", CapitalHexRefused),
    _defect("carriage-return-refused", "a CR between members is refused", CarriageReturnRefused),
    _defect("blanks-in-front-refused", "blanks before the object are refused", BlanksInFrontRefused),
    _defect("line-end-refused", "a line end behind the object is refused", LineEndRefused),
    _defect("bodies-in-latin-1", "letters outside ASCII are read as Latin-1", Latin1Bodies),
    _defect("selector-comes-first", "a user selector behind the destination is overlooked", SelectorComesFirst),
    Defect(
        id="calling-name-for-numbers-only",
        family="parameters",
        summary="calling_name is refused where the destination is no telephone number",
        kills="examples/accepted",
        behaviour=NameForNumbersOnly,
    ),
)
