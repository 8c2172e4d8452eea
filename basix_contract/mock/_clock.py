"""Time as the mock knows it: the real one, or one that is moved by hand or jumps over every wait."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import threading
import time
from typing import Protocol, TypeAlias

# An automatic clock jumps once this much real time has passed in which nobody went to sleep: time for
# replies and callbacks on loopback to go their way in the order in which they would.
_SETTLE_S = 0.002

_Sleeper: TypeAlias = "tuple[float, int, asyncio.AbstractEventLoop, asyncio.Future[None]]"


class Clock(Protocol):
    """What the mock asks of time; seconds from any origin."""

    def now(self) -> float:
        """Return the time in seconds."""
        ...

    async def sleep(self, duration_s: float) -> None:
        """Return once this much time has passed; at once for zero and below."""
        ...


class RealClock:
    """The time of this machine, unmoved by changes of its date."""

    def now(self) -> float:
        """Return the machine's monotonic time."""
        return time.monotonic()

    async def sleep(self, duration_s: float) -> None:
        """Wait for real."""
        await asyncio.sleep(max(0.0, duration_s))


class VirtualClock:
    """A time in which 180 s of ringing take no time at all.

    Automatic: it jumps to the next wake-up whenever nothing else goes on. By hand: it stands still until
    `advance` is called, from any thread.
    """

    def __init__(self, *, is_automatic: bool = True) -> None:
        self._is_automatic = is_automatic
        self._now_s = 0.0
        self._sleepers: list[_Sleeper] = []
        self._order = itertools.count()
        self._jump: asyncio.TimerHandle | None = None
        self._lock = threading.Lock()

    def now(self) -> float:
        """Return the virtual time."""
        return self._now_s

    async def sleep(self, duration_s: float) -> None:
        """Return once the virtual time has moved on this far."""
        if duration_s <= 0:
            await asyncio.sleep(0)
            return
        loop = asyncio.get_running_loop()
        waiter = loop.create_future()
        with self._lock:
            heapq.heappush(self._sleepers, (self._now_s + duration_s, next(self._order), loop, waiter))
        if self._is_automatic:
            self._plan_jump(loop)
        await waiter

    def advance(self, duration_s: float) -> None:
        """Move the time on and wake whoever has slept long enough, the longest overdue first."""
        with self._lock:
            self._now_s += duration_s
            due = []
            while self._sleepers and self._sleepers[0][0] <= self._now_s:
                due.append(heapq.heappop(self._sleepers))
        for _, _, loop, waiter in due:
            if not loop.is_closed():
                loop.call_soon_threadsafe(_wake, waiter)

    def _plan_jump(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._jump is not None:
            self._jump.cancel()
        self._jump = loop.call_later(_SETTLE_S, self._jump_ahead, loop)

    def _jump_ahead(self, loop: asyncio.AbstractEventLoop) -> None:
        self._jump = None
        with self._lock:
            while self._sleepers and self._sleepers[0][3].done():
                heapq.heappop(self._sleepers)
            wake_at_s = self._sleepers[0][0] if self._sleepers else self._now_s
        self.advance(wake_at_s - self._now_s)
        if self._sleepers:
            self._plan_jump(loop)


def _wake(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_result(None)
