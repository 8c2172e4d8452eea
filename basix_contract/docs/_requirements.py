"""The pages of the ledger: every requirement with what judges and what proves it, and the open points to be sent."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from basix_contract.contract import Ledger, OpenPoint, Requirement
from basix_contract.docs._shapes import Schema
from basix_contract.docs._sources import Sources
from basix_contract.docs._templates import Ready, escaped
from basix_contract.mock import DEFECTS

# The flawed clients and receivers stand among the tests; `make generate` lists them here.
_FLAWED = Path(__file__).resolve().parent / "_generated" / "flawed.json"

_ROLES = {
    "server": ("Servers", "What a PBX does."),
    "client": ("Clients", "What a program that places calls does."),
    "receiver": ("Receivers", "What an application that takes callbacks does."),
}
LEVELS = {
    "MUST": "broken, it is a fail: the implementation does not conform",
    "SHOULD": "broken, it is a warning: the implementation may conform all the same",
    "OBSERVE": "left open: what is seen is recorded and never judged",
    "ADVICE": "advice to clients, reported apart and never scored",
}
REASONS = {
    "not-observable": "nothing that goes over the wire shows it",
    "out-of-contract": "it belongs to another interface",
    "needs-a-person": "somebody has to look or listen",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One fault that makes a check fail: its name, and what it does."""

    name: str
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One requirement as it is shown."""

    row: Requirement
    sources: Ready
    checks: tuple[tuple[str, tuple[Proof, ...]], ...]
    needed_by: tuple[Requirement, ...]


def requirements_page(sources: Sources) -> dict[str, Any]:
    """Return what the template of the requirements page is given."""
    ledger = sources.ledger
    proofs = _proofs()
    return {
        "contract": ledger.contract,
        "total": len(ledger),
        "checked": sum(bool(row.checks) for row in ledger),
        "levels": LEVELS,
        "reasons": REASONS,
        "roles": [
            (title, about, [_entry(sources, row, proofs) for row in ledger.for_role(role)])
            for role, (title, about) in _ROLES.items()
        ],
    }


def open_points_page(sources: Sources) -> dict[str, Any]:
    """Return what the template of the open points page is given."""
    known = sources.open_points
    return {
        "errata": [_told(sources, point) for point in known.points.values() if point.kind == "erratum"],
        "questions": [_told(sources, point) for point in known.points.values() if point.kind == "open"],
        "facts": [(fact, _naming(sources.ledger, fact.id)) for fact in known.facts.values()],
    }


def _entry(sources: Sources, row: Requirement, proofs: Mapping[str, list[Proof]]) -> Entry:
    return Entry(
        row=row,
        sources=Ready("; ".join(_linked(sources, source) for source in row.source)),
        checks=tuple((check, tuple(proofs.get(check, ()))) for check in row.checks),
        needed_by=tuple(other for other in sources.ledger if row.id in other.needs),
    )


def _linked(sources: Sources, source: str) -> str:
    known = {**sources.open_points.points, **sources.open_points.facts}
    return f"[{source}](open-points.md#{source})" if source in known else escaped(source)


def _told(sources: Sources, point: OpenPoint) -> tuple[OpenPoint, tuple[Requirement, ...], tuple[str, ...]]:
    return point, _naming(sources.ledger, point.id), tuple(dict.fromkeys(_places(sources.document.raw, point.id)))


def _naming(ledger: Ledger, id_: str) -> tuple[Requirement, ...]:
    return tuple(row for row in ledger if id_ in row.source)


def _places(tree: Any, id_: str, name: str = "") -> Iterator[str]:
    """Yield the name of each thing in the document that a point is about."""
    if isinstance(tree, Mapping):
        if id_ in tree.get("x-basix-open-points", ()):
            yield name
        for key, value in tree.items():
            yield from _places(value, id_, _name(key, value, name))


def _name(key: str, value: Any, outer: str) -> str:
    """Name a schema, an operation or a response; what stands around them has no name of its own."""
    if isinstance(value, Mapping):
        told: Schema = value
        return str(told.get("operationId", key if "description" in told else outer))
    return outer


def _proofs() -> Mapping[str, list[Proof]]:
    proofs: dict[str, list[Proof]] = {}
    for defect in DEFECTS.values():
        proofs.setdefault(defect.kills, []).append(Proof(name=defect.id, summary=defect.summary))
    for flaw in _flawed():
        proofs.setdefault(flaw["kills"], []).append(Proof(name=flaw["id"], summary=flaw["title"]))
    return proofs


@cache
def _flawed() -> tuple[Mapping[str, str], ...]:
    return tuple(json.loads(_FLAWED.read_text("utf-8")))
