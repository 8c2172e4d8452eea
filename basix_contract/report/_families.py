"""Families: the first part of a check's id sorts requirements into what they are about."""

from __future__ import annotations

from collections.abc import Iterable

from basix_contract.suite import RequirementVerdict

UNJUDGED = "unjudged"
"""The family of a requirement that no check judges."""


def family_of(row: RequirementVerdict) -> str:
    """Return the family of a requirement: that of its first check."""
    return row.checks[0].id.partition("/")[0] if row.checks else UNJUDGED


def by_family(
    rows: Iterable[RequirementVerdict],
) -> tuple[tuple[str, tuple[RequirementVerdict, ...]], ...]:
    """Return families with their requirements, both in the order in which they first come."""
    sorted_in: dict[str, list[RequirementVerdict]] = {}
    for row in rows:
        sorted_in.setdefault(family_of(row), []).append(row)
    return tuple((family, tuple(found)) for family, found in sorted_in.items())
