"""A client in this process: a callable that takes a call as the adapter protocol writes it, and returns its outcome."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import sys
import threading
from typing import TYPE_CHECKING, Any, TextIO

from basix_contract.suite.answer._answers import Answer, read_answer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from basix_contract.suite.answer._adapter import Listener

    Place = Callable[[dict[str, Any]], Mapping[str, Any]]


class CallAdapter:
    """Calls a function, each call in a thread of its own; one that hangs is left to its thread.

    While it runs, whatever this process prints is looked through for tokens, and printed all the same.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self._listener: Listener | None = None
        self._restore = contextlib.ExitStack()

    async def start(self, listener: Listener) -> None:
        """Begin to take calls, and to look through what is printed."""
        self._listener = listener
        loop = asyncio.get_running_loop()
        self._restore.enter_context(contextlib.redirect_stdout(_Overheard("stdout", sys.stdout, listener, loop)))
        self._restore.enter_context(contextlib.redirect_stderr(_Overheard("stderr", sys.stderr, listener, loop)))

    async def give(self, call: Mapping[str, Any]) -> None:
        """Place a call, and hear of it later."""
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._run, args=(dict(call), loop), daemon=True).start()

    async def stop(self) -> None:
        """Hear nothing more."""
        self._listener = None
        self._restore.close()

    def _run(self, call: dict[str, Any], loop: asyncio.AbstractEventLoop) -> None:
        name, said = str(call["case"]), b""
        try:
            told = {**self._place(call), "case": name}
            answer, said = read_answer(told), json.dumps(told, default=str, ensure_ascii=False).encode()
        except BaseException as error:  # noqa: BLE001 - whatever a client raises is a finding, SystemExit too
            answer = Answer(case=name, problem=f"it raised {type(error).__name__}: {str(error)[:160]}")
        with contextlib.suppress(RuntimeError):  # the run is over, and its loop with it
            loop.call_soon_threadsafe(self._hear, answer, said)

    def _hear(self, answer: Answer, said: bytes) -> None:
        if self._listener is not None:
            self._listener.printed("stdout", said)
            self._listener.heard(answer)


class _Overheard(io.TextIOBase):
    """A stream that tells what is written to it."""

    def __init__(self, name: str, stream: TextIO, listener: Listener, loop: asyncio.AbstractEventLoop) -> None:
        self._name = name
        self._stream = stream
        self._listener = listener
        self._loop = loop

    def write(self, text: str, /) -> int:
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._listener.printed, self._name, text.encode("utf-8", "replace"))
        return self._stream.write(text)

    def flush(self) -> None:
        self._stream.flush()
