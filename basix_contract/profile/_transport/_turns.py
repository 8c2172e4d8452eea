"""Whose turn it is to send: so many requests at a time, and so long between one and the next."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from basix_contract.profile._model import Limits


class Turns:
    """Hands out turns within the limits of a profile, in the order they are asked for."""

    def __init__(self, limits: Limits) -> None:
        self._slots = asyncio.Semaphore(limits.max_concurrent)
        self._pace = asyncio.Lock()
        self._interval_s = limits.min_interval_s
        self._last_s = float("-inf")

    @contextlib.asynccontextmanager
    async def take(self) -> AsyncIterator[None]:
        """Wait for a turn, and hold it until the request is over."""
        async with self._slots:
            await self._wait()
            yield

    async def _wait(self) -> None:
        if not self._interval_s:
            return
        now_s = asyncio.get_running_loop().time
        async with self._pace:
            await asyncio.sleep(max(0.0, self._last_s + self._interval_s - now_s()))
            self._last_s = now_s()
