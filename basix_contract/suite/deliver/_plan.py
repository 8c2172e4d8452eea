"""The plan of the receiver role: the shipped scenarios, and what is drawn on top of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from basix_contract.contract import load_ledger, load_scenarios
from basix_contract.suite._files import shipped
from basix_contract.suite._select import with_needs
from basix_contract.suite.deliver._build import build_scenarios
from basix_contract.suite.deliver._drawn import DRAWN_FOR, drawn_scenarios
from basix_contract.suite.deliver._uuids import Uuids

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from basix_contract.contract import Ledger
    from basix_contract.suite.deliver._options import ReceiverOptions
    from basix_contract.suite.deliver._scenario import Scenario

_ALWAYS = ("answered", "not-answered")


def plan_receiver(options: ReceiverOptions, nonce: str) -> tuple[Scenario, ...]:
    """Return all that is delivered in a run, or the part that its rows and those they need are judged by."""
    uuids, rows = Uuids(options.seed, nonce), options.rows
    wanted = _checks_of(load_ledger(), rows)
    specs = [spec for spec in load_scenarios(shipped("scenarios/receiver")) if not rows or _serves(spec, wanted)]
    asked = {check for row in rows for check in load_ledger().by_id(row).checks}
    if not rows or asked & DRAWN_FOR:
        drawn = drawn_scenarios(options.seed, uuids, is_sparse=bool(options.url_command))
        specs += [spec for spec in drawn if not rows or _serves(spec, wanted)]
    return build_scenarios(specs, uuids)


def _serves(spec: Mapping[str, Any], wanted: set[str]) -> bool:
    """Tell whether a scenario of a file shows something that is wanted; the two plain results always do."""
    judged = {check for step in spec["steps"] for key in ("expects", "believes") for check in step.get(key, ())}
    return spec["id"] in _ALWAYS or bool(wanted & (judged | {spec.get("next_callback")}))


def _checks_of(ledger: Ledger, rows: Iterable[str]) -> set[str]:
    """Return the checks of these rows, and of all that they need."""
    return {check for row in with_needs(ledger, rows) for check in ledger.by_id(row).checks}
