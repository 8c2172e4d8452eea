"""Known failures: each names a check, and says why, since when and where that is being followed up."""

from __future__ import annotations

import dataclasses
import datetime as dt
import difflib
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from basix_contract.errors import UsageError
from basix_contract.suite._result import WORST_FIRST, CheckVerdict, RequirementVerdict

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_MEMBERS = ("check", "reason", "date", "link")
_FAILED = ("fail", "warn")


@dataclasses.dataclass(frozen=True, slots=True)
class KnownFailure:
    """One accepted failure; it stays a failure in the score, but not in the exit code."""

    check: str
    reason: str
    date: str
    link: str


def load_known_failing(path: str | Path, checks: Collection[str]) -> tuple[KnownFailure, ...]:
    """Read a known-failing file.

    Raises UsageError for an entry without reason, date or link, and for one that names no check of the role.
    """
    try:
        table = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"the file cannot be read: {error.strerror}", where=str(path)) from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"not valid TOML: {error}", where=str(path)) from None
    unknown = next((key for key in table if key != "known"), "")
    if unknown:
        raise UsageError(f"unknown key {unknown}", where=str(path), fix="entries stand under [[known]]")
    rows = table.get("known", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UsageError("known must be a list of tables", where=str(path), fix="begin each entry with [[known]]")
    return tuple(_entry(row, f"{path}: known[{number}]", checks) for number, row in enumerate(rows))


def _entry(row: Mapping[str, Any], where: str, checks: Collection[str]) -> KnownFailure:
    values = {name: row.get(name, "") for name in _MEMBERS}
    for name, value in values.items():
        is_date = name == "date" and isinstance(value, dt.date)
        if not value or not (isinstance(value, str) or is_date):
            raise UsageError(f"{name} is missing", where=where, fix=f"give {', '.join(_MEMBERS)}")
    strange = next((name for name in row if name not in _MEMBERS), "")
    if strange:
        raise UsageError(f"unknown key {strange}", where=where, fix=f"known here: {', '.join(_MEMBERS)}")
    if values["check"] not in checks:
        near = difflib.get_close_matches(values["check"], checks, n=1)
        raise UsageError(
            f"there is no check {values['check']!r}", where=where, fix=f"did you mean {near[0]!r}?" if near else ""
        )
    return KnownFailure(**{name: str(value) for name, value in values.items()})


def accept_known(
    requirements: tuple[RequirementVerdict, ...], known: tuple[KnownFailure, ...]
) -> tuple[RequirementVerdict, ...]:
    """Turn listed failures into `known-failing`, and listed checks that pass into `fixed-unexpectedly`."""
    listed = {entry.check: entry for entry in known}
    return tuple(_accept(row, listed) for row in requirements)


def _accept(row: RequirementVerdict, listed: Mapping[str, KnownFailure]) -> RequirementVerdict:
    if not any(check.id in listed for check in row.checks):
        return row
    checks = tuple(_accept_check(check, listed.get(check.id)) for check in row.checks)
    lead = min(checks, key=lambda check: WORST_FIRST.index(check.verdict))
    return dataclasses.replace(row, checks=checks, verdict=lead.verdict, detail=lead.detail)


def _accept_check(check: CheckVerdict, entry: KnownFailure | None) -> CheckVerdict:
    if entry is None:
        return check
    if check.verdict in _FAILED:
        said = f"{check.detail} (known since {entry.date}: {entry.reason}, {entry.link})"
        return dataclasses.replace(check, verdict="known-failing", detail=said)
    if check.verdict == "pass":
        said = f"listed as known-failing since {entry.date}, but it passes: take it off the list"
        return dataclasses.replace(check, verdict="fixed-unexpectedly", detail=said)
    return check
