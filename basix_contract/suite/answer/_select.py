"""`--only` and `--unsupported`: the calls that rows ask for, with those of the rows they need."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from basix_contract.suite._select import with_needs

if TYPE_CHECKING:
    from basix_contract.contract import Ledger
    from basix_contract.suite.answer._cases import ClientScenario

_ALWAYS = "plain-call"


def select_cases(
    plan: tuple[ClientScenario, ...], ledger: Ledger, only: tuple[str, ...], unsupported: tuple[str, ...]
) -> tuple[ClientScenario, ...]:
    """Return the part of a plan that these rows and the rows they need are judged by; all of it for no rows.

    Calls that serve nothing but unsupported rows are left out. A row that no call is played for in particular is
    judged by all of them.
    """
    left_out = {check for row in unsupported for check in ledger.by_id(row).checks}
    kept = tuple(_without(scenario, left_out) for scenario in plan)
    if not only:
        return tuple(scenario for scenario in kept if scenario.cases)
    served = {check for scenario in kept for case in scenario.cases for check in case.serves}
    asked = {check for row in only for check in ledger.by_id(row).checks}
    wanted = {check for row in with_needs(ledger, only) for check in ledger.by_id(row).checks}
    if asked - served:
        return tuple(scenario for scenario in kept if scenario.cases)
    return tuple(scenario for scenario in kept if scenario.id == _ALWAYS or _serves(scenario, wanted))


def _without(scenario: ClientScenario, left_out: set[str]) -> ClientScenario:
    cases = tuple(case for case in scenario.cases if not case.serves or set(case.serves) - left_out)
    return dataclasses.replace(scenario, cases=cases)


def _serves(scenario: ClientScenario, wanted: set[str]) -> bool:
    return any(wanted & set(case.serves) for case in scenario.cases)
