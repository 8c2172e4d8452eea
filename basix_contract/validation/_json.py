"""JSON as it came over the wire: one reader, strict where RFC 8259 is, with open points as data."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, NoReturn

# Far beyond the contract's four levels, and well within what both engines can walk.
_MAX_DEPTH = 100
_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedJson:
    """What a body holds, or in `problem` why it is not JSON.

    Whether a repeated key or a byte order mark is a fault is open: they are reported, never a problem. Of a
    repeated key the last value counts.
    """

    value: Any = None
    problem: str = ""
    duplicate_keys: tuple[str, ...] = ()
    has_byte_order_mark: bool = False


class _NotJson(ValueError):
    """What is wrong, as one clause."""


def parse_json(body: bytes) -> ParsedJson:
    """Read a body as JSON text in UTF-8; never raises.

    NaN, Infinity, numbers that no double or integer can hold, and more than 100 levels are problems.
    """
    repeated: dict[str, None] = {}

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            counted = Counter(key for key, _ in pairs)
            repeated.update((key, None) for key, times in counted.items() if times > 1)
        return found

    try:
        text = _decoded(body)
        value = json.loads(
            text.removeprefix(_BYTE_ORDER_MARK),
            object_pairs_hook=members,
            parse_constant=_no_constant,
            parse_float=_finite,
            parse_int=_integer,
        )
        _ensure_shallow(body, value)
    except json.JSONDecodeError as error:
        return ParsedJson(problem=_located(error))
    except _NotJson as error:
        return ParsedJson(problem=str(error))
    except RecursionError:
        return ParsedJson(problem=_TOO_DEEP)
    return ParsedJson(
        value=value,
        duplicate_keys=tuple(repeated),
        has_byte_order_mark=text.startswith(_BYTE_ORDER_MARK),
    )


_TOO_DEEP = f"it is nested more than {_MAX_DEPTH} levels deep"


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _NotJson(f"it is not UTF-8: byte 0x{body[error.start]:02x} at offset {error.start}") from None


def _no_constant(word: str) -> NoReturn:
    raise _NotJson(f"{word} is not a JSON number")


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise _NotJson(f"the number {digits[:20]} is too large to be read")
    return number


def _integer(digits: str) -> int:
    try:
        return int(digits)
    except ValueError:
        raise _NotJson(f"the number {digits[:20]}… is too long to be read") from None


def _ensure_shallow(body: bytes, value: Any) -> None:
    if body.count(b"[") + body.count(b"{") <= _MAX_DEPTH:
        return
    level = [value]
    for _ in range(_MAX_DEPTH + 1):
        level = list(chain.from_iterable(map(_inside, level)))
    if level:
        raise _NotJson(_TOO_DEEP)


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _located(error: json.JSONDecodeError) -> str:
    reason = error.msg[:1].lower() + error.msg[1:]
    near = error.doc[max(error.pos - 10, 0) : error.pos + 20]
    place = f"line {error.lineno}, column {error.colno}"
    return f"{reason} at {place}" + (f", near {shown(near)}" if near.strip() else "")


def shown(value: Any, limit: int = 80) -> str:
    """Return a value as JSON text that can be printed, at most `limit` characters long."""
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        text = f"a value of Python type {type(value).__name__}"
    text = "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in text[: limit + 1])
    return text if len(text) <= limit else text[: limit - 1] + "…"


def tamed(value: Any, depth: int = _MAX_DEPTH) -> Any:
    """Return a value as near to this one as JSON can say, for an engine that cannot take it as it is.

    Lone surrogates become U+FFFD, what is no JSON becomes null, members without a text name and deeper
    levels are cut off. The verdict of a schema that looks at four levels and allows null nowhere stays.
    """
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if value is None or isinstance(value, bool | int | float):
        return value
    if depth and isinstance(value, Mapping):
        return {tamed(key): tamed(item, depth - 1) for key, item in value.items() if isinstance(key, str)}
    if depth and isinstance(value, list | tuple):
        return [tamed(item, depth - 1) for item in value]
    return None
