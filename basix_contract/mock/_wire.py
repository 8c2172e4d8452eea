"""Between ASGI and the mock: a request read within bounds, a reply sent as it stands, proper HTTP or not."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

from basix_contract.messages import Headers, Request, field_value
from basix_contract.mock._clock import Clock
from basix_contract.mock._exchange import Reply

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

# What is more than this is not read to its end: the connection breaks instead.
_MAX_DRAINED_BYTES = 16 * 1_048_576
# Closed with this linger a connection is reset (RST) rather than ended (FIN).
_RESET = struct.pack("ii", 1, 0)


class Wire:
    """One exchange on its connection; in process there is no socket, and only proper HTTP can be sent."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, clock: Clock) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self._clock = clock
        self._is_broken_off = False

    async def read(self, max_body_bytes: int) -> Request | None:
        """Return the request; None when the client left before it was through.

        One byte more than `max_body_bytes` is kept of a longer body; the rest is read and dropped.
        """
        body, seen = bytearray(), 0
        while True:
            message = await self._receive()
            if message["type"] != "http.request":
                return None
            piece = message.get("body", b"")
            seen += len(piece)
            body += piece[: max_body_bytes + 1 - len(body)]
            if not message.get("more_body", False) or seen > _MAX_DRAINED_BYTES:
                return Request(self._scope["method"], _target(self._scope), _headers(self._scope), bytes(body))

    async def write(self, reply: Reply) -> None:
        """Let a reply out, whole or in whatever state it is meant to be in.

        Raises ConnectionResetError where that takes a socket and there is none.
        """
        await self._clock.sleep(reply.delay_s)
        if reply.raw is None and reply.ending == "complete":
            await _write_proper(reply, self._send)
            return
        transport: asyncio.Transport | None = self._scope.get("state", {}).get("transport")
        if transport is None:
            raise ConnectionResetError(f"no whole reply, but: {reply.ending}")
        for piece in reply.raw or ():
            transport.write(piece)
            await self._clock.sleep(reply.pause_s)
        _end(reply, transport)
        self._is_broken_off = True

    async def finish(self) -> None:
        """Return once nothing more can happen on the connection: at once after a proper reply."""
        while self._is_broken_off and (await self._receive())["type"] != "http.disconnect":
            pass


def encode_reply(status_line: str, headers: Headers, body: bytes) -> bytes:
    """Return the bytes of a reply for `Reply.raw`, with nothing added and nothing checked."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"{status_line}\r\n{lines}\r\n".encode("latin-1") + body


async def _write_proper(reply: Reply, send: Send) -> None:
    fields = reply.headers
    if field_value(fields, "content-length") is None:
        fields = (*fields, ("Content-Length", str(len(reply.body))))
    raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in fields]
    await send({"type": "http.response.start", "status": reply.status, "headers": raw})
    await send({"type": "http.response.body", "body": reply.body})


def _end(reply: Reply, transport: asyncio.Transport) -> None:
    if reply.ending == "reset":
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        transport.abort()
    elif reply.ending != "stall":
        transport.close()


def _target(scope: Scope) -> str:
    path: bytes = scope.get("raw_path") or scope["path"].encode("utf-8", "surrogateescape")
    query: bytes = scope.get("query_string", b"")
    return (path + (b"?" + query if query else b"")).decode("latin-1")


def _headers(scope: Scope) -> Headers:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
