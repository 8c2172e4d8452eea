"""What a defect is: one fault of an otherwise correct PBX, and the checks it must be caught by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from basix_contract.mock._behaviour import Behaviour

Family = Literal[
    "response",
    "selectors",
    "groups",
    "destination",
    "parameters",
    "auth",
    "callback",
    "uuids",
    "limits",
    "robustness",
    "state",
    "concurrency",
    "timing",
]
FAMILIES: tuple[str, ...] = get_args(Family)


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    """One realistic fault, named in kebab-case.

    `kills` is the check that must fail; `also` lists up to three that may fail with it, each with the reason.
    The fault is a subclass of `Behaviour` that overrides one decision, or a change of settings no PBX should
    have.
    """

    id: str
    family: Family
    summary: str
    kills: str
    also: tuple[tuple[str, str], ...] = ()
    behaviour: type[Behaviour] = Behaviour
    settings: Mapping[str, Any] = field(default_factory=dict, hash=False)


def row(
    id_: str, family: Family, summary: str, kills: str, behaviour: type[Behaviour], *also: tuple[str, str]
) -> Defect:
    """Return a defect that is one behaviour, written as a row of a table."""
    return Defect(id=id_, family=family, summary=summary, kills=kills, also=also, behaviour=behaviour)
