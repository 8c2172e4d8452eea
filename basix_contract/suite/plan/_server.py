"""The plan of the server role: every family in the order it is played."""

from __future__ import annotations

from typing import TYPE_CHECKING

from basix_contract.suite.plan._auth import plan_auth
from basix_contract.suite.plan._basics import plan_basics
from basix_contract.suite.plan._callbacks import plan_callbacks
from basix_contract.suite.plan._desk import Desk
from basix_contract.suite.plan._destinations import plan_destinations
from basix_contract.suite.plan._fuzzed import plan_fuzzed
from basix_contract.suite.plan._generated import plan_generated
from basix_contract.suite.plan._groups import plan_groups
from basix_contract.suite.plan._parameters import plan_parameters
from basix_contract.suite.plan._people import plan_people
from basix_contract.suite.plan._plan import Plan
from basix_contract.suite.plan._robustness import plan_robustness
from basix_contract.suite.plan._selectors import plan_selectors
from basix_contract.suite.plan._state import plan_state

if TYPE_CHECKING:
    from basix_contract.profile import Profile

_FAMILIES = (
    plan_basics,
    plan_people,
    plan_callbacks,
    plan_selectors,
    plan_groups,
    plan_destinations,
    plan_parameters,
    plan_state,
    plan_robustness,
)


def plan_server(
    profile: Profile, token: str, *, is_embedded: bool, is_remote: bool = False, seed: int = 0, budget: int = 0
) -> Plan:
    """Return every scenario the profile has data for; nothing is sent. The same seed draws the same requests.

    `is_embedded` says that the target is the kit's own mock PBX, whose directory is known whole: only then
    are users, numbers and look-alikes made up. What is drawn takes the calls that the rest leaves of the budget.
    """
    desk = Desk(profile, is_embedded=is_embedded, is_remote=is_remote)
    written = [scenario for family in _FAMILIES for scenario in family(desk)]
    written += plan_auth(desk, profile.target.domain, token, is_remote=is_remote)
    calls = sum(step.consequence != "cannot-ring" for scenario in written for step in scenario.steps)
    drawn = plan_generated(desk, seed=seed, most_calls=max(budget - calls, 0))
    calls += sum(len(scenario.steps) for scenario in drawn)
    return Plan((*written, *drawn), plan_fuzzed(desk, seed=seed, most_calls=max(budget - calls, 0)))
