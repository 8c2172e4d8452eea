"""The virtual clock: it jumps when nothing else goes on, or stands still until it is moved."""

from __future__ import annotations

import asyncio
import time

import pytest

from basix_contract.mock import RealClock, VirtualClock


def test_an_automatic_clock_wakes_sleepers_in_order() -> None:
    """Hours pass in a moment, and everybody wakes at his own time."""

    async def run() -> list[tuple[str, float]]:
        clock, woken = VirtualClock(), []

        async def sleep(name: str, *durations_s: float) -> None:
            for duration_s in durations_s:
                await clock.sleep(duration_s)
                woken.append((name, clock.now()))

        await asyncio.gather(sleep("slow", 3600), sleep("quick", 1, 1), sleep("at once", 0, -1))
        return woken

    started_s = time.monotonic()
    assert asyncio.run(run()) == [
        ("at once", 0),
        ("at once", 0),
        ("quick", 1),
        ("quick", 2),
        ("slow", 3600),
    ]
    assert time.monotonic() - started_s < 1


def test_a_sleeper_that_was_cancelled_does_not_move_the_time() -> None:
    """Nobody's wake-up is no reason to jump."""

    async def run() -> float:
        clock = VirtualClock()
        dropped = asyncio.create_task(clock.sleep(5))
        await asyncio.sleep(0)
        dropped.cancel()
        await asyncio.wait({dropped})
        await clock.sleep(7)
        return clock.now()

    assert asyncio.run(run()) == 7


def test_a_clock_without_sleepers_stands_still() -> None:
    """When the last sleeper is cancelled, the jump that was planned leads nowhere."""

    async def run() -> float:
        clock = VirtualClock()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await clock.sleep(5)
        await asyncio.sleep(0.01)
        return clock.now()

    assert asyncio.run(run()) == 0


def test_a_clock_moved_by_hand_wakes_only_who_is_due() -> None:
    """`advance` moves the time, also past sleepers who were cancelled or whose loop is gone."""

    async def run() -> list[bool]:
        clock = VirtualClock(is_automatic=False)
        near, far, dropped = (asyncio.create_task(clock.sleep(after_s)) for after_s in (1, 10, 1))
        await asyncio.sleep(0)
        clock.advance(1)
        dropped.cancel()
        await asyncio.wait({near, dropped})
        states = [near.done(), far.done()]
        far.cancel()
        await asyncio.wait({far})
        return states

    assert asyncio.run(run()) == [True, False]


def test_a_sleeper_of_a_closed_loop_is_forgotten() -> None:
    """Moving the time after the loop has ended harms nobody."""
    clock = VirtualClock(is_automatic=False)

    async def run() -> None:
        sleeper = asyncio.ensure_future(clock.sleep(1))
        await asyncio.sleep(0)
        sleeper.cancel()

    asyncio.run(run())
    clock.advance(2)
    assert clock.now() == 2


def test_the_real_clock_takes_its_time() -> None:
    """It sleeps for as long as it is asked to, and not at all for nothing."""
    clock = RealClock()

    async def run() -> float:
        started_s = clock.now()
        await clock.sleep(-1)
        await clock.sleep(0.02)
        return clock.now() - started_s

    assert 0.019 <= asyncio.run(run()) < 1
