"""The open points: `spec/open_points.yaml`, what the document leaves open, and what is known besides it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, TypeVar, get_args

from basix_contract.contract._files import spec_file
from basix_contract.contract._yaml import read_yaml
from basix_contract.errors import SpecError

Kind = Literal["open", "erratum"]
Certainty = Literal["read", "inferred", "guessed"]
Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPoint:
    """One place where the document leaves a choice or is mistaken: our question about it, and our reading."""

    id: str
    kind: Kind
    place: str
    question: str
    reading: str
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that is publicly known besides the document."""

    id: str
    fact: str
    seen: str
    certainty: Certainty


@dataclass(frozen=True, slots=True, eq=False)
class OpenPoints:
    """Points and facts by their ids, in the order of the file."""

    points: Mapping[str, OpenPoint] = field(repr=False)
    facts: Mapping[str, Fact] = field(repr=False)


def load_open_points(path: str | Path | None = None) -> OpenPoints:
    """Return the shipped open points, read once for the whole process; with a path, that file, read anew.

    Raises SpecError naming file and entry when something is missing, unknown or given twice.
    """
    return _shipped() if path is None else _read(Path(path))


@cache
def _shipped() -> OpenPoints:
    return _read(spec_file("open_points.yaml"))


def _read(path: Path) -> OpenPoints:
    tree = read_yaml(path)
    if not isinstance(tree, dict) or set(tree) != {"points", "facts"}:
        raise SpecError(f"{path}: must be a mapping with the lists points and facts, and nothing else")
    points = _entries(f"{path}: points", tree["points"], OpenPoint, {"kind": get_args(Kind)})
    facts = _entries(f"{path}: facts", tree["facts"], Fact, {"certainty": get_args(Certainty)})
    return OpenPoints(MappingProxyType(points), MappingProxyType(facts))


def _entries(
    where: str, rows: Any, kind: Callable[..., Entry], choices: Mapping[str, tuple[str, ...]]
) -> dict[str, Entry]:
    if not isinstance(rows, list):
        raise SpecError(f"{where} must be a list")
    entries: dict[str, Entry] = {}
    for number, row in enumerate(rows, 1):
        problem = _problem(row, kind, choices)
        if problem:
            raise SpecError(f"{where}: entry {number}: {problem}")
        if row["id"] in entries:
            raise SpecError(f"{where}: {row['id']} is given twice")
        entries[row["id"]] = kind(**row)
    return entries


def _problem(row: Any, kind: Any, choices: Mapping[str, tuple[str, ...]]) -> str:
    if not isinstance(row, dict):
        return "must be a mapping"
    known = {spot.name: spot.default is MISSING for spot in fields(kind)}
    for key, value in row.items():
        if key not in known:
            return f"unknown key {key} (known here: {', '.join(known)})"
        if not isinstance(value, str) or not value.strip():
            return f"{key} must be a text that is not empty"
        if value not in choices.get(key, (value,)):
            return f"{key} must be one of {', '.join(choices[key])}, not {value}"
    missing = [key for key, is_required in known.items() if is_required and key not in row]
    return f"{missing[0]} is missing" if missing else ""
