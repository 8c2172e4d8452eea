"""What one check found: a status, a sentence and the exchanges that show it. No levels, no scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

Status = Literal["broken", "ambiguous", "not-testable", "observed", "held"]

_WORST_FIRST: tuple[Status, ...] = ("broken", "ambiguous", "not-testable", "observed", "held")
_MOST_SENTENCES = 4


@dataclass(frozen=True, slots=True)
class Finding:
    """One judgement with its evidence (exchange ids, in the order they were sent)."""

    status: Status
    detail: str = ""
    evidence: tuple[str, ...] = ()


def held(*evidence: str, detail: str = "") -> Finding:
    """The requirement was seen to hold in these exchanges."""
    return Finding("held", detail, evidence)


def broken(detail: str, *evidence: str) -> Finding:
    """The requirement was seen broken in these exchanges."""
    return Finding("broken", detail, evidence)


def ambiguous(detail: str, *evidence: str) -> Finding:
    """A request left and what came of it cannot be known."""
    return Finding("ambiguous", detail, evidence)


def untestable(detail: str, *evidence: str) -> Finding:
    """A prerequisite is missing; never green."""
    return Finding("not-testable", detail, evidence)


def observed(detail: str, *evidence: str) -> Finding:
    """Something the document leaves open was seen and is recorded."""
    return Finding("observed", detail, evidence)


def worst(findings: Iterable[Finding], *, nothing: str) -> Finding:
    """Fold findings into the worst of them.

    One finding outweighs missing data elsewhere: not-testable is kept only where nothing was held or
    observed. `nothing` is the sentence for an empty list.
    """
    listed = list(findings)
    if not listed:
        return untestable(nothing)
    statuses = {finding.status for finding in listed}
    ranked: list[Status] = [status for status in _WORST_FIRST if status in statuses]
    status: Status = ranked[1] if ranked[0] == "not-testable" and len(ranked) > 1 else ranked[0]
    same = [finding for finding in listed if finding.status == status]
    return Finding(
        status, _sentences(same), tuple(dict.fromkeys(spot for finding in same for spot in finding.evidence))
    )


def _sentences(findings: list[Finding]) -> str:
    said = list(dict.fromkeys(finding.detail for finding in findings if finding.detail))
    more = len(said) - _MOST_SENTENCES
    return "; ".join(said[:_MOST_SENTENCES]) + (f"; and {more} more" if more > 0 else "")
