"""Plays the scenarios of the client role and writes down what happens; it decides nothing."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
from typing import TYPE_CHECKING

from basix_contract.suite._faults import fault_of_ours
from basix_contract.suite._journal import pack

if TYPE_CHECKING:
    from collections.abc import Iterable

    from basix_contract.suite._clock import RunClock
    from basix_contract.suite._journal import Journal
    from basix_contract.suite.answer._cases import ClientCase, ClientScenario, ReplyScript
    from basix_contract.suite.answer._session import Session

_MOST_IN_FLIGHT = 8
_QUIET_S = 0.5
_MOST_QUIET_S = 5.0  # a client that sends on and on is not waited for
_MOST_KEPT_BYTES = 4096


class ClientConductor:
    """Plays scenarios against one client; every event goes to the journal as it happens."""

    def __init__(self, session: Session, journal: Journal, clock: RunClock) -> None:
        self._session = session
        self._journal = journal
        self._clock = clock
        self._slots = asyncio.Semaphore(_MOST_IN_FLIGHT)
        self._suspects: list[ClientCase] = []

    def announce(self, plan: Iterable[ClientScenario]) -> None:
        """Write every scenario and call of the plan into the journal."""
        for scenario in plan:
            cases = [case.id for case in scenario.cases]
            self._journal.write("scenario", scenario=scenario.id, order=scenario.order, cases=cases)
            for case in scenario.cases:
                self._journal.write("case", case=case.id, **_announced(case))

    async def play(self, plan: tuple[ClientScenario, ...]) -> None:
        """Play the whole plan, wait out one common quiet end, and journal how it ended.

        It ends early, as `unreachable`, when the very first call comes to nothing, as `client lost` when nothing
        is reported any more, as `interrupted` by whoever cancels it.
        """
        beat = asyncio.create_task(self._clock.watch())
        ending = "interrupted"
        try:
            for scenario in plan:
                if scenario.order == "alone":
                    await self._play_scenario(scenario)
            for is_last in (False, True):
                async with asyncio.TaskGroup() as group:
                    for scenario in plan:
                        if scenario.order != "alone" and scenario.is_last == is_last:
                            group.create_task(self._play_scenario(scenario))
            for case in self._suspects:
                if await self._session.place(case) == "not-given":
                    self._write_off(case)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_MOST_QUIET_S):
                    await self._clock.quiet(_QUIET_S)
            ending = self._session.trouble or "complete"
        except Exception as error:
            ending = "crashed"
            self._journal.write("harness-error", reason=fault_of_ours(error), t=self._clock.now_s())
            raise
        finally:
            beat.cancel()
            self._journal.write("end", reason=ending, t=self._clock.now_s(), lag_s=self._clock.lag_s)

    def _write_off(self, case: ClientCase) -> None:
        """Blame a call that came to nothing among others, where the client was lost before it could be tried alone."""
        reason = "no outcome was reported, of it or of the calls beside it"
        self._journal.write("lack", case=case.id, t=self._clock.now_s(), reason=reason)

    async def _play_scenario(self, scenario: ClientScenario) -> None:
        if scenario.order == "together":
            async with asyncio.TaskGroup() as group:
                for case in scenario.cases:
                    group.create_task(self._play_case(case))
        else:
            for case in scenario.cases:
                await self._play_case(case)
        if not self._session.trouble:
            self._journal.write("scenario-end", scenario=scenario.id, t=self._clock.now_s())

    async def _play_case(self, case: ClientCase) -> None:
        async with self._slots:
            end = await self._session.place(case)
        if end == "suspect":
            self._suspects.append(case)


def _announced(case: ClientCase) -> dict[str, object]:
    """Return what the journal holds of a call before it is given; its token is not among it."""
    return {
        "scenario": case.scenario,
        "title": case.title,
        "serves": case.serves,
        "allows": case.allows,
        "params": case.params,
        "timeout_s": case.timeout_s,
        "replies": [_declared(reply) for reply in case.replies],
    }


def _declared(reply: ReplyScript) -> dict[str, object]:
    """Return a reply as it will be sent: what, with which pauses in seconds, and how it ends."""
    acts = [_packed(act) if isinstance(act, bytes) else act for act in reply.acts]
    return {"label": reply.label, "says": dataclasses.asdict(reply.says), "acts": acts, "ending": reply.ending}


def _packed(raw: bytes) -> dict[str, object]:
    cut = {"cut_from": len(raw)} if len(raw) > _MOST_KEPT_BYTES else {}
    return {**pack(raw[:_MOST_KEPT_BYTES]), **cut}
