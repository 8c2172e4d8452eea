"""Plays the plan of the receiver role and writes down what happens; it decides nothing."""

from __future__ import annotations

import asyncio
import dataclasses
from typing import TYPE_CHECKING

from basix_contract.suite._clock import RunClock
from basix_contract.suite._faults import fault_of_ours
from basix_contract.suite.deliver._line import Line
from basix_contract.suite.deliver._observer import settled
from basix_contract.suite.deliver._scenario import PHASES, Step

if TYPE_CHECKING:
    from collections.abc import Iterable

    from basix_contract.profile import RawSender
    from basix_contract.suite._journal import Journal
    from basix_contract.suite.deliver._addresses import Addresses
    from basix_contract.suite.deliver._observer import Observer
    from basix_contract.suite.deliver._scenario import Call, Move, Scenario

# A uuid stands near the beginning of a body, if it stands there.
_ENOUGH_BYTES = 10_000
_LOOKED_AT_AFTER = ("odd", "hostile")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """What it takes to reach a receiver and, if there is one, whoever observes its application."""

    sender: RawSender
    addresses: Addresses
    observer: Observer | None
    timeout_s: float


class ReceiverConductor:
    """Plays scenarios against one receiver; every event goes to the journal as it happens."""

    def __init__(self, wiring: Wiring, journal: Journal) -> None:
        self._wiring = wiring
        self._journal = journal
        self._clock = RunClock()
        self._looked_for: set[str] = set()
        self._line = Line(wiring.sender, wiring.addresses, journal, self._clock, wiring.timeout_s)

    async def play(self, plan: tuple[Scenario, ...]) -> None:
        """Announce the whole plan, play it, look at what came of it, and journal how it ended.

        It ends early as `unreachable` or `target lost` when no answer can come any more, as `interrupted` by whoever
        cancels it.
        """
        beat = asyncio.create_task(self._clock.watch())
        ending = "interrupted"
        try:
            self._announce(plan)
            for phase in PHASES:
                for scenario in plan:
                    if scenario.phase == phase:
                        await self._play_scenario(scenario)
                        await self._look([scenario] if phase == "last" and not self._line.trouble else [])
                if phase in _LOOKED_AT_AFTER:
                    await self._look([scenario for scenario in plan if _is_due(scenario, phase)])
            ending = self._line.trouble or "complete"
        except Exception as error:
            ending = "crashed"
            self._journal.write("harness-error", reason=fault_of_ours(error), t=self._clock.now_s())
            raise
        finally:
            beat.cancel()
            self._wiring.sender.let_go()
            self._journal.write("end", reason=ending, t=self._clock.now_s(), lag_s=self._clock.lag_s)

    def _announce(self, plan: tuple[Scenario, ...]) -> None:
        for scenario in plan:
            steps = list(scenario.steps)
            ids = [step.id for step in steps]
            self._journal.write("scenario", scenario=scenario.id, phase=scenario.phase, exchanges=ids)
            for call in scenario.calls:
                self._announce_call(scenario, call)
            for step in steps:
                self._announce_step(scenario, step)

    def _announce_call(self, scenario: Scenario, call: Call) -> None:
        addresses = self._wiring.addresses
        bodies = [step.body[:_ENOUGH_BYTES].lower() for step in scenario.steps if step.call == call.id]
        are_named = all(any(uuid.lower().encode() in body for uuid in call.uuids) for body in bodies)
        can_be_told_apart = addresses.can_be_told_apart(call, are_named=are_named)
        if call.held_for and can_be_told_apart:
            self._looked_for.add(call.id)
        self._journal.write(
            "call",
            call=call.id,
            scenario=scenario.id,
            case=addresses.case_of(call.id),
            url=self._journal.target(addresses.url_of(call.id)),
            uuids=call.uuids,
            reply=call.reply,
            held_for=dict(call.held_for),
            uuid=call.uuid,
            can_be_told_apart=can_be_told_apart,
        )

    def _announce_step(self, scenario: Scenario, step: Step) -> None:
        self._journal.write(
            "planned",
            exchange=step.id,
            scenario=scenario.id,
            title=step.title,
            call=step.call,
            expects=dict(step.expects),
            features=step.features,
            follows=step.follows,
            is_timed=step.is_timed,
            wire={
                "chunk_bytes": step.chunk_bytes,
                "pace": step.pace and dataclasses.asdict(step.pace),
                "hang_up": step.hang_up and dataclasses.asdict(step.hang_up),
            },
        )

    async def _play_scenario(self, scenario: Scenario) -> None:
        if scenario.phase == "together":
            if not self._line.trouble:
                async with asyncio.TaskGroup() as group:
                    for step in scenario.steps:
                        group.create_task(self._line.send(scenario.id, step))
        else:
            for move in scenario.moves:
                await self._make(scenario, move)
        if not self._line.trouble:
            self._journal.write("scenario-end", scenario=scenario.id, t=self._clock.now_s())

    async def _make(self, scenario: Scenario, move: Move) -> None:
        if self._line.trouble:
            return
        if isinstance(move, Step):
            await self._line.send(scenario.id, move)
            return
        call = next(call for call in scenario.calls if call.id == move.call)
        await self._wiring.addresses.tell_reply(call)
        self._journal.write("told-reply", call=call.id, t=self._clock.now_s())

    async def _look(self, scenarios: Iterable[Scenario]) -> None:
        """Write down what the application holds the calls of these scenarios for."""
        observer = self._wiring.observer
        calls = {
            self._wiring.addresses.case_of(call.id): call
            for scenario in scenarios
            for call in scenario.calls
            if call.id in self._looked_for
        }
        if observer is None or not calls:
            return
        told = [case for case, call in calls.items() if set(call.held_for.values()) != {"not-held-for-answered"}]
        seen = await settled(observer, calls, told)
        for case, call in calls.items():
            belief = seen[case]
            self._journal.write(
                "observed",
                call=call.id,
                t=self._clock.now_s(),
                outcomes=[dataclasses.asdict(outcome) for outcome in belief.outcomes],
                problem=belief.problem,
            )


def _is_due(scenario: Scenario, phase: str) -> bool:
    return scenario.phase != "last" and (scenario.phase == "hostile") == (phase == "hostile")
