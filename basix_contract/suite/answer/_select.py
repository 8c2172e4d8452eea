"""`--only` and `--without`: the calls that rows ask for, with those of the rows they need; and what a client lacks."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from basix_contract.contract import load_document
from basix_contract.errors import UsageError
from basix_contract.suite._select import with_needs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from basix_contract.contract import Ledger
    from basix_contract.suite.answer._scenarios import DeclaredScenario

_ALWAYS = "plain-call"
_OBJECT = "destination-object"
_END_USER = "end_user"

Plan = tuple["DeclaredScenario", ...]


def select_cases(plan: Plan, ledger: Ledger, only: tuple[str, ...]) -> Plan:
    """Return the part of a plan that these rows and the rows they need are judged by; all of it for no rows.

    A row that no call is played for in particular is judged by all of them.
    """
    if not only:
        return plan
    served = _served(plan)
    wanted = {check for row in with_needs(ledger, only) for check in ledger.by_id(row).checks}
    if {check for row in only for check in ledger.by_id(row).checks} - served:
        return plan
    return tuple(scenario for scenario in plan if scenario.id == _ALWAYS or _serves(scenario, wanted))


def without_parameters(plan: Plan, names: tuple[str, ...]) -> Plan:
    """Return a plan without the calls that need what a client does not offer.

    Raises UsageError for what is no parameter, and where no plain call is left.
    """
    known = (*(parameter.name for parameter in load_document().parameters), _OBJECT, _END_USER)
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            fix = f"did you mean {near[0]}?" if near else f"known here: {', '.join(known)}"
            raise UsageError(f"there is no parameter {name}", where="--without", fix=fix)
    kept = tuple(_spared(scenario, frozenset(names)) for scenario in plan)
    if not any(scenario.id == _ALWAYS and scenario.cases for scenario in kept):
        raise UsageError("a client must offer user_name and destination", where="--without")
    return tuple(scenario for scenario in kept if scenario.cases)


def unserved_rows(whole: Plan, kept: Plan, ledger: Ledger) -> tuple[str, ...]:
    """Return the rows that calls of the whole plan are played for, and none of those that are kept."""
    lost = _served(whole) - _served(kept)
    return tuple(row.id for row in ledger.for_role("client") if row.checks and set(row.checks) <= lost)


def _served(plan: Plan) -> set[str]:
    return {check for scenario in plan for case in scenario.cases for check in case.serves}


def _serves(scenario: DeclaredScenario, wanted: set[str]) -> bool:
    return any(wanted & set(case.serves) for case in scenario.cases)


def _spared(scenario: DeclaredScenario, names: frozenset[str]) -> DeclaredScenario:
    cases = tuple(case for case in scenario.cases if names.isdisjoint(_needed(case.params)))
    return dataclasses.replace(scenario, cases=cases)


def _needed(params: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a client must offer to place a call."""
    yield from params
    destination = params.get("destination")
    if isinstance(destination, Mapping):
        yield _OBJECT
        yield from (name for name in destination if name == _END_USER)
