"""Runs the application's handler apart from the answer to the PBX, which waits for nothing and sees no failure."""

from __future__ import annotations

import inspect
import logging
import threading
import traceback
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeAlias

from basix_contract.client.callbacks._judging import Result

if TYPE_CHECKING:
    # Inside functions, too: it takes 13 ms, and most programs that import the client have no event loop.
    import asyncio

Handler: TypeAlias = Callable[[str, Result], object]
Work: TypeAlias = "asyncio.Task[None] | Future[None]"

LOG = logging.getLogger("basix_contract.client.callbacks")
_THREADS = 4
_SHOWN_FRAMES = 3


class HandlerRunner:
    """Runs one handler in the background, for at most `max_pending` results at a time.

    A coroutine function runs in the event loop that took the callback, where there is one; everything else in a
    few threads of its own, which begin with the first result and not before.
    """

    def __init__(self, max_pending: int) -> None:
        self.handler: Handler | None = None
        self._max_pending = max_pending
        self._pending = 0
        self._changed = threading.Condition()
        self._threads: ThreadPoolExecutor | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def reserve(self) -> bool:
        """Take room for one result if there is any; give it back with `release`, or `start` with it."""
        with self._changed:
            has_room = self._pending < self._max_pending
            self._pending += has_room
            return has_room

    def release(self) -> None:
        """Give back the room of one result."""
        with self._changed:
            self._pending -= 1
            self._changed.notify_all()

    def start(self, call: str, result: Result) -> Work | None:
        """Begin to run the handler in the room that was reserved, and return what can be waited for."""
        handler = self.handler
        if handler is None:
            self.release()
            return None
        loop = _running_loop() if inspect.iscoroutinefunction(handler) else None
        if loop is None:
            return self._pool().submit(self._run, handler, call, result)
        task = loop.create_task(self._run_async(handler(call, result), call))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def settle(self, timeout_s: float) -> bool:
        """Wait until no handler is running, and return whether that is so."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._pending, timeout_s)

    def _pool(self) -> ThreadPoolExecutor:
        with self._changed:
            if self._threads is None:
                self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="basix-callbacks")
            return self._threads

    def _run(self, handler: Handler, call: str, result: Result) -> None:
        try:
            outcome = handler(call, result)
            if inspect.isawaitable(outcome):
                _run_by_itself(outcome)
        except BaseException as error:  # noqa: BLE001 - the thread is ours: nobody above could do anything about it
            _tell(call, error)
        finally:
            self.release()

    async def _run_async(self, outcome: Any, call: str) -> None:
        try:
            await outcome
        except Exception as error:  # noqa: BLE001 - whatever an application's handler may raise
            _tell(call, error)
        finally:
            self.release()


async def finished(work: Work) -> None:
    """Return once the handler is through; whoever stops waiting does not stop it."""
    import asyncio  # noqa: PLC0415 - see above

    await asyncio.shield(work if isinstance(work, asyncio.Task) else asyncio.wrap_future(work))


def _running_loop() -> asyncio.AbstractEventLoop | None:
    import asyncio  # noqa: PLC0415 - see above

    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _run_by_itself(outcome: Awaitable[Any]) -> None:
    import asyncio  # noqa: PLC0415 - see above

    async def wait() -> None:
        await outcome

    asyncio.run(wait())


def _tell(call: str, error: BaseException) -> None:
    """Log what went wrong and where; an exception's own words may hold personal data, and are left out."""
    frames = traceback.extract_tb(error.__traceback__)[-_SHOWN_FRAMES:]
    places = ", ".join(f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in reversed(frames))
    LOG.error("the callback handler failed on call %r: %s at %s", call, type(error).__qualname__, places)
