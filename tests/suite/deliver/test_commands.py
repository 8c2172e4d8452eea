"""Commands of the user's own end with the run, whenever that ends."""

from __future__ import annotations

import asyncio
import shlex
import subprocess
import sys
import threading
import time
from collections.abc import Sequence

import pytest

from basix_contract.suite.deliver import _commands
from basix_contract.suite.deliver._commands import Command
from tests.suite.test_client_runs import is_there

_SLEEPS = shlex.join([sys.executable, "-c", "import time; time.sleep(600)"])


def test_a_command_that_is_cancelled_while_it_starts_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that comes to be only after the run is over is ended at once."""
    is_starting, is_cancelled, pids = threading.Event(), threading.Event(), []
    start = _commands._started

    def start_late(words: Sequence[str]) -> subprocess.Popen[bytes]:
        is_starting.set()
        is_cancelled.wait(10)
        process = start(words)
        pids.append(process.pid)
        return process

    async def play() -> None:
        asking = asyncio.create_task(Command(_SLEEPS, "--url-command").ask("case", {}))
        await asyncio.to_thread(is_starting.wait, 10)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        is_cancelled.set()

    monkeypatch.setattr(_commands, "_started", start_late)
    began = time.monotonic()
    asyncio.run(play())

    assert time.monotonic() - began < 8
    assert pids
    assert not is_there(pids[0])
