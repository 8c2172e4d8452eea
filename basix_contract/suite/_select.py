"""`--only`: the scenarios that rows ask for, with those of the rows they need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from basix_contract.suite._people import check_of
from basix_contract.suite.plan import FUZZED_PROBES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from basix_contract.contract import Ledger
    from basix_contract.suite._scenario import Scenario
    from basix_contract.suite.plan import Plan

_ALWAYS = "plain-call"
# Checks of these families look at every exchange of a run, whatever it was played for.
_ACROSS = ("reply/", "error/", "uuids/", "callback/", "auth/", "limits/")


def select(plan: Plan, ledger: Ledger, only: tuple[str, ...]) -> Plan:
    """Return the part of a plan that these rows and the rows they need are judged by; all of it for no rows."""
    if not only:
        return plan
    wanted = {check for row in with_needs(ledger, only) for check in (*ledger.by_id(row).checks, check_of(row))}
    asked = {check for row in only for check in ledger.by_id(row).checks}
    if any(check.startswith(_ACROSS) and not _plays(plan, check) for check in asked):
        return plan

    def is_wanted(scenario: Scenario) -> bool:
        return scenario.id == _ALWAYS or any(_serves(scenario, check) for check in wanted)

    return plan.only(is_wanted, is_late_wanted=not FUZZED_PROBES.isdisjoint(wanted))


def with_needs(ledger: Ledger, rows: Iterable[str]) -> set[str]:
    """Return these rows and all they need, whatever lies in between."""
    found: set[str] = set()
    waiting = list(rows)
    while waiting:
        row = waiting.pop()
        if row not in found:
            found.add(row)
            waiting.extend(ledger.by_id(row).needs)
    return found


def _plays(plan: Plan, check: str) -> bool:
    return any(_serves(scenario, check) for scenario in plan.scenarios)


def _serves(scenario: Scenario, check: str) -> bool:
    return any(step.intent.probe == check or check in step.intent.judged_by for step in scenario.steps)
