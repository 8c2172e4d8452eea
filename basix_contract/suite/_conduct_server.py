"""Plays the plan of the server role and writes down what happens; it decides nothing.

Scenarios of a phase run together, steps of a scenario one after the other, and no user is called again
before the call before is over: a telephone that rings already could rightly be busy.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import time
from collections import defaultdict
from typing import TYPE_CHECKING

from basix_contract.errors import GateRefusal
from basix_contract.profile import Silence
from basix_contract.suite._scenario import PHASES
from basix_contract.suite._tokens import Tokens, bind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from basix_contract.messages import Headers, Request, Response
    from basix_contract.profile import Sender
    from basix_contract.suite._journal import Journal
    from basix_contract.suite._resume import Earlier
    from basix_contract.suite._scenario import Phase, Scenario, Step

_LAG_BEAT_S = 0.02
_MOST_SILENCES = 24
_STALL_WEIGHT = 8  # a request that runs into the reply timeout costs its whole length, a closed connection nothing
_NO_ENTRY = (401, 403)
_SIGNS_OF_A_CALL = (b'"uuids"', b'"result_code": 0', b'"result_code":0')


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """What the conductor needs to reach the target, and what it must not exceed."""

    sender: Sender
    url: str
    authorization: str
    reply_timeout_s: float
    grace_s: float
    max_concurrent: int
    min_interval_s: float = 0.0


class ServerConductor:
    """Plays scenarios against one target; every event goes to the journal as it happens."""

    def __init__(self, wiring: Wiring, journal: Journal, tokens: Tokens, earlier: Earlier) -> None:
        self._wiring = wiring
        self._journal = journal
        self._tokens = tokens
        self._earlier = earlier
        self._began = time.monotonic() - earlier.cut_at_s
        self._bodies: dict[str, bytes] = {}
        self._steps: dict[str, Step] = {}
        self._telephones: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._slots = asyncio.Semaphore(wiring.max_concurrent)
        self._pace = asyncio.Lock()
        self._holds: set[asyncio.Task[None]] = set()
        self._arrived: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._counted: defaultdict[str, int] = defaultdict(int)
        self._received = 0
        self._last_event_s = 0.0
        self._silent_in_a_row = 0
        self._has_heard = False
        self._trouble = ""
        self.lag_s = 0.0

    def now_s(self) -> float:
        """Seconds since this run began."""
        return round(time.monotonic() - self._began, 6)

    # ── the plan, written down before the first byte leaves ──

    def announce(self, plan: Iterable[Scenario]) -> None:
        """Write every scenario and step of the plan into the journal, with the bodies as they will be sent."""
        for scenario in plan:
            if scenario.id in self._earlier.ended_scenarios:
                continue
            steps = [step.id for step in scenario.steps]
            self._journal.write("scenario", scenario=scenario.id, phase=scenario.phase, exchanges=steps)
            for step in scenario.steps:
                self._announce_step(scenario, step)

    def _announce_step(self, scenario: Scenario, step: Step) -> None:
        if step.id in self._earlier.sent:
            return
        url = self._tokens.url_for(step)
        body = bind(step.body, url)
        self._bodies[step.id] = body if isinstance(body, bytes) else json.dumps(body).encode()
        self._steps[step.id] = step
        self._journal.write(
            "planned",
            exchange=step.id,
            scenario=scenario.id,
            title=step.title,
            consequence=step.consequence,
            intent=dataclasses.asdict(step.intent),
            callback_url=url,
            wire={
                "method": step.method,
                "media_type": step.media_type,
                "callback_tail": step.callback_tail,
                "callback_answers": step.callback_answers,
            },
        )

    # ── playing ──

    async def play(self, plan: tuple[Scenario, ...]) -> None:
        """Play the whole plan, wait out one common quiet end, and journal how it ended.

        It ends early, as `unreachable` or `credentials refused`, when the first answer shows that nothing can
        be scored, as `target lost` when replies have stopped coming, as `interrupted` by whoever cancels it.
        """
        beat = asyncio.create_task(self._watch_lag())
        ending = "interrupted"
        try:
            async with asyncio.TaskGroup() as ringing:
                for phase in PHASES:
                    playing = [scenario for scenario in plan if scenario.phase == phase]
                    await self._play_phase(phase, playing, ringing)
            await asyncio.gather(*self._holds)
            await self._keep_quiet()
            ending = self._trouble or "complete"
        except Exception as error:
            ending = "crashed"
            self._journal.write("harness-error", reason=_first_cause(error), t=self.now_s())
            raise
        finally:
            beat.cancel()
            for hold in self._holds:
                hold.cancel()
            self._journal.write("end", reason=ending, t=self.now_s(), lag_s=self.lag_s)

    async def _play_phase(self, phase: Phase, playing: list[Scenario], ringing: asyncio.TaskGroup) -> None:
        if self._trouble:
            return
        if phase == "alone":
            await self._play_alone(playing)
        elif phase == "long":
            for scenario in playing:
                ringing.create_task(self._play_scenario(scenario))
        else:
            await self._play_together(playing)

    async def _play_alone(self, scenarios: list[Scenario]) -> None:
        for scenario in scenarios:
            if not self._trouble:
                await self._play_scenario(scenario)

    async def _play_together(self, scenarios: list[Scenario]) -> None:
        async with asyncio.TaskGroup() as group:
            for scenario in scenarios:
                group.create_task(self._play_scenario(scenario))

    async def _play_scenario(self, scenario: Scenario) -> None:
        if scenario.id in self._earlier.ended_scenarios:
            return
        if scenario.is_parallel:
            async with asyncio.TaskGroup() as group:
                for step in scenario.steps:
                    group.create_task(self._play_step(step, is_settled=False))
        else:
            for step in scenario.steps:
                if self._trouble:
                    return
                await self._play_step(step, is_settled=scenario.is_settled)
        self._journal.write("scenario-end", scenario=scenario.id, t=self.now_s())

    async def _play_step(self, step: Step, *, is_settled: bool) -> None:
        if step.id in self._earlier.sent:
            return
        telephone = self._telephones[step.intent.user or step.id]
        await telephone.acquire()
        try:
            async with self._slots:
                was_accepted = await self._exchange(step)
        except BaseException:
            telephone.release()
            raise
        hold = asyncio.create_task(self._hold(step, telephone, rings=was_accepted))
        self._holds.add(hold)
        hold.add_done_callback(self._holds.discard)
        if is_settled:
            await hold

    async def _hold(self, step: Step, telephone: asyncio.Lock, *, rings: bool) -> None:
        """Keep a telephone to itself until its call is over: its callback came, or the hunt's time is up."""
        try:
            hunt_s = step.intent.hunt_s
            if not rings or hunt_s is None:
                return
            if not step.intent.asks_callback:
                await asyncio.sleep(hunt_s)
                return
            try:
                async with asyncio.timeout(hunt_s + self._wiring.grace_s + self.lag_s):
                    await self._arrived[step.id].wait()
            except TimeoutError:
                return
        finally:
            telephone.release()

    # ── one exchange ──

    async def _exchange(self, step: Step) -> bool:
        headers, content = self._headers(step), None if step.body is None else self._bodies[step.id]
        if self._wiring.min_interval_s:
            async with self._pace:
                await asyncio.sleep(self._wiring.min_interval_s)
        written = self._journal.request(step.method, self._wiring.url, headers, content or b"")
        self._journal.write("about-to-send", exchange=step.id, t=self.now_s(), request=written)
        try:
            outcome = await self._wiring.sender.send(
                step.method, self._wiring.url, headers, content, timeout_s=self._wiring.reply_timeout_s
            )
        except GateRefusal as refusal:
            self._journal.write("withheld", exchange=step.id, t=self.now_s(), reason=str(refusal))
            return False
        self._last_event_s = self.now_s()
        if isinstance(outcome, Silence):
            return self._note_silence(step, outcome)
        return self._note_reply(step, outcome)

    def _headers(self, step: Step) -> Headers:
        authorization = self._wiring.authorization if step.authorization is None else step.authorization
        return (
            ("Content-Type", step.media_type),
            ("Accept", "application/json"),
            ("Accept-Encoding", "identity"),
            *((("Authorization", authorization),) if authorization else ()),
            *step.headers,
        )

    def _note_reply(self, step: Step, reply: Response) -> bool:
        """Write a reply down; return whether it may mean that somebody's telephone rings. The judge comes later."""
        written = self._journal.message(reply.headers, reply.body)
        self._journal.write("reply", exchange=step.id, t=self._last_event_s, status=reply.status, **written)
        self._silent_in_a_row = 0
        is_first, self._has_heard = not self._has_heard, True
        if is_first and (reply.status in _NO_ENTRY or b"authentication_required" in reply.body):
            self._trouble = "credentials refused"
        return any(mark in reply.body for mark in _SIGNS_OF_A_CALL)

    def _note_silence(self, step: Step, silence: Silence) -> bool:
        """Write a silence down; return whether somebody's telephone may ring all the same."""
        self._journal.write(
            "silence", exchange=step.id, t=self._last_event_s, reason=silence.reason, was_sent=silence.was_sent
        )
        self._silent_in_a_row += _STALL_WEIGHT if silence.is_stall else 1
        if not self._has_heard and (not silence.was_sent or self._silent_in_a_row >= _MOST_SILENCES):
            self._trouble = "unreachable"
        elif self._silent_in_a_row >= _MOST_SILENCES:
            self._trouble = "target lost"
        return silence.was_sent

    # ── callbacks ──

    def record_callback(self, request: Request) -> int:
        """Write a callback down and return the HTTP status it is to be answered with."""
        exchange, is_exact = self._tokens.find(request.target)
        self._received += 1
        self._last_event_s = self.now_s()
        self._journal.write(
            "callback",
            callback=f"callback.{self._received}",
            exchange=exchange,
            t=self._last_event_s,
            method=request.method,
            target=self._journal.target(request.target),
            **self._journal.message(request.headers, request.body),
            is_exact=is_exact,
        )
        step = self._steps.get(exchange)
        if step is None:
            return 200
        self._arrived[exchange].set()
        answers = step.callback_answers
        self._counted[exchange] += 1
        return answers[min(self._counted[exchange], len(answers)) - 1]

    # ── the end ──

    async def _keep_quiet(self) -> None:
        """Wait until nothing has been due for one grace: what comes twice or unasked comes now."""
        left_s = self._wiring.grace_s
        while left_s > 0:
            await asyncio.sleep(left_s)
            left_s = self._last_event_s + self._wiring.grace_s - self.now_s()

    async def _watch_lag(self) -> None:
        """Measure how late this loop runs; deadlines are widened by the worst of it."""
        while True:
            before = time.monotonic()
            await asyncio.sleep(_LAG_BEAT_S)
            self.lag_s = max(self.lag_s, round(time.monotonic() - before - _LAG_BEAT_S, 4))


def _first_cause(error: BaseException) -> str:
    """Name what went wrong first, without its words: they could quote a secret."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return f"the kit itself failed with {type(error).__name__}"
