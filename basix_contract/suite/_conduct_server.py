"""Plays the plan of the server role and writes down what happens; it decides nothing.

Scenarios of a phase run together, steps of a scenario one after the other, and no user is called again
before the call before is over: a telephone that rings already could rightly be busy. A target that refuses
calls in a crowd is played one call at a time from then on: that fault is told once, not by every row.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from basix_contract.suite._arrivals import Arrivals
from basix_contract.suite._clock import RunClock
from basix_contract.suite._faults import fault_of_ours
from basix_contract.suite._line import Line, Wiring
from basix_contract.suite._people import answer_of
from basix_contract.suite._scenario import PHASES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from basix_contract.messages import Request
    from basix_contract.suite._journal import Journal
    from basix_contract.suite._people import Attendant
    from basix_contract.suite._resume import Earlier
    from basix_contract.suite._scenario import Phase, Scenario, Step
    from basix_contract.suite._tokens import Tokens
    from basix_contract.suite.plan import Plan


class ServerConductor:
    """Plays scenarios against one target; every event goes to the journal as it happens."""

    def __init__(self, wiring: Wiring, journal: Journal, tokens: Tokens, earlier: Earlier) -> None:
        self._wiring = wiring
        self._journal = journal
        self._earlier = earlier
        self._clock = RunClock(earlier.cut_at_s)
        self._line = Line(wiring, journal, self._clock)
        self._arrivals = Arrivals(journal, tokens, self._clock)
        self._telephones: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._slots = asyncio.Semaphore(wiring.max_concurrent)
        self._holds: set[asyncio.Task[None]] = set()
        self._takes_one_call = wiring.takes_one_call

    def record_callback(self, request: Request) -> int:
        """Write a callback down and return the HTTP status it is to be answered with."""
        return self._arrivals.record(request)

    def announce(self, plan: Iterable[Scenario]) -> None:
        """Write scenarios and their steps into the journal, with the bodies as they will be sent."""
        for scenario in plan:
            if scenario.id in self._earlier.ended_scenarios:
                continue
            steps = [step.id for step in scenario.steps]
            self._journal.write("scenario", scenario=scenario.id, phase=scenario.phase, exchanges=steps)
            for step in scenario.steps:
                if not self._is_over(step):
                    self._line.announce(scenario, step, self._arrivals.expect(step))

    def keep_to_plan(self) -> None:
        """From now on nothing leaves but what was announced, each of it once."""
        self._line.keep_to_plan()

    @contextlib.contextmanager
    def beginning(self) -> Iterator[None]:
        """Journal that a run was interrupted before anything of it was played."""
        try:
            yield
        except asyncio.CancelledError:
            self._note_end("interrupted")
            raise

    async def play(self, plan: Plan) -> None:
        """Play the whole plan, wait out one common quiet end, and journal how it ended.

        It ends early, as `unreachable` or `credentials refused`, when the first answer shows that nothing can
        be scored, as `target lost` when replies have stopped coming, as `interrupted` by whoever cancels it.
        """
        beat = asyncio.create_task(self._clock.watch())
        ending = "interrupted"
        try:
            async with asyncio.TaskGroup() as ringing:
                for phase in PHASES:
                    playing = [scenario for scenario in plan.scenarios if scenario.phase == phase]
                    if phase == "generated":
                        playing += await self._drawn(plan)
                    await self._play_phase(phase, playing, ringing)
            await asyncio.gather(*self._holds)
            await self._clock.quiet(self._wiring.grace_s)
            ending = self._line.trouble or "complete"
        except Exception as error:
            ending = "crashed"
            self._journal.write("harness-error", reason=fault_of_ours(error), t=self._clock.now_s())
            raise
        finally:
            beat.cancel()
            for hold in self._holds:
                hold.cancel()
            self._note_end(ending)

    def _note_end(self, ending: str) -> None:
        self._journal.write("end", reason=ending, t=self._clock.now_s(), lag_s=self._clock.lag_s)

    async def _drawn(self, plan: Plan) -> tuple[Scenario, ...]:
        """Announce what was drawn meanwhile; nothing when nothing more is sent."""
        if not self._line.may_send():
            return ()
        try:
            drawn = await asyncio.to_thread(plan.drawn_late)
        except asyncio.CancelledError:
            plan.close()  # or its thread would wait for what nobody wants any more
            raise
        self.announce(drawn)
        return drawn

    async def _play_phase(self, phase: Phase, playing: list[Scenario], ringing: asyncio.TaskGroup) -> None:
        if self._takes_one_call or phase in ("alone", "robustness", "credentials"):
            for scenario in playing:
                await self._play_scenario(scenario)
        elif phase == "long":
            for scenario in playing:
                ringing.create_task(self._play_scenario(scenario))
        else:
            async with asyncio.TaskGroup() as group:
                for scenario in playing:
                    group.create_task(self._play_scenario(scenario))

    async def _play_scenario(self, scenario: Scenario) -> None:
        if scenario.id in self._earlier.ended_scenarios or not self._line.may_send():
            return
        if scenario.is_parallel:
            await self._play_burst(scenario)
            if scenario.is_settled:
                await asyncio.gather(*self._holds)
        else:
            for step in scenario.steps:
                if not self._line.may_send():
                    return
                await self._play_step(step, is_settled=scenario.is_settled or self._takes_one_call)
        self._journal.write("scenario-end", scenario=scenario.id, t=self._clock.now_s())

    async def _play_burst(self, scenario: Scenario) -> None:
        async with asyncio.TaskGroup() as group:
            calls = [group.create_task(self._play_step(step, is_settled=False)) for step in scenario.steps]
        accepted = [
            step.intent.expect != "accept" or call.result() for step, call in zip(scenario.steps, calls, strict=True)
        ]
        self._takes_one_call = self._takes_one_call or not all(accepted)

    async def _play_step(self, step: Step, *, is_settled: bool) -> bool:
        """Send a step unless it is over; return whether it may have been accepted."""
        if self._is_over(step):
            return True
        telephone = self._telephones[step.id if step.is_beside else step.intent.user or step.id]
        await telephone.acquire()
        try:
            async with self._slots:
                may_ring = await self._line.send(step)
        except BaseException:
            telephone.release()
            raise
        hold = asyncio.create_task(self._hold(step, telephone, may_ring=may_ring))
        self._holds.add(hold)
        hold.add_done_callback(self._holds.discard)
        if is_settled:
            await hold
        if may_ring and self._line.may_send():
            await self._ask(step)
        return may_ring

    def _is_over(self, step: Step) -> bool:
        """Tell whether an earlier run sent it, or the call whose callback_url it shares, which ended with that run."""
        return not self._earlier.sent.isdisjoint((step.id, step.intent.callback_of))

    async def _ask(self, step: Step) -> None:
        """Ask the person who watches the telephones what only a person can tell of this call."""
        attendant = self._wiring.attendant
        for question in step.questions if attendant else ():
            answer = await answer_of(cast("Attendant", attendant), question.told)
            self._journal.write(
                "asked",
                exchange=step.id,
                row=question.row,
                question=question.text,
                answer=answer,
                who=cast("Attendant", attendant).name,
                at=datetime.now(UTC).isoformat(timespec="seconds"),
                t=self._clock.now_s(),
            )

    async def _hold(self, step: Step, telephone: asyncio.Lock, *, may_ring: bool) -> None:
        """Keep a telephone to itself until its call is over: the callback or the end of the hunt, then the talk."""
        try:
            hunt_s = step.intent.hunt_s if step.waits_s is None else step.waits_s
            if not may_ring or hunt_s is None:
                return
            if step.intent.asks_callback:
                await self._arrivals.wait(step.id, hunt_s + self._wiring.grace_s + self._clock.lag_s)
            else:
                await asyncio.sleep(hunt_s + self._wiring.hold_margin_s)
            await asyncio.sleep(step.talk_s)
        finally:
            telephone.release()
