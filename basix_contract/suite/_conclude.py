"""From a journal to verdicts, the verdict of the run and its exit code; a live run is judged from its journal too."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from basix_contract.contract import load_ledger
from basix_contract.errors import UsageError
from basix_contract.suite._journal import read_journal
from basix_contract.suite._judge import Scope, judge
from basix_contract.suite._known import KnownFailure, accept_known
from basix_contract.suite._people import testimonies
from basix_contract.suite._reading import holding_together
from basix_contract.suite._result import WORST_FIRST, RunResult, RunVerdict
from basix_contract.suite._roles import ROLES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from basix_contract.suite._result import RequirementVerdict
    from basix_contract.suite._roles import Told
    from basix_contract.suite._standing import Standing

_MOST_LAG_S = 1.0
_BROKEN_OFF = {
    "interrupted": "interrupted",
    "stopped": "stopped by the stop file",
    "quiet hours": "stopped, for the quiet hours have begun",
}
Conclusion = tuple[int, str]


def conclude(journal: Path) -> RunResult:
    """Judge a journal as it was written, offline: the same journal always gives the same result.

    Raises UsageError when it cannot be read or is no journal of a run.
    """
    events = list(read_journal(journal))
    role = ROLES.get(next((str(event.get("role")) for event in events if event["event"] == "run"), ""))
    if role is None:
        raise UsageError(
            "this is no journal of a run", where=str(journal), fix="give a journal.ndjson that this kit wrote"
        )
    told, ledger = role.recall(events), load_ledger()
    with holding_together():
        run, history = told.run, told.history()
        known = tuple(KnownFailure(**entry) for entry in run.get("known_failing", ()))
    standing = role.standing(history, told)
    only = tuple(run.get("only", ()))
    scope = Scope(
        role=run["role"],
        unsupported=tuple(run.get("unsupported", ())),
        only=only,
        why_left_out=str(told.run.get("why_left_out", "not asked for")),
        is_replay=bool(run.get("replay")),
        said=testimonies(events) if run.get("asks_people") else None,
    )
    judged = judge(history, ledger, role.checks, scope)
    requirements = accept_known(judged, known)
    verdict = run_verdict(requirements, standing, told)
    code, reason = exit_code(verdict, requirements, standing, told, is_filtered=bool(only))
    return RunResult(
        contract=ledger.contract,
        kit=run["kit"],
        role=run["role"],
        target=run["target"],
        seed=run["seed"],
        verdict=verdict,
        exit_code=code,
        reason=reason,
        requirements=requirements,
        counts=count(requirements),
        planned=len(told.planned_scenarios),
        executed=len(told.ended_scenarios),
        requests_sent=told.requests_sent,
        calls_placed=standing.calls_placed,
        duration_s=round(told.last_at_s, 3),
        history=history,
        journal=journal,
        ending=told.ending,
        shrunk=standing.shrunk,
    )


def count(requirements: tuple[RequirementVerdict, ...]) -> dict[str, int]:
    """Count requirements by verdict, every verdict named."""
    counted = Counter(row.verdict for row in requirements)
    return {verdict: counted.get(verdict, 0) for verdict in WORST_FIRST}


def harness_fault(told: Told) -> str:
    """Say what was wrong on our own side; empty when nothing was."""
    if told.faults:
        return told.faults[0]
    if told.lag_s > _MOST_LAG_S:
        late = f"this machine was {told.lag_s:.1f} s late once"
        return f"{late}; deadlines cannot be trusted, run again on a quieter one"
    return ""


def run_verdict(requirements: tuple[RequirementVerdict, ...], standing: Standing, told: Told) -> RunVerdict:
    """Return the run's verdict: the worst word that applies."""
    counts = count(requirements)
    if counts["harness-error"] or harness_fault(told):
        return "harness-error"
    if not standing.has_success and (standing.is_refused or not counts["fail"]):
        return "hollow"
    if counts["fail"] or counts["fixed-unexpectedly"] or counts["known-failing"]:
        return "does-not-conform"
    return "partial" if _is_partial(requirements) or told.ending != "complete" else "conforms"


def exit_code(
    verdict: RunVerdict,
    requirements: tuple[RequirementVerdict, ...],
    standing: Standing,
    told: Told,
    *,
    is_filtered: bool,
) -> Conclusion:
    """Return the exit code and the reason for it: the first row of the documented table that applies."""
    counts = count(requirements)
    table: tuple[tuple[int, Callable[[], str]], ...] = (
        (130, lambda: _BROKEN_OFF.get(told.ending, "")),
        (5, lambda: harness_fault(told) or _named(counts, "harness-error")),
        (3, lambda: standing.unreachable),
        (1, lambda: _named(counts, "fail") or _named(counts, "fixed-unexpectedly")),
        (4, lambda: _named(counts, "ambiguous")),
        (6, lambda: _empty(verdict, standing, is_filtered=is_filtered)),
    )
    for code, reason in table:
        said = reason()
        if said:
            return code, said
    return 0, "everything that was scored passes"


def _named(counts: Mapping[str, int], verdict: str) -> str:
    number = counts[verdict]
    if number == 1:
        return f"1 requirement {'fails' if verdict == 'fail' else verdict}"
    return f"{number} requirements {verdict}" if number else ""


def _empty(verdict: RunVerdict, standing: Standing, *, is_filtered: bool) -> str:
    if not standing.was_played:
        return "nothing was executed"
    if verdict == "hollow":
        return "hollow: no call was accepted, so nothing was proven"
    return "partial: some MUST rows could not be tested" if verdict == "partial" and not is_filtered else ""


def _is_partial(requirements: tuple[RequirementVerdict, ...]) -> bool:
    return any(row.level == "MUST" and row.verdict in ("not-testable", "disabled", "ambiguous") for row in requirements)
