"""`explain` and `requirements`: the ledger, as text and as JSON."""

from __future__ import annotations

import dataclasses
import textwrap
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from basix_contract.contract import Ledger, Reading, Requirement

_WIDTH = 96
_MARGIN = 11

_LEVELS: Mapping[str, str] = MappingProxyType(
    {
        "MUST": "broken, it is a fail: the implementation does not conform",
        "SHOULD": "broken, it is a warning: the implementation may conform all the same",
        "OBSERVE": "left open: what is seen is recorded and never judged",
        "ADVICE": "advice to clients, reported apart and never scored",
    }
)


def explain_text(ledger: Ledger, row: Requirement) -> str:
    """Return everything the ledger holds about one requirement, as text."""
    lines = [f"{row.id}  {row.level}  {row.role}, since contract {row.since}", ""]
    lines += textwrap.wrap(row.statement, _WIDTH, initial_indent="  ", subsequent_indent="  ")
    lines.append("")
    for label, items in _parts(ledger, row):
        lines += _labelled(label, items)
    return "\n".join(lines) + "\n"


def _parts(ledger: Ledger, row: Requirement) -> Iterator[tuple[str, list[str]]]:
    yield "level", [_LEVELS[row.level]]
    yield "source", ["; ".join(row.source)]
    yield "readings", [_reading(reading) for reading in row.readings]
    yield "judged by", [_judges(row)]
    yield "needs", [_reference(ledger.by_id(need)) for need in row.needs]
    yield "needed by", [_reference(other) for other in ledger if row.id in other.needs]


def _reading(reading: Reading) -> str:
    passes = "passes" if reading.is_allowed else "breaks it"
    return f"{reading.reading}: {passes}" + (", and is what our mock does" if reading.is_taken_by_mock else "")


def _judges(row: Requirement) -> str:
    if row.excluded is not None and row.excluded.asks:
        return f"a person who watches a live run: {row.excluded.asks}"
    if row.excluded is not None:
        return f"nothing ({row.excluded.reason}): {row.excluded.why}"
    return ", ".join(row.checks) or f"nothing yet: the {row.pending} will bring its checks"


def _reference(row: Requirement) -> str:
    return f"{row.id}  {row.statement}"


def _labelled(label: str, items: list[str]) -> list[str]:
    lines: list[str] = []
    for item in items:
        lines += textwrap.wrap(item, _WIDTH - _MARGIN, subsequent_indent="  ")
    return [f"{label if not at else '':<{_MARGIN}}{line}" for at, line in enumerate(lines)]


def ledger_text(rows: tuple[Requirement, ...]) -> str:
    """Return one line for each requirement: id, role, level, statement."""
    return "".join(f"{row.id}  {row.role:<8}  {row.level:<7}  {row.statement}\n" for row in rows)


def ledger_members(ledger: Ledger, rows: tuple[Requirement, ...]) -> dict[str, Any]:
    """Return the requirements as members of a JSON object, with everything the ledger holds about them."""
    return {"contract": ledger.contract, "requirements": [_members(row) for row in rows]}


def _members(row: Requirement) -> dict[str, Any]:
    return {
        "id": row.id,
        "role": row.role,
        "level": row.level,
        "statement": row.statement,
        "source": list(row.source),
        "readings": [
            {"reading": item.reading, "allowed": item.is_allowed, "mock": item.is_taken_by_mock}
            for item in row.readings
        ],
        "checks": list(row.checks),
        "excluded": dataclasses.asdict(row.excluded) if row.excluded else None,
        "pending": row.pending,
        "needs": list(row.needs),
        "since": row.since,
    }
