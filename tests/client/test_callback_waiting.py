"""Waiting for a result: it may have come before, come twice, or never come."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from basix_contract.client import Answered, CallbackReceiver, NoCallback
from tests.client.faces import ANSWERED_ELSEWHERE, BUSY, URLS, UUID, callback


@pytest.fixture
def receiver() -> CallbackReceiver:
    """A receiver without a handler."""
    return CallbackReceiver(URLS)


def test_a_callback_that_came_first_is_there_at_once(receiver: CallbackReceiver) -> None:
    """A callback that overtakes the reply to its call is not lost."""
    receiver.handle(callback())

    assert receiver.wait_for("crm-4711", timeout_s=0) == Answered(uuid=UUID)
    assert asyncio.run(receiver.wait_for_async("crm-4711", timeout_s=5)) == Answered(uuid=UUID)


def test_of_two_results_the_first_is_told(receiver: CallbackReceiver) -> None:
    """Whoever asks, and however often, hears the same."""
    for body in (BUSY, ANSWERED_ELSEWHERE, BUSY):
        receiver.handle(callback(body=body))

    first, second = (receiver.wait_for("crm-4711", timeout_s=0) for _ in range(2))

    assert first == second
    assert not isinstance(first, Answered | NoCallback)


def test_a_result_that_comes_later_ends_the_wait(receiver: CallbackReceiver) -> None:
    """A thread that waits is woken by the callback of its call and by no other."""
    told: list[object] = []
    waiting = threading.Thread(target=lambda: told.append(receiver.wait_for("crm-4711", timeout_s=10)))
    waiting.start()
    receiver.handle(callback("crm-1"))
    receiver.handle(callback())
    waiting.join(10)

    assert told == [Answered(uuid=UUID)]


def test_many_can_wait_for_one_call(receiver: CallbackReceiver) -> None:
    """Every task that waits is told, also by a callback that another thread takes."""

    async def run() -> list[object]:
        waiting = [asyncio.create_task(receiver.wait_for_async("crm-4711", timeout_s=10)) for _ in range(3)]
        await asyncio.sleep(0)
        await asyncio.to_thread(receiver.handle, callback())
        return list(await asyncio.gather(*waiting))

    assert asyncio.run(run()) == [Answered(uuid=UUID)] * 3


def test_a_callback_that_never_comes_is_an_outcome(receiver: CallbackReceiver) -> None:
    """After the time one was ready to wait, the answer is that nobody knows."""
    began_s = time.monotonic()

    assert receiver.wait_for("crm-4711", timeout_s=0.02) == NoCallback("crm-4711", 0.02)
    assert asyncio.run(receiver.wait_for_async("crm-4711", timeout_s=0.02)) == NoCallback("crm-4711", 0.02)
    assert time.monotonic() - began_s >= 0.04


def test_a_result_after_the_wait_is_kept(receiver: CallbackReceiver) -> None:
    """Who waited in vain can ask again; nothing of the first wait is left behind."""
    receiver.wait_for("crm-4711", timeout_s=0)
    asyncio.run(receiver.wait_for_async("crm-4711", timeout_s=0.001))
    receiver.handle(callback())

    assert receiver.wait_for("crm-4711", timeout_s=0) == Answered(uuid=UUID)


def test_a_wait_that_is_given_up_harms_nobody(receiver: CallbackReceiver) -> None:
    """A task that is cancelled while it waits leaves the others waiting."""

    async def run() -> object:
        leaves, stays = (asyncio.create_task(receiver.wait_for_async("crm-4711", timeout_s=10)) for _ in range(2))
        await asyncio.sleep(0)
        leaves.cancel()
        await asyncio.wait({leaves})
        receiver.handle(callback())
        return await stays

    assert asyncio.run(run()) == Answered(uuid=UUID)
