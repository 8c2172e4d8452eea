"""Commands of the user's own: run without a shell, told about a call on stdin, ended with all they started."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shlex
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING

from basix_contract.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

CASE = "{case}"
_PATIENCE_S = 10.0
_MOST_BYTES = 65_536
_MOST_AT_ONCE = 4


class CommandFailedError(Exception):
    """A command did not do what it was asked for; its text says what it did."""


@dataclass(frozen=True, slots=True)
class _Ended:
    code: int
    out: bytes


class Command:
    """One command line; the case stands where `{case}` does, or behind the last word.

    Raises UsageError for a line that no shell would take.
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

    async def ask(self, case: str, told: Mapping[str, object]) -> str:
        """Return what the command printed, when it ended well within ten seconds.

        Raises CommandFailedError otherwise; nothing that it started is left running.
        """
        words = [word.replace(CASE, case) for word in self._words]
        async with self._slots:
            ended = await _run(words, json.dumps(told).encode() + b"\n")
        if ended.code:
            raise CommandFailedError(f"{words[0]} ended with exit code {ended.code}")
        return ended.out.decode("utf-8", "replace")


async def _run(words: list[str], said: bytes) -> _Ended:
    try:
        process = await asyncio.create_subprocess_exec(
            *words,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise CommandFailedError(f"{words[0]} cannot be started: {error.strerror}") from None
    try:
        async with asyncio.timeout(_PATIENCE_S):
            _, out = await asyncio.gather(_tell(process, said), _read(process))
            return _Ended(await process.wait(), out)
    except TimeoutError:
        raise CommandFailedError(f"{words[0]} has not ended within {_PATIENCE_S:g} s") from None
    finally:
        await _end(process)


async def _tell(process: asyncio.subprocess.Process, said: bytes) -> None:
    if process.stdin is None:
        return
    with contextlib.suppress(OSError):  # a command need not listen
        process.stdin.write(said)
        await process.stdin.drain()
    process.stdin.close()


async def _read(process: asyncio.subprocess.Process) -> bytes:
    """Read all that is printed, so that nobody waits to print more, and keep the beginning."""
    kept = bytearray()
    while process.stdout is not None and (piece := await process.stdout.read(_MOST_BYTES)):
        kept += piece[: _MOST_BYTES - len(kept)]
    return bytes(kept)


async def _end(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
