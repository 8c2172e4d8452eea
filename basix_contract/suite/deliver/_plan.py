"""The plan of the receiver role: the shipped scenarios, and what is drawn on top of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from basix_contract.contract import load_ledger, load_scenarios
from basix_contract.suite._files import shipped
from basix_contract.suite.deliver._build import build_scenarios
from basix_contract.suite.deliver._drawn import drawn_scenarios
from basix_contract.suite.deliver._uuids import Uuids

if TYPE_CHECKING:
    from collections.abc import Iterable

    from basix_contract.contract import Ledger
    from basix_contract.suite.deliver._options import ReceiverOptions
    from basix_contract.suite.deliver._scenario import Scenario

_ALWAYS = ("answered", "not-answered")


def plan_receiver(options: ReceiverOptions, nonce: str) -> tuple[Scenario, ...]:
    """Return all that is delivered in a run, or the part that its rows and those they need are judged by."""
    uuids, rows = Uuids(options.seed, nonce), options.rows
    written = load_scenarios(shipped("scenarios/receiver"))
    drawn = drawn_scenarios(options.seed, uuids, is_sparse=bool(options.url_command))
    plan = build_scenarios((*written, *drawn), uuids)
    if not rows:
        return plan
    wanted = _checks_of(load_ledger(), rows)
    return tuple(scenario for scenario in plan if scenario.id in _ALWAYS or wanted & _checks_in(scenario))


def _checks_in(scenario: Scenario) -> set[str]:
    answers = {check for step in scenario.steps for check in step.expects}
    return answers | {check for call in scenario.calls for check in call.held_for}


def _checks_of(ledger: Ledger, rows: Iterable[str]) -> set[str]:
    """Return the checks of these rows, and of all that they need."""
    found: set[str] = set()
    waiting = list(rows)
    while waiting:
        row = waiting.pop()
        if row not in found:
            found.add(row)
            waiting.extend(ledger.by_id(row).needs)
    return {check for row in found for check in ledger.by_id(row).checks}
