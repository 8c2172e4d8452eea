"""One case of the proof: a world, what somebody wants sent in it, and no network behind the real senders.

What is sent to a PBX goes through the gate: planned, drawn, shrunk, replayed, from the command line (`call`), by the
client, or in a run that was broken off and is resumed. What `listen` and `trigger` send are callbacks, to the one URL
that was named: they go nowhere else, never twice, and nobody is called with them.
"""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

from hypothesis import HealthCheck
from hypothesis import strategies as st

from basix_contract.errors import GateRefusal
from basix_contract.messages import Request
from basix_contract.profile import Gate, Profile, Sender
from basix_contract.profile._gate import Body
from basix_contract.profile._rules import Doubt
from tests.profile.attacks import Attempt, a_body, attempt
from tests.profile.drawing import one_in, pick
from tests.profile.errands import Errand, errand, run, strays
from tests.profile.known_attacks import ATTACKS
from tests.profile.known_flaws import FLAWS
from tests.profile.oracle import Server
from tests.profile.resuming import Cut, Resumed, leaks
from tests.profile.universe import PLACE, World, worlds
from tests.profile.wire import Recorder

_DEFAULT_CALLS = 300
RIGHT = "Basic dDp0"
_ERRAND_SHARE = 6
_RESUMED_SHARE = 60  # two whole runs each
_PARTS = tuple(number / 40 for number in range(40))
BATCH = 5_000
"""How many cases one run of Hypothesis takes: it keeps every one of them in mind."""
UNHURRIED = (
    HealthCheck.too_slow,
    HealthCheck.data_too_large,
    HealthCheck.filter_too_much,
    HealthCheck.large_base_example,
)
"""What Hypothesis may not complain about: cases are large, and the machine may be busy."""


class GateWithout(Gate):
    """A gate that has forgotten one of its rules."""

    def __init__(self, rule: str, profile: Profile, **options: Any) -> None:
        self._forgotten = rule
        super().__init__(profile, **options)

    def doubts(self, url: str, request: Request, body: Body) -> Iterator[Doubt]:
        """Yield the doubts of all other rules."""
        return (doubt for doubt in super().doubts(url, request, body) if doubt.rule != self._forgotten)

    def doubts_now(self, url: str, request: Request, body: Body) -> Iterator[Doubt]:
        """Yield the doubts of all other rules."""
        return (doubt for doubt in super().doubts_now(url, request, body) if doubt.rule != self._forgotten)


@dataclass(slots=True)
class Tally:
    """What a proof has seen: cases, what left by each other way, requests offered and admitted, refusals by rule."""

    cases: int = 0
    ways: Counter[str] = field(default_factory=Counter)
    offered: int = 0
    admitted: int = 0
    ringing: int = 0
    refused: Counter[str] = field(default_factory=Counter)


Wanted: TypeAlias = list[Attempt] | Errand | Cut


@st.composite
def cases(draw: st.DrawFn, known_share: int = 40) -> tuple[World, Wanted]:
    """A world and what is wanted in it; one case in `known_share` is an attack known to break a rule."""
    if one_in(draw, known_share):
        return ATTACKS[pick(draw, tuple(ATTACKS))]
    world = draw(worlds())
    if one_in(draw, _RESUMED_SHARE):
        return world, _cut(draw)
    if one_in(draw, _ERRAND_SHARE):
        return world, errand(draw, lambda: a_body(draw, world))
    return world, [attempt(draw, world) for _ in range(pick(draw, (1, 2, 3, 4)))]


@st.composite
def other_cases(draw: st.DrawFn) -> tuple[World, Wanted]:
    """A world, and what leaves in it by the other ways; every other one is known to break out without its guard."""
    if one_in(draw, 2):
        return FLAWS[pick(draw, tuple(FLAWS))][:2]
    world = draw(worlds())
    return world, _cut(draw) if one_in(draw, 4) else errand(draw, lambda: a_body(draw, world))


