"""`--plan`: what a run would send, step by step, and whom it would reach. Nothing is started, nothing sent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from basix_contract.messages import Request
from basix_contract.profile import is_loopback, origin_of
from basix_contract.suite._options import Target, given_target, read_profile
from basix_contract.suite._run import gate_for, plan_for
from basix_contract.suite._tokens import Tokens, bind

if TYPE_CHECKING:
    from basix_contract.profile import Profile
    from basix_contract.suite._options import ServerOptions
    from basix_contract.suite._scenario import Scenario, Step

_NOWHERE = "http://127.0.0.1:1"
_SHOWN_DIGITS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStep:
    """One request of a plan; people by their row of the profile, numbers by their last three digits."""

    id: str
    scenario: str
    title: str
    expect: str
    consequence: str
    user: str
    rings_for_s: float | None
    destination: str
    callback: bool
    withheld: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A whole plan; `budget` is how many calls the gate would let pass, and `may_ring` must not exceed it."""

    target: str
    steps: tuple[PlannedStep, ...]
    budget: int

    @property
    def may_ring(self) -> int:
        """How many requests could ring somebody if the target did as they say."""
        return sum(step.consequence != "cannot-ring" and not step.withheld for step in self.steps)


def preview(options: ServerOptions, *, reveal: bool = False) -> Preview:
    """Return what a run with these options would send.

    Neither consent, `--live` nor a token is needed, for nothing is sent; other errors as for `run_server`.
    """
    profile = read_profile(options)
    target = _target(profile, options)
    gate = gate_for(profile, target, options, _NOWHERE)
    tokens = Tokens(_NOWHERE, nonce="c0000000000")
    steps = tuple(
        _planned(
            profile, scenario, step, gate.reason_against(target.base_url + "/call_user", _request(step, tokens)), reveal
        )
        for scenario in plan_for(profile, target, options).whole()
        for step in scenario.steps
    )
    shown = "the embedded mock PBX" if target.is_embedded else target.base_url
    return Preview(target=shown, steps=steps, budget=gate.max_calls)


def _target(profile: Profile, options: ServerOptions) -> Target:
    base_url = options.target or profile.target.base_url
    if not base_url:
        return Target(base_url=_NOWHERE, token=profile.target.token, is_embedded=True)
    if options.profile is None:
        return given_target(profile, options)
    is_remote = not is_loopback(origin_of(base_url)[1])
    return Target(base_url=base_url.rstrip("/"), token="token", is_remote=is_remote)  # noqa: S106 - stands for any


def _request(step: Step, tokens: Tokens) -> Request:
    body = bind(step.body, tokens.url_for(step))
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Request(step.method, "/call_user", (), raw)


def _planned(profile: Profile, scenario: Scenario, step: Step, withheld: str, reveal: bool) -> PlannedStep:  # noqa: FBT001 - one internal caller
    body = step.body if isinstance(step.body, dict) else {}
    return PlannedStep(
        id=step.id,
        scenario=scenario.id,
        title=step.title,
        expect=step.intent.expect,
        consequence=step.consequence,
        user=step.intent.user,
        rings_for_s=step.intent.answer_timeout_s or step.intent.hunt_s,
        destination=_shown(profile, body.get("destination"), reveal=reveal),
        callback=step.intent.asks_callback,
        withheld=withheld,
    )


def _shown(profile: Profile, destination: Any, *, reveal: bool) -> str:
    """Name a destination by its row of the profile and its last three digits, unless it is to be revealed."""
    value = destination.get("called_number") if isinstance(destination, dict) else destination
    text = value.rpartition("}")[2] if isinstance(value, str) else ""
    row = next((number for number, known in enumerate(profile.destinations) if known.value == text), None)
    shown = text if reveal else f"…{text[-_SHOWN_DIGITS:]}" if text else ""
    return f"destinations[{row}] {shown}" if row is not None else shown
