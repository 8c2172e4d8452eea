"""`--plan`: what a run would send, step by step, and whom it would reach. Nothing is started, nothing sent."""

from __future__ import annotations

import dataclasses
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from basix_contract.contract import load_document
from basix_contract.messages import Request
from basix_contract.profile import RULES, is_live, origin_of
from basix_contract.suite._options import Target, given_target, read_profile
from basix_contract.suite._run import gate_for, plan_for
from basix_contract.suite._scenario import PHASES
from basix_contract.suite._tokens import Tokens, bind
from basix_contract.validation import parse_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from basix_contract.profile import Gate, Profile
    from basix_contract.suite._options import ServerOptions
    from basix_contract.suite._scenario import Consequence, Scenario, Step

_NOWHERE = "http://127.0.0.1:1"
_SHOWN_DIGITS = 3
_DOCUMENTED_RING_S = 180.0
_TIMEOUT = "answer_timeout"
_RING = re.compile(rb"answer_timeout\W+([0-9]{1,4})(?![0-9.])")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStep:
    """One request of a plan; people by their row of the profile, numbers by their last three digits.

    `rests_on` says why the consequence is what it is. `rings_for_s` and `talks_for_s` are how long a telephone rings
    and an answered call lasts at most; `lasts_s` is how long the call takes when all goes as the profile says.
    """

    id: str
    scenario: str
    title: str
    expect: str
    consequence: str
    rests_on: str
    user: str
    rings_for_s: float | None
    destination: str
    talks_for_s: float | None
    lasts_s: float
    callback: bool
    has_wrong_credentials: bool
    asks: tuple[str, ...]
    withheld: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A whole plan in the order in which it is played; `budget` is how many calls the gate would let pass."""

    target: str
    steps: tuple[PlannedStep, ...]
    budget: int
    is_live: bool = False

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
    return preview_of(profile, target, options, plan_for(profile, target, options).whole(), reveal=reveal)


def preview_of(
    profile: Profile, target: Target, options: ServerOptions, plan: Iterable[Scenario], *, reveal: bool = False
) -> Preview:
    """Return what playing these scenarios would send."""
    gate = gate_for(profile, target, options, _NOWHERE)
    teller = _Teller(profile, target, gate, reveals=reveal)
    in_order = sorted(plan, key=lambda scenario: PHASES.index(scenario.phase))
    steps = [teller.tell(scenario, step) for scenario in in_order for step in scenario.steps]
    told = _within(steps, gate.max_calls) if target.is_remote else (step for step, _ in steps)
    shown = "the embedded mock PBX" if target.is_embedded else target.base_url
    return Preview(target=shown, steps=tuple(told), budget=gate.max_calls, is_live=target.is_remote)


def planned_target(profile: Profile, options: ServerOptions) -> Target:
    """Return where a run would go, for a plan only: no token is read, and nothing is asked of the profile."""
    return _target(profile, options)


def _target(profile: Profile, options: ServerOptions) -> Target:
    base_url = options.target or profile.target.base_url
    if not base_url:
        return Target(base_url=_NOWHERE, token=profile.target.token, is_embedded=True)
    if options.profile is None:
        return given_target(profile, options)
    is_remote = is_live(profile, origin_of(base_url)[1])
    return Target(base_url=base_url.rstrip("/"), token="token", is_remote=is_remote)  # noqa: S106 - stands for any


def _within(steps: Iterable[tuple[PlannedStep, int]], budget: int) -> Iterator[PlannedStep]:
    """Say of every call beyond the budget that it is kept back: one call follows another, so they are known."""
    spent = 0
    for step, calls in steps:
        cost = 0 if step.withheld else calls
        if spent + cost > budget:
            yield dataclasses.replace(step, withheld=f"gate[budget]: {RULES['budget'].what} by then")
        else:
            spent += cost
            yield step


class _Teller:
    """Tells steps for people: whom they reach, for how long, and what that rests on."""

    def __init__(self, profile: Profile, target: Target, gate: Gate, *, reveals: bool) -> None:
        self._profile = profile
        self._target = target
        self._gate = gate
        self._reveals = reveals
        self._tokens = Tokens(_NOWHERE, nonce="c0000000000")
        self._url = target.base_url + load_document().operation_path

    def tell(self, scenario: Scenario, step: Step) -> tuple[PlannedStep, int]:
        """Tell one step of a scenario, and how many calls it costs."""
        url = f"{self._url}?{step.query}" if step.query else self._url
        request = self._request(step)
        calls = self._gate.calls(url, request)
        consequence = self._consequence(step, calls)
        can_ring = consequence != "cannot-ring"
        rings_for_s = _ring_s(step, request) if can_ring else None
        talks_for_s = step.talk_s if can_ring else None
        expected_s = rings_for_s if step.intent.hunt_s is None else step.intent.hunt_s
        planned = PlannedStep(
            id=step.id,
            scenario=scenario.id,
            title=step.title,
            expect=step.intent.expect,
            consequence=consequence,
            rests_on=_rests_on(step, consequence),
            user=step.intent.user,
            rings_for_s=rings_for_s,
            destination=self._shown(step.body),
            talks_for_s=talks_for_s,
            lasts_s=(expected_s or 0.0) + (talks_for_s or 0.0),
            callback=step.intent.asks_callback,
            has_wrong_credentials=bool(step.authorization),
            asks=tuple(question.told if self._reveals else question.text for question in step.questions),
            withheld=self._gate.reason_against(url, request),
        )
        return planned, calls

    def _request(self, step: Step) -> Request:
        body = bind(step.body, self._tokens.url_for(step))
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return Request(step.method, load_document().operation_path, (), raw)

    def _consequence(self, step: Step, calls: int) -> Consequence:
        """Believe the gate's own reading of the bytes before the plan: whoever is named in any reading could ring."""
        if self._target.is_embedded or self._profile.target.has_no_telephones:
            return step.consequence
        if not calls:
            return "cannot-ring"
        return "may-ring" if step.consequence == "cannot-ring" else step.consequence

    def _shown(self, body: object) -> str:
        """Name a destination by its row of the profile and its last three digits, unless it is to be revealed."""
        destination: Any = body.get("destination") if isinstance(body, dict) else None
        value = destination.get("called_number") if isinstance(destination, dict) else destination
        text = value.rpartition("}")[2] if isinstance(value, str) else ""
        row = next((number for number, known in enumerate(self._profile.destinations) if known.value == text), None)
        shown = text if self._reveals else f"…{text[-_SHOWN_DIGITS:]}" if text else ""
        return f"destinations[{row}] {shown}" if row is not None else shown


def _ring_s(step: Step, request: Request) -> float:
    """Return how long a request rings at most: what it says of that, else what the document says for it."""
    read = parse_json(request.body).value
    given = read.get(_TIMEOUT) if isinstance(read, dict) else None
    found = _RING.search(request.body.replace(b"\0", b"") or step.query.encode())
    if type(given) is int and given > 0:
        return float(given)
    return float(found[1]) if found else _DOCUMENTED_RING_S


def _rests_on(step: Step, consequence: str) -> str:
    """Say what a consequence rests on: whom the request names, and whether a server is to take it."""
    whom = step.intent.user or "a user of the profile"
    if consequence == "rings":
        return f"it names {whom} and nobody else, and every server is to accept it"
    if consequence == "cannot-ring":
        named = isinstance(step.body, dict) and any(name.startswith("user_") for name in step.body)
        return "it names nobody who exists, as the profile has it" if named else "it names nobody"
    if step.intent.expect == "open":
        return f"it names {whom} and nobody else; whether it is accepted is open"
    return f"it names {whom} and nobody else; a telephone rings only where the server is broken"
