"""The line to a receiver: one step at a time is written down, sent once, and written down again."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

from basix_contract.messages import Response
from basix_contract.suite.deliver._wire import header_fields, raw_request

if TYPE_CHECKING:
    from basix_contract.profile import RawSender, Silence
    from basix_contract.suite._clock import RunClock
    from basix_contract.suite._journal import Journal
    from basix_contract.suite.deliver._addresses import Addresses
    from basix_contract.suite.deliver._scenario import Step

# Nothing is asked of an answer's body; its beginning is kept for whoever reads the report.
_MOST_KEPT_BYTES = 1024
# So long it may take a receiver to notice that nobody is there any more.
_NOTICED_S = 0.1
_MOST_STALLS_IN_A_ROW = 3
_MOST_STALLS = 10
_MOST_REFUSALS_IN_A_ROW = 3
_MOST_STALLS_A_SCENARIO = 2


class Line:
    """Sends steps; `trouble` says why nothing more should be sent, and is empty while all is well."""

    def __init__(
        self, sender: RawSender, addresses: Addresses, journal: Journal, clock: RunClock, timeout_s: float
    ) -> None:
        self._sender = sender
        self._addresses = addresses
        self._journal = journal
        self._clock = clock
        self._timeout_s = timeout_s
        self._stalls: Counter[str] = Counter()
        self._stalls_in_a_row = 0
        self._refusals_in_a_row = 0
        self._has_connected = False
        self.trouble = ""

    async def send(self, scenario: str, step: Step) -> None:
        """Send a step, unless two of its scenario ran out of time already: more would tell nothing new."""
        if self._stalls[scenario] >= _MOST_STALLS_A_SCENARIO:
            self._journal.write(
                "withheld",
                exchange=step.id,
                t=self._clock.now_s(),
                reason=f"{_MOST_STALLS_A_SCENARIO} of its kind got no answer in time",
            )
            return
        url = self._addresses.url_of(step.call)
        written = self._journal.request(step.method, url, header_fields(step, url), step.body)
        self._journal.write("about-to-send", exchange=step.id, t=self._clock.now_s(), request=written)
        outcome = await self._sender.send(raw_request(step, url), timeout_s=self._timeout_s)
        if step.hang_up is not None:
            await asyncio.sleep(_NOTICED_S)
        if isinstance(outcome, Response):
            self._note_reply(step, outcome)
        else:
            self._note_silence(scenario, step, outcome)

    def _note_reply(self, step: Step, reply: Response) -> None:
        written = self._journal.message(reply.headers, reply.body[:_MOST_KEPT_BYTES])
        self._journal.write("reply", exchange=step.id, t=self._clock.note_event(), status=reply.status, **written)
        self._has_connected = True
        self._stalls_in_a_row = self._refusals_in_a_row = 0

    def _note_silence(self, scenario: str, step: Step, silence: Silence) -> None:
        self._journal.write(
            "silence",
            exchange=step.id,
            t=self._clock.note_event(),
            reason=silence.reason,
            was_sent=silence.was_sent,
            is_stall=silence.is_stall,
        )
        self._has_connected = self._has_connected or silence.was_sent
        self._refusals_in_a_row = 0 if silence.was_sent else self._refusals_in_a_row + 1
        if silence.is_stall:
            self._stalls[scenario] += 1
            self._stalls_in_a_row += 1
        self.trouble = self.trouble or self._trouble()

    def _trouble(self) -> str:
        if not self._has_connected:
            return "unreachable"
        is_dead = (
            self._refusals_in_a_row >= _MOST_REFUSALS_IN_A_ROW
            or self._stalls_in_a_row >= _MOST_STALLS_IN_A_ROW
            or self._stalls.total() >= _MOST_STALLS
        )
        return "target lost" if is_dead else ""