def _cut(draw: st.DrawFn) -> Cut:
    return Cut(pick(draw, _PARTS), pick(draw, _PARTS), is_torn=one_in(draw, 2))


class Proof:
    """Plays cases through a gate and returns what leaked: nothing, if the gate is sound."""

    def __init__(self, make_gate: Callable[..., Gate] = Gate) -> None:
        self._make_gate = make_gate
        self.tally = Tally()
        self._runner = asyncio.Runner()
        self._folder = tempfile.TemporaryDirectory()
        self._stop_file = Path(self._folder.name) / "stop"
        self._stop_file.touch()

    def close(self) -> None:
        """Let go of the event loop and the stop file."""
        self._runner.close()
        self._folder.cleanup()

    def play(self, world: World, wanted: Wanted) -> list[str]:
        """Return everything that left and should not have."""
        self.tally.cases += 1
        stop = str(self._stop_file) if world.is_stopped else f"{self._stop_file}-not"
        world = replace(world, profile=replace(world.profile, limits=replace(world.profile.limits, stop_file=stop)))
        if isinstance(wanted, Errand):
            return self._run(wanted)
        return self._resume(world, wanted) if isinstance(wanted, Cut) else self._try(world, wanted)

    def _run(self, errand: Errand) -> list[str]:
        talks, _ = run(errand)
        self.tally.ways[errand.way] += len(talks)
        return list(strays(errand, talks))

    def _resume(self, world: World, cut: Cut) -> list[str]:
        resumed = Resumed(world, Path(self._folder.name), cut)
        sent = resumed.play()
        self.tally.ways["resume"] += len(sent)
        return list(leaks(world, resumed, sent))

    def _try(self, world: World, tries: list[Attempt]) -> list[str]:
        gate = self._make_gate(
            world.profile,
            base_url=world.base_url,
            callback_place=PLACE,
            max_calls=world.max_calls,
            authorization=RIGHT,
            now=lambda: datetime(2026, 11, 23, world.hour, tzinfo=UTC),
        )
        recorder = Recorder()
        sender = Sender(gate, inner=recorder)
        if world.keeps_plan:
            _plan(sender, tries[0])
        self._runner.run(self._send(sender, tries))
        self.tally.offered += len(tries)
        self.tally.admitted += len(recorder.sent)
        return [*self._leaks(world, recorder), *_beyond(world, tries, recorder)]

    async def _send(self, sender: Sender, tries: list[Attempt]) -> None:
        for one in tries:
            try:
                await sender.send(one.method, one.url, one.headers, one.body, timeout_s=5)
            except GateRefusal as refusal:
                self.tally.refused[refusal.rule] += 1
        with contextlib.suppress(Exception):
            await sender.close()

    def _leaks(self, world: World, recorder: Recorder) -> Iterator[str]:
        server = Server(world)
        rung = 0
        for url, request in recorder.sent:
            yield from server.leaks(url, request)
            rung += server.rings(request)
        self.tally.ringing += rung
        budgets = [limit for limit in (world.max_calls, world.profile.limits.max_calls) if limit is not None]
        no_budget = 0 if world.is_remote and world.profile.limits.max_calls is None else _DEFAULT_CALLS
        if rung > min([*budgets, no_budget]):
            yield f"budget: {rung} calls"


def _plan(sender: Sender, first: Attempt) -> None:
    """Plan one request; one that cannot be written down is planned by nobody."""
    try:
        sender.allow_only([(first.method, first.url, first.headers, first.body)])
    except GateRefusal:
        sender.allow_only([])


def _beyond(world: World, tries: list[Attempt], recorder: Recorder) -> Iterator[str]:
    """Yield what left beyond the plan, and what tried to sign in too often, read from the requests themselves."""
    if world.keeps_plan and [request.body for _, request in recorder.sent] not in ([], [tries[0].body or b""]):
        yield "unplanned"
    signed = [value for _, request in recorder.sent for name, value in request.headers if name == "authorization"]
    if world.is_remote and sum(value != RIGHT for value in signed) > world.profile.live.wrong_credentials:
        yield "credentials"
