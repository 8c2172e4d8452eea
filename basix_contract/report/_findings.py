"""What did not hold, put in order: the worst first, causes before consequences, together what has one cause."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from basix_contract.suite import WORST_FIRST, RequirementVerdict, Verdict

_GOOD: tuple[Verdict, ...] = ("pass", "observed")
_CONSEQUENCE = re.compile(r"because (CU-\d{3}) does not hold")


@dataclass(frozen=True, slots=True)
class Finding:
    """Requirements with one verdict for one reason; a requirement with `evidence` of its own stands alone."""

    verdict: Verdict
    why: str
    rows: tuple[RequirementVerdict, ...]
    evidence: tuple[str, ...] = ()


def findings(rows: Iterable[RequirementVerdict]) -> tuple[Finding, ...]:
    """Return all that is neither passed nor merely observed; rows are taken in `needs` order."""
    by_id = {row.id: row for row in rows}
    sorted_in: dict[tuple[str, str, str], list[RequirementVerdict]] = {}
    for row in sorted(by_id.values(), key=lambda row: WORST_FIRST.index(row.verdict)):
        if row.verdict not in _GOOD:
            alone = row.id if _evidence(row) else ""
            sorted_in.setdefault((row.verdict, _why(row, by_id), alone), []).append(row)
    return tuple(
        Finding(found[0].verdict, why, tuple(found), _evidence(found[0])) for (_, why, _), found in sorted_in.items()
    )


def _why(row: RequirementVerdict, by_id: Mapping[str, RequirementVerdict]) -> str:
    """Say why; what follows from what follows from a cause is said to follow from that cause."""
    needed = _CONSEQUENCE.fullmatch(row.detail)
    if needed is None or needed[1] not in by_id:
        return row.detail
    cause = by_id[needed[1]]
    return _why(cause, by_id) if _CONSEQUENCE.fullmatch(cause.detail) else row.detail


def _evidence(row: RequirementVerdict) -> tuple[str, ...]:
    return tuple(spot for check in row.checks if check.verdict == row.verdict for spot in check.evidence)
