"""The bodies that the suite plans for a profile, as they would be sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from basix_contract.profile import Profile
from basix_contract.suite._scenario import Scenario, Step
from basix_contract.suite._tokens import Tokens, bind
from basix_contract.suite.plan._basics import plan_basics
from basix_contract.suite.plan._callbacks import plan_callbacks
from basix_contract.suite.plan._desk import Desk
from basix_contract.suite.plan._destinations import plan_destinations
from basix_contract.suite.plan._groups import plan_groups
from basix_contract.suite.plan._parameters import plan_parameters
from basix_contract.suite.plan._selectors import plan_selectors
from basix_contract.suite.plan._state import plan_state
from tests.profile.universe import PLACE, REMOTE

# All families whose bodies are made of the profile: those about size and depth are the same for everybody.
_FAMILIES = (
    plan_basics,
    plan_callbacks,
    plan_selectors,
    plan_groups,
    plan_destinations,
    plan_parameters,
    plan_state,
)
_LONG = 5_000
_MOST_KEPT = 200
_kept: dict[str, tuple[Planned, ...]] = {}


@dataclass(frozen=True, slots=True)
class Planned:
    """A scenario of the suite, and the bodies of its steps as they would be sent."""

    scenario: Scenario
    bodies: tuple[bytes, ...]


def planned_bodies(profile: Profile) -> tuple[bytes, ...]:
    """Return the body of every planned step but the very long ones."""
    return tuple(raw for planned in planned_scenarios(profile) for raw in planned.bodies if len(raw) < _LONG)


def planned_scenarios(profile: Profile) -> tuple[Planned, ...]:
    """Return every planned scenario."""
    is_remote = profile.target.base_url == REMOTE
    key = repr((is_remote, profile.live, profile.users, profile.groups, profile.destinations, profile.absent))
    if key not in _kept:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[key] = tuple(_planned(profile, is_remote=is_remote))
    return _kept[key]


def _planned(profile: Profile, *, is_remote: bool) -> Iterator[Planned]:
    tokens = Tokens(f"http://{PLACE}", nonce="c0000000000")
    desk = Desk(profile, is_embedded=False, is_remote=is_remote)
    for family in _FAMILIES:
        for scenario in family(desk):
            yield Planned(scenario, tuple(_body(step, tokens) for step in scenario.steps))


def _body(step: Step, tokens: Tokens) -> bytes:
    body = b"" if step.body is None else bind(step.body, tokens.url_for(step))
    return body if isinstance(body, bytes) else json.dumps(body).encode()
