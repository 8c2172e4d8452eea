"""The kit's callback receiver: records whatever comes, byte for byte, and acknowledges it at once."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import uvicorn

from basix_contract.errors import UsageError
from basix_contract.messages import Request

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from basix_contract.messages import Headers

    Record = Callable[[Request], int | Awaitable[int]]

MOST_BODY_BYTES = 65_536
"""Of a longer body only the beginning is recorded."""

_BACKLOG = 128
_NO_CONTENT = 204
_IDLE_S = 600  # longer than any run waits for a callback
_REDIRECTIONS = (HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.FOUND, HTTPStatus.TEMPORARY_REDIRECT)


class _Server(uvicorn.Server):
    """A uvicorn server that leaves signals to the run."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Receiver:
    """Listens for callbacks in the loop that started it; `record` is told each and gives, or will give, its status."""

    def __init__(self, listen: str, record: Record) -> None:
        self._listen = listen
        self._record = record
        self._server: _Server | None = None
        self._task: asyncio.Task[None] | None = None
        self.address = ""

    async def start(self) -> None:
        """Listen; `address` is then `host:port`.

        Raises UsageError when the address cannot be listened on.
        """
        host, _, port = self._listen.rpartition(":")
        try:
            listener = _bind(host.strip("[]") or "127.0.0.1", int(port))
        except (OSError, ValueError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or "it is no host:port"
            raise UsageError(
                f"cannot listen on {self._listen!r}: {reason}",
                where="callback.listen",
                fix="give a free host:port",
            ) from None
        name, number = listener.getsockname()[:2]
        self.address = f"[{name}]:{number}" if ":" in name else f"{name}:{number}"
        config = uvicorn.Config(
            self._app,
            interface="asgi3",
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=1,
            # Were an idle connection closed while the target sends on it, a callback would be lost by our doing.
            timeout_keep_alive=_IDLE_S,
        )
        self._server = _Server(config)
        self._task = asyncio.create_task(self._server.serve(sockets=[listener]))

    async def stop(self) -> None:
        """Stop listening; what arrived before is recorded."""
        if self._server is None or self._task is None:
            return
        self._server.should_exit = True
        await self._task

    async def _app(
        self,
        scope: dict[str, Any],
        receive: Callable[[], Awaitable[Any]],
        send: Callable[[Any], Awaitable[None]],
    ) -> None:
        if scope["type"] != "http":
            return
        body = await _read_body(receive)
        told = self._record(_request_of(scope, body))
        status = told if isinstance(told, int) else await told
        answer = b"" if status == _NO_CONTENT else b"{}"
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(answer))] if answer else []
        if status in _REDIRECTIONS:
            headers.append((b"location", f"http://{self.address}/moved{_target_of(scope)}".encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": answer})


def _bind(host: str, port: int) -> socket.socket:
    # The protocol is named, or asyncio would not recognise TCP and leave Nagle's algorithm on: 40 ms an answer.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)  # from now on: who is told the address may use it before the server has started
    except BaseException:
        listener.close()
        raise
    return listener


async def _read_body(receive: Callable[[], Awaitable[Any]]) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")[: MOST_BODY_BYTES - len(body)]
        if message["type"] != "http.request" or not message.get("more_body"):
            return bytes(body)


def _target_of(scope: dict[str, Any]) -> str:
    path: bytes = scope.get("raw_path") or scope["path"].encode()
    query: bytes = scope["query_string"]
    return (path + (b"?" + query if query else b"")).decode("latin-1")


def _request_of(scope: dict[str, Any], body: bytes) -> Request:
    headers: Headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
    return Request(scope["method"], _target_of(scope), headers, body)
