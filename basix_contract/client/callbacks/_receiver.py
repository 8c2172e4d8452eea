"""The receiver of callbacks: one object with an ASGI face, a WSGI face, and a memory both share."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TypeVar

from basix_contract.client.callbacks._asgi import AsgiFace
from basix_contract.client.callbacks._handlers import Handler, HandlerRunner
from basix_contract.client.callbacks._inbox import Inbox
from basix_contract.client.callbacks._judging import Judge, Result
from basix_contract.client.callbacks._memory import Ended, Memory, NoCallback
from basix_contract.client.callbacks._tokens import CallbackUrl
from basix_contract.client.callbacks._wsgi import WsgiFace
from basix_contract.messages import Request, Response

AnyHandler = TypeVar("AnyHandler", bound=Handler)

_MAX_BODY_BYTES = 65_536
_MAX_CALLS = 10_000
# The PBX rings for 180 s unless told otherwise (document, answer_timeout); some time for the way is added.
_WAIT_S = 195.0


class CallbackReceiver:
    """Takes the callbacks of calls whose URLs `urls` made, and hands on each call's result once.

    Mount `asgi` or `wsgi` below the path of those URLs; for a framework with neither, give `handle` what came.
    The answer is 204 for a result, also when it comes again, and 4xx for all else: 404 for a URL that is not ours
    (its body is not read), 400 for junk, 405, 413, 429 when too many results wait for the handler. The handler's
    pace and failures do not show in it: a failure is logged, and that result is not handed on again.

    Remembers the last `max_calls` calls of this process. Where several processes serve one base, or results must
    survive a restart, let the handler write them down, and be ready for the same one twice.
    """

    def __init__(
        self,
        urls: CallbackUrl,
        handler: Handler | None = None,
        *,
        max_body_bytes: int = _MAX_BODY_BYTES,
        max_calls: int = _MAX_CALLS,
    ) -> None:
        self._memory = Memory(max_calls)
        self._runner = HandlerRunner(max_calls)
        self._runner.handler = handler
        self._inbox = Inbox(Judge(urls, max_body_bytes), self._memory, self._runner)
        self.urls = urls
        self.asgi = AsgiFace(self._inbox)
        self.wsgi = WsgiFace(self._inbox)

    def on_result(self, handler: AnyHandler) -> AnyHandler:
        """Have this function called with the call's name and its result; for use as a decorator.

        A coroutine function runs in the event loop of the ASGI server, any other in a thread of the receiver.
        """
        self._runner.handler = handler
        return handler

    def handle(self, request: Request) -> Response:
        """Return the answer to a callback that came in any other way; only the target's path is looked at."""
        admitted = self._inbox.admit(request)
        return admitted if isinstance(admitted, Response) else self._inbox.take(admitted, request.body).answer

    def result_of(self, call: str) -> Ended | None:
        """Return how a call ended; None while nothing has come."""
        return self._memory.find(call)

    def wait_for(self, call: str, *, timeout_s: float = _WAIT_S) -> Result | NoCallback:
        """Return how a call ended, as soon as it is known: at once where the callback came before the reply.

        Returns NoCallback when nothing came in time; give it longer than the call's answer_timeout.
        """
        future = self._memory.expect(call)
        try:
            return future.result(timeout_s)
        except TimeoutError:
            return NoCallback(call, timeout_s)
        finally:
            self._memory.forget(call, future)

    async def wait_for_async(self, call: str, *, timeout_s: float = _WAIT_S) -> Result | NoCallback:
        """Return what `wait_for` does, without holding up the event loop."""
        import asyncio  # noqa: PLC0415 - 13 ms that only those pay who wait in an event loop

        future: Future[Result] = self._memory.expect(call)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), timeout_s)
        except TimeoutError:
            return NoCallback(call, timeout_s)
        finally:
            self._memory.forget(call, future)

    def settle(self, *, timeout_s: float = 5.0) -> bool:
        """Wait until the handler is through with every result so far, and return whether it is.

        For tests and for the end of a program; not for the event loop the handler runs in.
        """
        return self._runner.settle(timeout_s)
