"""A run that is told to end ends in good order; what its caller has it ignore it ignores."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from basix_contract.suite._signals import heeding_signals


def test_a_run_that_is_told_to_end_stops_sending_first() -> None:
    """SIGTERM closes the gate, and breaks off whatever is waited for."""
    stopped: list[str] = []

    async def run() -> None:
        with heeding_signals(lambda: stopped.append("gate")):
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.Event().wait()

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(run())

    assert stopped == ["gate"]
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_a_closed_terminal_that_is_to_be_ignored_is() -> None:
    """Under nohup SIGHUP ends nothing, as whoever started the run wants it."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)

    async def run() -> str:
        with heeding_signals():
            os.kill(os.getpid(), signal.SIGHUP)
            await asyncio.sleep(0)
            return "went on"

    try:
        assert asyncio.run(run()) == "went on"
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
