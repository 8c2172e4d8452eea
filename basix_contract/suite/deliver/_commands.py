"""Commands of the user's own: run without a shell, told about a call on stdin, ended with all they started."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shlex
import signal
import subprocess
import threading
from typing import TYPE_CHECKING

from basix_contract.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CASE = "{case}"
_PATIENCE_S = 10.0
_MOST_BYTES = 65_536
_MOST_AT_ONCE = 4


class CommandFailedError(Exception):
    """A command did not do what it was asked for; its text says what it did."""


class Command:
    """One command line; the case stands where `{case}` does, or behind the last word.

    Each run has a thread: asyncio's own subprocesses hang when they are cancelled while they start. Raises UsageError
    for a line that no shell would take.
    """

    def __init__(self, line: str, option: str) -> None:
        try:
            words = shlex.split(line)
        except ValueError as error:
            raise UsageError(f"{line!r} is no command: {error}", where=option) from None
        if not words:
            raise UsageError("the command is empty", where=option)
        self._words = words if any(CASE in word for word in words) else [*words, CASE]
        self._slots = asyncio.Semaphore(_MOST_AT_ONCE)
        self._running: set[subprocess.Popen[bytes]] = set()

    async def ask(self, case: str, told: Mapping[str, object]) -> str:
        """Return what the command printed, when it ended well within ten seconds.

        Raises CommandFailedError otherwise; nothing that it started is left running, also when this is cancelled.
        """
        words, is_over = [word.replace(CASE, case) for word in self._words], threading.Event()
        async with self._slots:
            try:
                return await asyncio.to_thread(self._run, words, json.dumps(told).encode() + b"\n", is_over)
            except asyncio.CancelledError:
                is_over.set()
                for process in tuple(self._running):
                    _kill(process)
                raise

    def _run(self, words: Sequence[str], said: bytes, is_over: threading.Event) -> str:
        with _started(words) as process:
            self._running.add(process)
            if is_over.is_set():  # cancelled while it was starting, when nobody could know of it
                _kill(process)
            is_late = threading.Event()
            watch = threading.Timer(_PATIENCE_S, _end_late, (process, is_late))
            watch.start()
            try:
                printed = _talk(process, said)
                code = process.wait()
            finally:
                watch.cancel()
                _kill(process)
                self._running.discard(process)
        if is_late.is_set():
            raise CommandFailedError(f"{words[0]} has not ended within {_PATIENCE_S:g} s")
        if code:
            raise CommandFailedError(f"{words[0]} ended with exit code {code}")
        return printed.decode("utf-8", "replace")


def _started(words: Sequence[str]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603 - the user's own command, and no shell
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise CommandFailedError(f"{words[0]} cannot be started: {error.strerror}") from None


def _talk(process: subprocess.Popen[bytes], said: bytes) -> bytes:
    """Tell a process what it is asked, and return the beginning of what it prints once it has printed all."""
    if process.stdin is None or process.stdout is None:
        return b""
    with contextlib.suppress(OSError):  # a command need not listen
        process.stdin.write(said)
        process.stdin.close()
    printed = process.stdout.read(_MOST_BYTES)
    while process.stdout.read(_MOST_BYTES):
        pass
    return printed


def _end_late(process: subprocess.Popen[bytes], is_late: threading.Event) -> None:
    is_late.set()
    _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and all it has started, whether it has ended itself or not."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
