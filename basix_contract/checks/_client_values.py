"""What a documented parameter may look like on the wire, and when a value that arrived is the one that was given."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from basix_contract.contract import load_document

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from basix_contract.contract import Parameter

Kind = Literal["digits", "number", "flag", "choice", "destination", "url", "text"]

EMPTY: tuple[Any, ...] = (None, "")
_URL = "callback_url"
_FLAGS: Mapping[bool, tuple[Any, ...]] = {True: (True, "true", 1), False: (False, "false", 0)}
_END_USER, _ID = "end_user", "id"


@cache
def kinds() -> Mapping[str, Kind]:
    """Return the kind of every documented parameter, in the order of the document."""
    return {parameter.name: _kind(parameter) for parameter in load_document().parameters}


def _kind(parameter: Parameter) -> Kind:
    if parameter.role == "destination":
        return "destination"
    if parameter.name == _URL:
        return "url"
    if "enum" in parameter.schema:
        return "choice"
    types = parameter.schema.get("type")
    named: Mapping[object, Kind] = {"integer": "number", "boolean": "flag", "string": "text"}
    return named.get(types, "digits") if isinstance(types, str) else "digits"


@cache
def defaults() -> Mapping[str, Any]:
    """Return the documented defaults by parameter."""
    return {item.name: item.default for item in load_document().parameters if item.default is not None}


@cache
def members_of(component: str) -> Mapping[str, Any]:
    """Return the documented members of an object of the document."""
    found: Mapping[str, Any] = load_document().schema(component)["properties"]
    return found


def is_same(kind: Kind, given: Any, sent: Any) -> bool:
    """Tell whether a value that arrived is the one that was given, in a spelling that the document leaves open."""
    return _SAME[kind](given, sent)


def _same_text(given: Any, sent: Any) -> bool:
    return isinstance(sent, str) and sent == given


def _same_digits(given: Any, sent: Any) -> bool:
    return is_code(sent) and digits_of(sent) == digits_of(given)


def _same_number(given: Any, sent: Any) -> bool:
    return is_whole(sent) and digits_of(sent) == digits_of(given)


def _same_flag(given: Any, sent: Any) -> bool:
    return any(type(sent) is type(way) and sent == way for way in _FLAGS[bool(given)])


_SAME: Mapping[Kind, Callable[[Any, Any], bool]] = {
    "digits": _same_digits,
    "number": _same_number,
    "flag": _same_flag,
    "choice": _same_text,
    "url": _same_text,
    "text": _same_text,
}


def digits_of(value: Any) -> str:
    """Return a number as its digits, a text as it is."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def is_code(value: Any) -> bool:
    """Tell whether a value can stand for an id, an extension or a DID: text, or a whole number."""
    return isinstance(value, str) or is_whole_number(value)


def is_whole(value: Any) -> bool:
    """Tell whether a value can stand for a number of seconds: a positive whole number, or its digits."""
    if isinstance(value, str):
        return value.isascii() and value.isdigit() and int(value) > 0
    return is_whole_number(value) and value > 0


def is_whole_number(value: Any) -> bool:
    """Tell whether a JSON number has no fraction; booleans are no numbers."""
    return type(value) is int or (type(value) is float and value.is_integer())


def is_named(value: Any) -> bool:
    """Tell whether a selector names somebody: it is there, and neither null nor empty."""
    return is_code(value) and value not in EMPTY


def wrong_kind(name: str, value: Any) -> str:
    """Say why a value is of no kind that the document allows or leaves open; empty when it is of one."""
    kind = kinds()[name]
    if value in EMPTY:
        return ""
    if kind == "destination":
        return _wrong_destination(value)
    return "" if _KINDS[kind](value) else f"{name} is {_shown(value)}"


def _is_flag(value: Any) -> bool:
    return any(_same_flag(way, value) for way in (True, False))


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


_KINDS: Mapping[Kind, Callable[[Any], bool]] = {
    "digits": is_code,
    "number": is_whole,
    "flag": _is_flag,
    "choice": _is_text,
    "url": _is_text,
    "text": _is_text,
}


def _wrong_destination(value: Any) -> str:
    if isinstance(value, str):
        return ""
    if not isinstance(value, dict):
        return f"destination is {_shown(value)}"
    for name in members_of("DestinationObject"):
        found = value.get(name)
        if found is not None and name != _END_USER and not isinstance(found, str):
            return f"destination.{name} is {_shown(found)}"
    return _wrong_end_user(value.get(_END_USER))


def _wrong_end_user(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, dict):
        return f"destination.end_user is {_shown(value)}"
    for name in members_of("EndUser"):
        found = value.get(name)
        is_good = is_code(found) if name == _ID else isinstance(found, str)
        if found is not None and not is_good:
            return f"destination.end_user.{name} is {_shown(found)}"
    return ""


def _shown(value: Any) -> str:
    kinds_of = {list: "a list", dict: "an object", bool: "a boolean", str: "other text"}
    return kinds_of.get(type(value), f"{value!r}")
