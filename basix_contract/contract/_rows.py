"""The rows of the ledger file, read strictly: a key, type or part that is not right is a SpecError."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args

from basix_contract.contract._yaml import read_yaml
from basix_contract.errors import SpecError

Side = Literal["server", "client", "receiver"]
Level = Literal["MUST", "SHOULD", "OBSERVE", "ADVICE"]
Reason = Literal["not-observable", "out-of-contract", "needs-a-person"]

_OUTCOMES = ("checks", "excluded", "pending")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read what the document leaves open."""

    reading: str
    is_allowed: bool
    is_taken_by_mock: bool


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Why no check judges a requirement; `asks` is the question to a person who watches the telephones."""

    reason: Reason
    why: str
    asks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One row of the ledger; exactly one of `checks`, `excluded` and `pending` is set."""

    id: str
    role: Side
    level: Level
    statement: str
    source: tuple[str, ...]
    readings: tuple[Reading, ...] = ()
    checks: tuple[str, ...] = ()
    excluded: Exclusion | None = None
    pending: str = ""
    needs: tuple[str, ...] = ()
    since: str


class _Bad(Exception):
    """What is wrong with a value; the caller knows where it stands."""


def read_rows(path: Path) -> tuple[str, tuple[Requirement, ...]]:
    """Return contract version and rows of a ledger file; raises SpecError naming file and row."""
    try:
        top = _table(read_yaml(path), _TOP, "")
    except _Bad as problem:
        raise SpecError(f"{path}: {problem}") from None
    return top["contract"], tuple(_row(path, number, row) for number, row in enumerate(top["requirements"], 1))


def _row(path: Path, number: int, row: object) -> Requirement:
    named = row.get("id") if isinstance(row, dict) else None
    try:
        return Requirement(**_one_outcome(_table(row, _ROW, "")))
    except _Bad as problem:
        raise SpecError(f"{path}: {named or f'row {number}'}: {problem}") from None


def _one_outcome(values: dict[str, Any]) -> dict[str, Any]:
    given = [key for key in _OUTCOMES if key in values]
    if len(given) != 1:
        raise _Bad(f"exactly one of {', '.join(_OUTCOMES)} must be given, not {' and '.join(given) or 'none'}")
    return values


def _table(value: object, kind: _Kind, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _Bad(f"{where or 'it'} must be a mapping")
    for key in value:
        if key not in kind.parts:
            raise _Bad(f"unknown key {_join(where, key)}{_hint(key, kind.parts)}")
    for key in kind.required:
        if key not in value:
            raise _Bad(f"{_join(where, key)} is missing")
    return {key: kind.parts[key](item, _join(where, key)) for key, item in value.items()}


def _hint(key: str, known: Mapping[str, object]) -> str:
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    return f" (did you mean {near[0]}?)" if near else f" (known here: {', '.join(known)})"


def _join(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key


def _text(value: object, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _Bad(f"{where} must be a text that is not empty")
    return value.strip()


def _flag(value: object, where: str) -> bool:
    if not isinstance(value, bool):
        raise _Bad(f"{where} must be true or false")
    return value


def _one_of(choices: tuple[str, ...]) -> _Reader:
    def read(value: object, where: str) -> str:
        if value not in choices:
            raise _Bad(f"{where} must be one of {', '.join(choices)}, not {value!r}")
        return str(value)

    return read


def _shaped(pattern: str, example: str) -> _Reader:
    def read(value: object, where: str) -> str:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise _Bad(f"{where} must be text like {example}, not {value!r}")
        return value

    return read


def _list_of(reader: _Reader) -> _Reader:
    def read(value: object, where: str) -> tuple[Any, ...]:
        if not isinstance(value, list) or not value:
            raise _Bad(f"{where} must be a list that is not empty")
        items = tuple(reader(item, f"{where}[{index}]") for index, item in enumerate(value))
        for repeated in _repeated(items):
            raise _Bad(f"{where} names {repeated} twice")
        return items

    return read


def _repeated(items: tuple[Any, ...]) -> Iterator[Any]:
    return (item for index, item in enumerate(items) if item in items[:index])


def _reading(value: object, where: str) -> Reading:
    table = _table(value, _READING, where)
    is_allowed, is_taken = table.get("allowed", True), table.get("mock", False)
    if is_taken and not is_allowed:
        raise _Bad(f"{where}: the mock takes a reading that is not allowed")
    return Reading(table["reading"], is_allowed, is_taken)


def _readings(value: object, where: str) -> tuple[Reading, ...]:
    readings: tuple[Reading, ...] = _list_of(_reading)(value, where)
    if sum(reading.is_taken_by_mock for reading in readings) > 1:
        raise _Bad(f"{where}: the mock can take one reading only")
    return readings


def _exclusion(value: object, where: str) -> Exclusion:
    exclusion = Exclusion(**_table(value, _EXCLUSION, where))
    if exclusion.asks and exclusion.reason != "needs-a-person":
        raise _Bad(f"{where}.asks is for needs-a-person only")
    return exclusion


def _rows(value: object, where: str) -> list[object]:
    if not isinstance(value, list) or not value:
        raise _Bad(f"{where} must be a list of rows")
    return value


_Reader = Callable[[object, str], Any]


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a mapping may hold, and what it must."""

    required: tuple[str, ...]
    parts: Mapping[str, _Reader]


_ID = _shaped(r"CU-\d{3}", "CU-001")

_TOP = _Kind(
    ("contract", "requirements"),
    MappingProxyType({"contract": _shaped(r"\d+\.\d+\.\d+", '"1.0.0"'), "requirements": _rows}),
)
_READING = _Kind(("reading",), MappingProxyType({"reading": _text, "allowed": _flag, "mock": _flag}))
_EXCLUSION = _Kind(
    ("reason", "why"), MappingProxyType({"reason": _one_of(get_args(Reason)), "why": _text, "asks": _text})
)
_ROW = _Kind(
    ("id", "role", "level", "statement", "source", "since"),
    MappingProxyType(
        {
            "id": _ID,
            "role": _one_of(get_args(Side)),
            "level": _one_of(get_args(Level)),
            "statement": _text,
            "source": _list_of(_text),
            "readings": _readings,
            "checks": _list_of(_text),
            "excluded": _exclusion,
            "pending": _text,
            "needs": _list_of(_ID),
            "since": _shaped(r"\d+\.\d+", '"1.0"'),
        }
    ),
)
