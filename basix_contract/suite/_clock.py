"""One clock for a run, and how far it can be trusted: the worst delay of our own event loop."""

from __future__ import annotations

import asyncio
import time

_BEAT_S = 0.02


class RunClock:
    """Seconds since a run began; `lag_s` is by how much this process was late at worst."""

    def __init__(self, already_s: float = 0.0) -> None:
        self._began = time.monotonic() - already_s
        self.lag_s = 0.0
        self.last_event_s = 0.0

    def now_s(self) -> float:
        """Return the seconds since the run began."""
        return round(time.monotonic() - self._began, 6)

    def note_event(self) -> float:
        """Return the time now, and remember it as that of the last thing that happened."""
        self.last_event_s = self.now_s()
        return self.last_event_s

    async def watch(self) -> None:
        """Measure for as long as it runs how late this loop is; deadlines are widened by the worst of it."""
        while True:
            before = time.monotonic()
            await asyncio.sleep(_BEAT_S)
            self.lag_s = max(self.lag_s, round(time.monotonic() - before - _BEAT_S, 4))

    async def quiet(self, grace_s: float) -> None:
        """Wait until nothing has happened for one grace: what comes twice or unasked comes now."""
        left_s = grace_s
        while left_s > 0:
            await asyncio.sleep(left_s)
            left_s = self.last_event_s + grace_s - self.now_s()
