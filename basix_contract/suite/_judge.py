"""From a history to verdicts: checks, levels, needs. Pure; the same journal always gives the same verdicts."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from basix_contract.suite._people import asks_person, judge_by_person
from basix_contract.suite._result import WORST_FIRST, CheckVerdict, RequirementVerdict, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from basix_contract.checks import Finding
    from basix_contract.contract import Ledger, Requirement
    from basix_contract.suite._people import Testimony

_BROKEN: dict[str, Verdict] = {"MUST": "fail", "SHOULD": "warn", "OBSERVE": "observed", "ADVICE": "observed"}
_OTHER: dict[str, Verdict] = {
    "held": "pass",
    "ambiguous": "ambiguous",
    "not-testable": "not-testable",
    "observed": "observed",
}
_NOT_HELD = ("harness-error", "fail", "ambiguous", "not-testable")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a run was asked to judge; a `replay` of one case cannot tell whether the rows it needs hold.

    `said` is what people said of the rows that only they can judge; None where no real telephone rang.
    """

    role: str
    unsupported: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    why_left_out: str = "not asked for"
    is_replay: bool = False
    said: Mapping[str, Testimony] | None = None


def judge(
    history: Any, ledger: Ledger, checks: Mapping[str, Callable[[Any], Finding]], scope: Scope
) -> tuple[RequirementVerdict, ...]:
    """Judge every row of a role that has checks, in `needs` order.

    A row is not-testable where a row it needs does not hold; unsupported rows are not-applicable, rows that were
    not asked for disabled.
    """
    verdicts: dict[str, RequirementVerdict] = {}
    for row in ledger.in_needs_order():
        if row.role != scope.role or not (row.checks or (scope.said is not None and asks_person(row))):
            continue
        if row.id in scope.unsupported:
            verdicts[row.id] = _blank(row, "not-applicable", "declared unsupported by the profile")
        elif scope.said is not None and asks_person(row):
            verdicts[row.id] = judge_by_person(row, scope.said)
        else:
            verdicts[row.id] = _judge_row(history, row, checks, {} if scope.is_replay else verdicts)
    if not scope.only:
        return tuple(verdicts.values())
    return tuple(row if row.id in scope.only else _disable(row, scope.why_left_out) for row in verdicts.values())


def _disable(row: RequirementVerdict, why: str) -> RequirementVerdict:
    checks = tuple(CheckVerdict(id=check.id, verdict="disabled") for check in row.checks)
    return dataclasses.replace(row, verdict="disabled", detail=why, checks=checks)


def _judge_row(
    history: Any,
    row: Requirement,
    checks: Mapping[str, Callable[[Any], Finding]],
    before: Mapping[str, RequirementVerdict],
) -> RequirementVerdict:
    missing = next((need for need in row.needs if need in before and before[need].verdict in _NOT_HELD), "")
    if missing:
        return _blank(row, "not-testable", f"because {missing} does not hold")
    found = tuple(_verdict(row, check_id, checks[check_id](history)) for check_id in row.checks)
    lead = min(found, key=lambda check: WORST_FIRST.index(check.verdict))
    return RequirementVerdict(
        id=row.id,
        level=row.level,
        role=row.role,
        statement=row.statement,
        verdict=lead.verdict,
        detail=lead.detail,
        checks=found,
    )


def _verdict(row: Requirement, check_id: str, finding: Finding) -> CheckVerdict:
    verdict = _BROKEN[row.level] if finding.status == "broken" else _OTHER[finding.status]
    if row.level in ("OBSERVE", "ADVICE") and verdict in ("ambiguous", "not-testable"):
        verdict = "observed"
    return CheckVerdict(id=check_id, verdict=verdict, detail=finding.detail, evidence=finding.evidence)


def _blank(row: Requirement, verdict: Verdict, detail: str) -> RequirementVerdict:
    return RequirementVerdict(
        id=row.id,
        level=row.level,
        role=row.role,
        statement=row.statement,
        verdict=verdict,
        detail=detail,
        checks=tuple(CheckVerdict(id=check_id, verdict=verdict, detail=detail) for check_id in row.checks),
    )
