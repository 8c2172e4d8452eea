"""One case of the proof: a world, some attempts through the real sender, and a recording transport behind it."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from hypothesis import HealthCheck
from hypothesis import strategies as st

from basix_contract.errors import GateRefusal
from basix_contract.messages import Request
from basix_contract.profile import Gate, Profile, Sender
from basix_contract.profile._gate import Body
from basix_contract.profile._rules import Doubt
from tests.profile.attacks import Attempt, attempt
from tests.profile.drawing import one_in, pick
from tests.profile.known_attacks import ATTACKS
from tests.profile.oracle import Server
from tests.profile.universe import PLACE, World, worlds

_DEFAULT_CALLS = 300
RIGHT = "Basic dDp0"
BATCH = 5_000
"""How many cases one run of Hypothesis takes: it keeps every one of them in mind."""
UNHURRIED = (
    HealthCheck.too_slow,
    HealthCheck.data_too_large,
    HealthCheck.filter_too_much,
    HealthCheck.large_base_example,
)
"""What Hypothesis may not complain about: cases are large, and the machine may be busy."""


class Recorder(httpx.AsyncBaseTransport):
    """Keeps what would have left, and answers all alike."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Request]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Record a request."""
        body = await request.aread()
        target = request.url.raw_path.decode("ascii")
        url = str(request.url)
        self.sent.append((url, Request(request.method, target, tuple(request.headers.multi_items()), body)))
        return httpx.Response(200, json={"result_code": 500, "error": {"id": "recorded"}})


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
    """What a proof has seen: cases, requests offered and admitted, refusals by rule."""

    cases: int = 0
    offered: int = 0
    admitted: int = 0
    ringing: int = 0
    refused: Counter[str] = field(default_factory=Counter)


@st.composite
def cases(draw: st.DrawFn, known_share: int = 40) -> tuple[World, list[Attempt]]:
    """A world and a few attempts in it; one case in `known_share` is an attack known to break a rule."""
    if one_in(draw, known_share):
        return ATTACKS[pick(draw, tuple(ATTACKS))]
    world = draw(worlds())
    return world, [attempt(draw, world) for _ in range(pick(draw, (1, 2, 3, 4)))]


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

    def play(self, world: World, tries: list[Attempt]) -> list[str]:
        """Return everything that left and should not have."""
        stop = str(self._stop_file) if world.is_stopped else f"{self._stop_file}-not"
        profile = replace(world.profile, limits=replace(world.profile.limits, stop_file=stop))
        gate = self._make_gate(
            profile,
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
        self.tally.cases += 1
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
