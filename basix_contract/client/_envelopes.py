"""Bytes to what they tell: the body of a reply or a callback is a success, an error, or breaks the contract.

Whatever the bytes are, `read` returns; it never raises. Members beyond the documented ones are passed over, and items
of a list are names to be handed on as they came (A57); the deciding code is taken strictly: in Python `False == 0`.
Generated tables say what is read.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, NoReturn

from basix_contract.messages import Violation

_MISSING: Any = object()
_FINITE = 2.0**53


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One value of an envelope: the name it goes by, the way to it, and what it has to be."""

    name: str
    path: tuple[str, ...]
    wanted: str
    kind: type[Any]
    items: type[Any] | None = None
    shortest: int = 0
    pattern: str = ""
    is_required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What an envelope holds when it is a success, or when it is an error; `make` turns its parts into a value."""

    make: Callable[..., Any]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A kind of body in which one member decides between success and error."""

    subject: str
    decider: str
    success_code: int
    success: Shape
    failure: Shape


class Reading(NamedTuple):
    """What became of a body: the value it holds, or why it holds none. `code` is None where it was not to be read."""

    value: Any
    code: int | None
    violations: tuple[Violation, ...] = ()


class _Members(dict[str, Any]):
    """A JSON object in which a name stood more than once."""

    repeated: frozenset[str] = frozenset()


def read(envelope: Envelope, raw: bytes) -> Reading:
    """Return what the body tells."""
    body, violation = _parsed(envelope, raw)
    if violation is not None:
        return Reading(None, None, (violation,))
    code = _whole(body.get(envelope.decider, _MISSING))
    if code is None:
        return Reading(None, None, (_bad_code(envelope, body),))
    shape = envelope.success if code == envelope.success_code else envelope.failure
    members = {**body, envelope.decider: code}
    taken = {part.name: _taken(members, part) for part in shape.parts}
    found = tuple(violation for violation in taken.values() if isinstance(violation, Violation))
    return Reading(None, code, found) if found else Reading(shape.make(**taken), code)


def _parsed(envelope: Envelope, raw: bytes) -> tuple[Mapping[str, Any], Violation | None]:
    try:
        body = _DECODER.decode(raw.decode().removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return {}, Violation("", f"it is not JSON{_look_of(raw)}", "json")
    if not isinstance(body, dict):
        return {}, Violation("", "it is JSON, but not an object", "type")
    if isinstance(body, _Members) and body.repeated & _names_of(envelope):
        name = min(body.repeated & _names_of(envelope))
        return {}, Violation(f"/{name}", f"{name} stands in it more than once", "repeated")
    return body, None


def _names_of(envelope: Envelope) -> set[str]:
    parts = (*envelope.success.parts, *envelope.failure.parts)
    return {envelope.decider, *(part.path[0] for part in parts)}


def _look_of(raw: bytes) -> str:
    """Say what it looks like, and repeat nothing of it."""
    start = raw.lstrip()[:20].lower()
    if not start:
        return ": it is empty"
    if start.startswith((b"<!doctype", b"<html", b"<head", b"<?xml", b"<")):
        return ": it looks like a page of HTML or XML"
    return ": it begins like JSON, and may be cut short" if start.startswith(b"{") else ""


def _whole(code: Any) -> int | None:
    """Read a code as JSON Schema's `integer` does, save that 0.0 is no 0 (A54)."""
    if type(code) is int:
        return code
    is_whole = type(code) is float and 0 < abs(code) < _FINITE and code.is_integer()
    return int(code) if is_whole else None


def _bad_code(envelope: Envelope, body: Mapping[str, Any]) -> Violation:
    name = envelope.decider
    if name not in body:
        text = f"{name} is missing: {envelope.success_code} tells a success, any other whole number an error"
        return Violation(f"/{name}", text, "required")
    return Violation(f"/{name}", f"{name} must be a whole number", "type")


def _taken(body: Mapping[str, Any], part: Part) -> Any:
    value: Any = body
    for step in part.path:
        value = value.get(step, _MISSING) if isinstance(value, Mapping) else _MISSING
        if value is _MISSING:
            break
    pointer, name = "".join(f"/{step}" for step in part.path), ".".join(part.path)
    if value is _MISSING:
        return Violation(pointer, f"{name} is missing: it is {part.wanted}", "required") if part.is_required else None
    if not _fits(part, value):
        return Violation(pointer, f"{name} must be {part.wanted}", "type")
    return tuple(value) if part.items else value


def _fits(part: Part, value: Any) -> bool:
    if type(value) is not part.kind:
        return False
    if isinstance(value, str):
        return len(value) >= part.shortest and (not part.pattern or re.search(part.pattern, value) is not None)
    if part.items is not None:
        return len(value) >= part.shortest and all(type(item) is part.items for item in value)
    return True


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    counted = Counter(name for name, _ in pairs)
    kept = _Members(members)
    kept.repeated = frozenset(name for name, times in counted.items() if times > 1)
    return kept


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_no_constant)
