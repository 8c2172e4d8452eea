"""The program that stands between the kit and a client: calls go in on its standard input, outcomes come out.

It runs in a process group of its own, and with it ends whatever it has started.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
from typing import TYPE_CHECKING, Any, Protocol

from basix_contract.errors import UsageError
from basix_contract.suite.answer._answers import read_line
from basix_contract.suite.answer._output import Lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import IO

    from basix_contract.suite.answer._answers import Answer

_PIECE_BYTES = 65_536
_MOST_BYTES_BETWEEN_ANSWERS = 8 * 1_048_576
_MOST_BYTES_LOOKED_THROUGH = 1_048_576
_LAST_WORDS_BYTES = 400
_FAREWELL_S = 0.5
_BURIAL_S = 5.0  # a process that was killed ends when the kernel lets it
_BEAT_S = 0.02
_NEVER_BY_PROXY = "127.0.0.1,localhost,::1"


class Listener(Protocol):
    """Is told what an adapter does."""

    def heard(self, answer: Answer) -> None:
        """Take a line of its standard output."""
        ...

    def printed(self, stream: str, raw: bytes) -> None:
        """Take whatever it has printed, as bytes."""
        ...

    def lost(self, reason: str) -> None:
        """Take note that it has ended, or had to be ended."""
        ...


class Adapter(Protocol):
    """Something that can be told to place a call."""

    async def start(self, listener: Listener) -> None:
        """Begin; raises UsageError when it cannot be begun."""
        ...

    async def give(self, call: Mapping[str, Any]) -> None:
        """Tell it to place a call."""
        ...

    async def stop(self) -> None:
        """End it, and all that it has started."""
        ...


class ProcessAdapter:
    """An adapter in a process; one that prints without end is ended.

    It is started without a moment in which a cancellation could lose it: asyncio's own subprocesses hang when they
    are cancelled while they start. `left_by_itself` tells, once it is stopped, whether the end of its standard input
    was enough.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._command = tuple(command)
        self._process: subprocess.Popen[bytes] | None = None
        self._giving: asyncio.WriteTransport | None = None
        self._reading: list[asyncio.Task[None]] = []
        self._watching: asyncio.Task[None] | None = None
        self._since_answer_bytes = 0
        self._last_words = b""
        self._is_leaving = False
        self.left_by_itself = False

    async def start(self, listener: Listener) -> None:
        """Start the process; raises UsageError when there is no such program."""
        self._since_answer_bytes, self._last_words, self._is_leaving = 0, b"", False
        self._process, self._giving = _started(self._command), None
        process = self._process
        pipes = (("stdout", process.stdout), ("stderr", process.stderr))
        self._reading = [asyncio.create_task(self._read(name, pipe, listener)) for name, pipe in pipes]
        self._watching = asyncio.create_task(self._watch(process, listener))
        loop = asyncio.get_running_loop()
        self._giving, _ = await loop.connect_write_pipe(asyncio.Protocol, process.stdin)

    async def give(self, call: Mapping[str, Any]) -> None:
        """Write a call to the process; one that is gone, or takes nothing, is found out by whoever waits."""
        if self._giving is not None and not self._giving.is_closing():
            self._giving.write(json.dumps(call).encode() + b"\n")

    async def stop(self) -> None:
        """Close the process's standard input, give it a moment to leave, then end its whole group."""
        process, self._process, self._is_leaving = self._process, None, True
        if process is None or self._watching is None:
            return
        try:
            if self._giving is not None:
                self._giving.close()
            _, staying = await asyncio.wait([self._watching], timeout=_FAREWELL_S)
            self.left_by_itself = not staying
        finally:
            _end_group(process.pid)
            await self._bury(process)

    async def _bury(self, process: subprocess.Popen[bytes]) -> None:
        """Let go of a process that was killed, and of its pipes, whoever still holds their other ends."""
        tasks = [task for task in (*self._reading, self._watching) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._giving is not None and self._giving.get_write_buffer_size():
            self._giving.abort()  # what it has not read it never will
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_BURIAL_S):
                await _ended(process)
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()

    async def _read(self, stream: str, pipe: IO[bytes] | None, listener: Listener) -> None:
        lines, reader = Lines(), asyncio.StreamReader()
        protocol = asyncio.StreamReaderProtocol(reader)
        carrier, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, pipe)
        try:
            while raw := await reader.read(_PIECE_BYTES):
                self._take(stream, raw, lines, listener)
                if self._since_answer_bytes > _MOST_BYTES_BETWEEN_ANSWERS or lines.is_overlong:
                    listener.lost("it floods its output, and was ended")
                    return
        finally:
            carrier.close()

    def _take(self, stream: str, raw: bytes, lines: Lines, listener: Listener) -> None:
        self._since_answer_bytes += len(raw)
        if self._since_answer_bytes <= _MOST_BYTES_LOOKED_THROUGH:
            listener.printed(stream, raw)
        if stream == "stderr":
            self._last_words = (self._last_words + raw)[-_LAST_WORDS_BYTES:]
            return
        for line in lines.feed(raw):
            if line.strip():
                answer = read_line(line)
                self._since_answer_bytes = 0 if answer.members else self._since_answer_bytes
                listener.heard(answer)

    async def _watch(self, process: subprocess.Popen[bytes], listener: Listener) -> None:
        """Tell that the process has ended by itself, once all it has printed is read."""
        code = await _ended(process)
        await asyncio.wait(self._reading, timeout=_FAREWELL_S)
        if not self._is_leaving:
            how = f"by signal {-code}" if code < 0 else f"with exit code {code}"
            last = self._last_words.decode("utf-8", "replace").strip().splitlines()
            listener.lost(f"the adapter ended {how}" + (f": {last[-1][:160]}" if last else ""))


def _started(command: Sequence[str]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603 - the user's own command, and no shell
            command,
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "NO_PROXY": _NEVER_BY_PROXY, "no_proxy": _NEVER_BY_PROXY},
            start_new_session=True,
        )
    except OSError as error:
        raise UsageError(f"{command[0]} cannot be started: {error.strerror}", where="the client's command") from None


async def _ended(process: subprocess.Popen[bytes]) -> int:
    """Return a process's exit code once it has one, whoever else holds its output."""
    while (code := process.poll()) is None:  # noqa: ASYNC110 - nobody sets an event when it ends
        await asyncio.sleep(_BEAT_S)
    return code


def _end_group(group: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
