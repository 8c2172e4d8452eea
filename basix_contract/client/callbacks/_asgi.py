"""The receiver as an ASGI application: runs by itself, or mounted in FastAPI, Starlette or Django."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

from basix_contract.client.callbacks._handlers import finished
from basix_contract.client.callbacks._inbox import Inbox
from basix_contract.messages import Headers, Request, Response

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]


class AsgiFace:
    """Takes callbacks over ASGI. The answer leaves first; the call returns when the handler is through, too."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._serve(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close"})
        else:
            await _live(receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        admitted = self._inbox.admit(_head(scope))
        if isinstance(admitted, Response):
            await _answer(send, scope, admitted)
            return
        body = await _read(receive, self._inbox.max_body_bytes)
        if body is None:
            return
        taken = self._inbox.take(admitted, body)
        await _answer(send, scope, taken.answer)
        if taken.work is not None:
            await finished(taken.work)


def _head(scope: Scope) -> Request:
    headers: Headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
    return Request(scope["method"], scope["path"], headers)


async def _read(receive: Receive, max_body_bytes: int) -> bytes | None:
    """Return the body, of one that is too long a little more than allowed; None when the sender has left."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        if len(body) > max_body_bytes or not message.get("more_body", False):
            return bytes(body)


async def _answer(send: Send, scope: Scope, answer: Response) -> None:
    body = b"" if scope["method"] == "HEAD" else answer.body
    fields = [(name.lower().encode("ascii"), value.encode("ascii")) for name, value in answer.headers]
    if answer.body:
        fields.append((b"content-length", str(len(answer.body)).encode("ascii")))
    await send({"type": "http.response.start", "status": int(answer.status), "headers": fields})
    await send({"type": "http.response.body", "body": body})


async def _live(receive: Receive, send: Send) -> None:
    """Follow a server's start and stop; there is nothing to prepare and nothing to clear away."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
