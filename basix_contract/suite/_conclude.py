"""From a journal to verdicts, the verdict of the run and its exit code; a live run is judged from its journal too."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from basix_contract.checks import SERVER_CHECKS
from basix_contract.contract import load_ledger
from basix_contract.errors import UsageError
from basix_contract.suite._journal import read_journal
from basix_contract.suite._judge import Scope, judge
from basix_contract.suite._known import KnownFailure, accept_known
from basix_contract.suite._recall import recall
from basix_contract.suite._result import WORST_FIRST, RunResult, RunVerdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from basix_contract.checks import History
    from basix_contract.suite._recall import Recall
    from basix_contract.suite._result import RequirementVerdict

_MOST_LAG_S = 1.0
_CHECKS = {"server": SERVER_CHECKS}
Conclusion = tuple[int, str]


def conclude(journal: Path) -> RunResult:
    """Judge a journal as it was written, offline: the same journal always gives the same result.

    Raises UsageError when it cannot be read or is no journal of a run.
    """
    told = recall(read_journal(journal))
    role = told.run.get("role", "")
    if role not in _CHECKS:
        raise UsageError(
            "this is no journal of a run", where=str(journal), fix="give a journal.ndjson that this kit wrote"
        )
    history, ledger = told.history(), load_ledger()
    only = tuple(told.run.get("only", ()))
    scope = Scope(
        role=role,
        unsupported=tuple(told.run.get("unsupported", ())),
        only=only,
        is_replay=bool(told.run.get("replay")),
    )
    judged = judge(history, ledger, _CHECKS[role], scope)
    requirements = accept_known(judged, tuple(KnownFailure(**entry) for entry in told.run.get("known_failing", ())))
    verdict = run_verdict(requirements, history, told)
    code, reason = exit_code(verdict, requirements, history, told, is_filtered=bool(only))
    return RunResult(
        contract=ledger.contract,
        kit=told.run["kit"],
        role=role,
        target=told.run["target"],
        seed=told.run["seed"],
        verdict=verdict,
        exit_code=code,
        reason=reason,
        requirements=requirements,
        counts=count(requirements),
        planned=len(told.planned_scenarios),
        executed=len(told.ended_scenarios),
        requests_sent=told.requests_sent,
        calls_placed=sum(exchange.was_accepted for exchange in history.exchanges),
        duration_s=round(told.last_at_s, 3),
        history=history,
        journal=journal,
        ending=told.ending,
    )


def count(requirements: tuple[RequirementVerdict, ...]) -> dict[str, int]:
    """Count requirements by verdict, every verdict named."""
    counted = Counter(row.verdict for row in requirements)
    return {verdict: counted.get(verdict, 0) for verdict in WORST_FIRST}


def harness_fault(told: Recall) -> str:
    """Say what was wrong on our own side; empty when nothing was."""
    if told.faults:
        return told.faults[0]
    if told.lag_s > _MOST_LAG_S:
        return f"this machine was {told.lag_s:.1f} s late once; deadlines cannot be trusted, run again on a quieter one"
    return ""


def run_verdict(requirements: tuple[RequirementVerdict, ...], history: History, told: Recall) -> RunVerdict:
    """Return the run's verdict: the worst word that applies."""
    counts = count(requirements)
    if counts["harness-error"] or harness_fault(told):
        return "harness-error"
    if not _was_anything_accepted(history) and (_were_credentials_refused(history, told) or not counts["fail"]):
        return "hollow"
    if counts["fail"] or counts["fixed-unexpectedly"] or counts["known-failing"]:
        return "does-not-conform"
    return "partial" if _is_partial(requirements) or told.ending != "complete" else "conforms"


def exit_code(
    verdict: RunVerdict,
    requirements: tuple[RequirementVerdict, ...],
    history: History,
    told: Recall,
    *,
    is_filtered: bool,
) -> Conclusion:
    """Return the exit code and the reason for it: the first row of the documented table that applies."""
    counts = count(requirements)
    table: tuple[tuple[int, Callable[[], str]], ...] = (
        (130, lambda: "interrupted" if told.ending == "interrupted" else ""),
        (5, lambda: harness_fault(told) or _named(counts, "harness-error")),
        (3, lambda: _unreachable(history, told)),
        (1, lambda: _named(counts, "fail") or _named(counts, "fixed-unexpectedly")),
        (4, lambda: _named(counts, "ambiguous")),
        (6, lambda: _empty(verdict, history, is_filtered=is_filtered)),
    )
    for code, reason in table:
        said = reason()
        if said:
            return code, said
    return 0, "everything that was scored passes"


def _named(counts: Mapping[str, int], verdict: str) -> str:
    number = counts[verdict]
    return f"{number} requirement{'s' if number != 1 else ''} {verdict}" if number else ""


def _unreachable(history: History, told: Recall) -> str:
    sent = [exchange for exchange in history.exchanges if exchange.sent_at_s is not None]
    if told.ending == "unreachable" or (sent and all(exchange.reply is None for exchange in sent)):
        silence = next((exchange.silence for exchange in sent if exchange.silence), "no reply at all")
        return f"the target is unreachable: {silence}"
    return "the credentials were refused, nothing could be scored" if _were_credentials_refused(history, told) else ""


def _empty(verdict: RunVerdict, history: History, *, is_filtered: bool) -> str:
    if not any(exchange.sent_at_s is not None for exchange in history.exchanges):
        return "nothing was executed"
    if verdict == "hollow":
        return "hollow: no call was accepted, so nothing was proven"
    return "partial: some MUST rows could not be tested" if verdict == "partial" and not is_filtered else ""


def _was_anything_accepted(history: History) -> bool:
    return any(exchange.was_accepted for exchange in history.exchanges)


def _were_credentials_refused(history: History, told: Recall) -> bool:
    """Tell whether every request with the right credentials was turned away for its credentials."""
    if told.ending == "credentials refused":
        return True
    replies = [
        exchange.reply
        for exchange in history.exchanges
        if exchange.reply is not None and exchange.intent.expect == "accept"
    ]
    return bool(replies) and all(
        reply.status in (401, 403) or reply.error_id == "authentication_required" for reply in replies
    )


def _is_partial(requirements: tuple[RequirementVerdict, ...]) -> bool:
    return any(row.level == "MUST" and row.verdict in ("not-testable", "disabled", "ambiguous") for row in requirements)
