"""Gives calls to an adapter and waits for what is reported; whatever it does, each call comes to an end.

An adapter that has hung, died or flooded its output is ended and started again. Which call was the cause is known
where it was alone, or had sent its request; the others are suspects, to be given again by themselves.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from basix_contract.suite.answer._output import LeakWatch

if TYPE_CHECKING:
    from basix_contract.suite._clock import RunClock
    from basix_contract.suite._journal import Journal
    from basix_contract.suite.answer._adapter import Adapter
    from basix_contract.suite.answer._answers import Answer
    from basix_contract.suite.answer._cases import ClientCase
    from basix_contract.suite.answer._desk import CallDesk, Placed

End = Literal["reported", "lacking", "suspect", "not-given"]

_ALLOWANCE_S = 1.5  # how much later than the client's own time limit an outcome may be reported
_START_UP_S = 15.0  # how long the first call of all may take: programs have to load
_MOST_LACKS = 24  # in a row
_MOST_LOST_S = 30.0  # spent on calls that came to nothing
_LONGEST_S = 45.0  # a call may wait behind others, but not for ever, however lively they are
_MOST_NOISE = 20
_SHOWN_NOISE = 200


@dataclass(slots=True)
class _Pending:
    """A call that was given and has not ended."""

    placed: Placed
    given_at_s: float
    was_alone: bool
    end: End | None = None
    over: asyncio.Event = field(default_factory=asyncio.Event)


class Session:
    """One adapter and the calls in its hands; `trouble` says why no more should be given, and is empty till then."""

    def __init__(
        self, adapter: Adapter, desk: CallDesk, journal: Journal, clock: RunClock, *, token_prefix: str
    ) -> None:
        self._adapter = adapter
        self._desk = desk
        self._journal = journal
        self._clock = clock
        self._leaks = LeakWatch(token_prefix)
        self._leaked: set[tuple[str, str]] = set()
        self._pending: dict[str, _Pending] = {}
        self._attempts: Counter[str] = Counter()
        self._cases: dict[str, str] = {}
        self._changed = asyncio.Condition()
        self._is_tainted = False
        self._is_fresh = True
        self._has_answered = False
        self._noise = 0
        self._lacks_in_a_row = 0
        self._lost_s = 0.0
        self._start_up_s = _START_UP_S
        self.trouble = ""

    async def open(self) -> None:
        """Start the adapter; raises UsageError when it cannot be started."""
        await self._adapter.start(self)

    async def close(self) -> None:
        """End the adapter and all that it has started."""
        await self._adapter.stop()

    async def place(self, case: ClientCase) -> End:
        """Give a call, and wait until it has ended one way or another."""
        async with self._changed:
            await self._changed.wait_for(lambda: not self._is_tainted or not self._pending)
            if self._is_tainted:
                await self._restart()
        if self.trouble:
            return "not-given"
        self._attempts[case.id] += 1
        placed = self._desk.register(case, self._attempts[case.id])
        name = f"{case.id}~{placed.attempt}" if placed.attempt > 1 else case.id
        self._cases[name] = case.id
        self._leaks.hand_out(case.id, case.token)
        pending = self._admit(name, placed)
        self._journal.write("given", case=case.id, attempt=placed.attempt, t=pending.given_at_s)
        await self._adapter.give(
            {
                "case": name,
                "base_url": self._desk.base_url(placed),
                "domain": case.domain,
                "token": case.token,
                "params": case.params,
                "timeout_s": case.timeout_s,
            }
        )
        return await self._wait(name, pending)

    def _admit(self, name: str, placed: Placed) -> _Pending:
        """Put a call among those that have not ended; from now on none of them is alone."""
        pending = _Pending(placed, self._clock.now_s(), was_alone=not self._pending)
        for other in self._pending.values():
            other.was_alone = False
        self._pending[name] = pending
        return pending

    async def _restart(self) -> None:
        """End the adapter and begin again; who waits is let on by the caller's condition."""
        await self._adapter.stop()
        await self._adapter.start(self)
        self._is_tainted, self._is_fresh = False, True
        self._journal.write("restarted", t=self._clock.now_s())
        self._changed.notify_all()

    async def _wait(self, name: str, pending: _Pending) -> End:
        while pending.end is None:
            left_s = self._due_s(pending) - self._clock.now_s()
            if left_s <= 0:
                self._give_up(name, pending)
                break
            try:
                async with asyncio.timeout(left_s):
                    await pending.over.wait()
            except TimeoutError:
                continue  # what it waits for may have been put off meanwhile
        async with self._changed:
            self._changed.notify_all()
        return pending.end or "lacking"

    def _due_s(self, pending: _Pending) -> float:
        """Return when a call is overdue: the time of one not begun starts with the last sign of life."""
        begun_s = pending.placed.first_request_at_s or max(pending.given_at_s, self._clock.last_event_s)
        start_up_s = self._start_up_s if self._is_fresh else 0.0
        allowed_s = pending.placed.case.timeout_s + _ALLOWANCE_S + start_up_s + self._clock.lag_s
        return min(begun_s, pending.given_at_s + _LONGEST_S) + allowed_s

    def _give_up(self, name: str, pending: _Pending) -> None:
        self._taint(pending.given_at_s)
        is_cause = pending.was_alone or pending.placed.first_request_at_s is not None
        limit_s = pending.placed.case.timeout_s + _ALLOWANCE_S
        self._finish(name, "lacking" if is_cause else "suspect", f"no outcome was reported within {limit_s:.1f} s")

    def _finish(self, name: str, end: End, reason: str = "") -> None:
        pending = self._pending.pop(name)
        pending.end = end
        pending.over.set()
        if end == "reported":
            self._note_success(pending)
            return
        case = pending.placed.case.id
        self._journal.write(
            "lack" if end == "lacking" else "withdrawn", case=case, t=self._clock.now_s(), reason=reason
        )
        if end == "lacking":
            self._lacks_in_a_row += 1
        self._note_trouble()

    def _taint(self, since_s: float) -> None:
        """Take note that the adapter is of no use any more, and of the time that was lost with it."""
        if not self._is_tainted:
            self._lost_s += self._clock.now_s() - since_s
        self._is_tainted = True

    def _note_trouble(self) -> None:
        if not self._has_answered and self._lacks_in_a_row:
            self.trouble = "unreachable"
        elif self._lacks_in_a_row >= _MOST_LACKS or self._lost_s >= _MOST_LOST_S:
            self.trouble = "client lost"

    def _note_success(self, pending: _Pending) -> None:
        if not self._has_answered:
            self._start_up_s = self._clock.now_s() - pending.given_at_s
        self._has_answered, self._is_fresh, self._lacks_in_a_row = True, False, 0

    def heard(self, answer: Answer) -> None:
        """Take an answer for the call it names; anything else is noise."""
        at_s = self._clock.note_event() if answer.case in self._pending else self._clock.now_s()
        case = self._cases.get(answer.case)
        if case is None:
            self._note_noise(answer.problem or f"an answer for {answer.case[:80]!r}, which was never given")
        elif answer.case not in self._pending:
            self._journal.write("answered-again", case=case, attempt=_attempt_of(answer.case), t=at_s)
        elif answer.members is None:
            self._finish(answer.case, "lacking", f"the adapter's answer cannot be read: {answer.problem}")
        else:
            self._journal.write("answer", case=case, t=at_s, **answer.members)
            self._finish(answer.case, "reported")

    def printed(self, stream: str, raw: bytes) -> None:
        """Look for tokens in whatever was printed."""
        for case in self._leaks.feed(stream, raw):
            if (case, stream) not in self._leaked:
                self._leaked.add((case, stream))
                self._journal.write("leak", case=case, stream=stream, t=self._clock.now_s())

    def lost(self, reason: str) -> None:
        """Take note that the adapter is gone: a call that was alone with it is the cause."""
        self._taint(min((item.given_at_s for item in self._pending.values()), default=self._clock.now_s()))
        self._note_noise(reason)
        is_cause = len(self._pending) == 1
        for name in list(self._pending):
            self._finish(name, "lacking" if is_cause else "suspect", reason)

    def _note_noise(self, what: str) -> None:
        self._noise += 1
        if self._noise <= _MOST_NOISE:
            self._journal.write("noise", t=self._clock.now_s(), what=what[:_SHOWN_NOISE])


def _attempt_of(name: str) -> int:
    return int(name.rpartition("~")[2]) if "~" in name else 1
