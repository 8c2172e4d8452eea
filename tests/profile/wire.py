"""A network that is none: what asyncio would connect to is written down, and every server answers as it is told."""

from __future__ import annotations

import asyncio
import contextlib
from asyncio.base_events import BaseEventLoop
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

import httpx

from basix_contract.messages import Request


@dataclass
class Talk:
    """One connection: where it led, and what was written into it."""

    host: str
    port: int
    wrote: bytearray = field(default_factory=bytearray)


class _Transport(asyncio.Transport):
    """Keeps what is written, answers the first of it, and hangs up."""

    def __init__(self, talk: Talk, answer: bytes, protocol: asyncio.BaseProtocol) -> None:
        super().__init__()
        self._talk = talk
        self._answer = answer
        self._protocol: Any = protocol
        self._is_closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Keep it."""
        is_first = not self._talk.wrote
        self._talk.wrote += data
        if is_first:
            asyncio.get_running_loop().call_soon(self._reply)

    def _reply(self) -> None:
        if self._answer:
            self._protocol.data_received(self._answer)
        self._protocol.eof_received()

    def is_closing(self) -> bool:
        """Tell whether somebody let go of it."""
        return self._is_closed

    def close(self) -> None:
        """Let go."""
        if not self._is_closed:
            self._is_closed = True
            self._protocol.connection_lost(None)

    def abort(self) -> None:
        """Let go."""
        self.close()


class Recorder(httpx.AsyncBaseTransport):
    """Keeps what would have left, and answers all alike."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Request]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Record a request."""
        body = await request.aread()
        target = request.url.raw_path.decode("ascii")
        url = str(request.url)
        self.sent.append((url, Request(request.method, target, tuple(request.headers.multi_items()), body)))
        return httpx.Response(200, json={"result_code": 500, "error": {"id": "recorded"}})


@contextlib.contextmanager
def no_network(answer: bytes) -> Iterator[list[Talk]]:
    """Yield what is connected to while the block lasts; nothing leaves this process, whoever opens the connection."""
    talks: list[Talk] = []

    async def connect(
        _loop: BaseEventLoop, make: Callable[[], asyncio.BaseProtocol], host: str = "", port: int = 0, **_: Any
    ) -> tuple[asyncio.Transport, asyncio.BaseProtocol]:
        protocol = make()
        talks.append(Talk(host, port))
        transport = _Transport(talks[-1], answer, protocol)
        protocol.connection_made(transport)
        return transport, protocol

    with mock.patch.object(BaseEventLoop, "create_connection", connect):
        yield talks
