"""Nothing in a client run waits without bound: not for an adapter, not for a call, not for silence."""

from __future__ import annotations

import asyncio
import json
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from basix_contract.suite import ClientOptions, run_client
from basix_contract.suite.answer import _conduct, _session
from basix_contract.suite.answer._adapter import ProcessAdapter
from tests.defects.clients.small import SmallClient
from tests.suite.test_client_runs import FINISHED, is_there, row_of, run_of

if TYPE_CHECKING:
    from pathlib import Path

    from basix_contract.suite.answer._answers import Answer

TELLS_ITS_ID = "import os, sys, time; print(os.getpid(), flush=True); time.sleep(600)"


class Ear:
    """Hears an adapter, and remembers what it printed."""

    def __init__(self) -> None:
        self.said = b""
        self.has_spoken = asyncio.Event()

    def heard(self, answer: Answer) -> None:
        """Take a line."""

    def printed(self, stream: str, raw: bytes) -> None:  # noqa: ARG002 - of either stream
        """Remember what was printed."""
        self.said += raw
        self.has_spoken.set()

    def lost(self, reason: str) -> None:
        """Take note of its end."""


@pytest.mark.parametrize("steps", range(6))
def test_an_adapter_that_is_cancelled_while_it_starts_is_ended(steps: int) -> None:
    """Wherever in its start a cancellation comes, the process is known and ends."""

    async def play() -> int:
        adapter, ear = ProcessAdapter((sys.executable, "-c", TELLS_ITS_ID)), Ear()
        starting = asyncio.create_task(adapter.start(ear))
        for _ in range(steps):
            await asyncio.sleep(0)
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
        process = adapter._process
        await adapter.stop()
        return 0 if process is None else process.pid

    pid = asyncio.run(asyncio.wait_for(play(), 20))

    assert pid or not steps, "nothing was started"
    assert not (pid and is_there(pid))


def test_an_adapter_that_reads_nothing_is_ended() -> None:
    """Calls that fill the pipe of one that does not read hold nobody up, and are thrown away with it."""

    async def play() -> int:
        adapter, ear = ProcessAdapter((sys.executable, "-c", TELLS_ITS_ID)), Ear()
        await adapter.start(ear)
        await ear.has_spoken.wait()
        for _ in range(40):
            await adapter.give({"case": "x" * 10_000})
        await adapter.stop()
        assert not adapter.left_by_itself
        return int(ear.said)

    assert not is_there(asyncio.run(asyncio.wait_for(play(), 20)))


def test_a_program_that_is_no_adapter_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that says nothing at all is waited for once, and named."""
    monkeypatch.setattr(_session, "_START_UP_S", 0.3)
    result = run_of(tmp_path, sys.executable, "-c", "import time; time.sleep(600)")

    assert (result.exit_code, result.ending) == (3, "unreachable")


def test_a_client_that_keeps_a_lock_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no call comes to an end any more, and none can be told as the cause, the run ends all the same."""
    monkeypatch.setattr(_session, "_MOST_LOST_S", 5.0)
    lock, over = threading.Semaphore(3), threading.Event()

    def place(call: dict[str, Any]) -> dict[str, Any]:
        if not lock.acquire(blocking=False):
            over.wait(120)
        return SmallClient().place(call)

    began = time.monotonic()
    result = run_client(ClientOptions(call=place, report=tmp_path))
    over.set()

    assert result.ending == "client lost"
    assert row_of(result, FINISHED).verdict != "pass"
    assert time.monotonic() - began < 30


def test_a_client_that_never_stops_sending_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The quiet end of a run comes also where there is no quiet."""
    monkeypatch.setattr(_conduct, "_MOST_QUIET_S", 0.8)
    over = threading.Event()

    def place(call: dict[str, Any]) -> dict[str, Any]:
        def send_on() -> None:
            while not over.wait(0.15):
                SmallClient().place(call)

        threading.Thread(target=send_on, daemon=True).start()
        return SmallClient().place(call)

    result = run_client(ClientOptions(call=place, report=tmp_path, only=("CU-301", "CU-360")))
    over.set()
    events = [json.loads(line) for line in (tmp_path / "journal.ndjson").read_text("utf-8").splitlines()]
    ends = [event["t"] for event in events if event["event"] in ("answer", "end")]

    assert row_of(result, "CU-360").verdict == "fail"
    assert ends[-1] - ends[-2] < 3
