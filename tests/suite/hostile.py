"""Targets on loopback that answer as no PBX should; each counts the connections it was asked for."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

Answer = Callable[[socket.socket], None]

_MOST_CONNECTIONS = 2_000
_PATIENCE_S = 5.0


class HostileTarget:
    """Accepts connections until it is closed and does one thing to each; `connections` counts them."""

    def __init__(self, answer: Answer, *, dies_after: int = _MOST_CONNECTIONS) -> None:
        self._answer = answer
        self._dies_after = dies_after
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._closed = threading.Event()
        self.connections = 0
        self.base_url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/basix/api"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop accepting and wait for the thread."""
        self._closed.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(_PATIENCE_S)

    def _serve(self) -> None:
        waiting: list[threading.Thread] = []
        while not self._closed.is_set() and self.connections < self._dies_after:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                break
            self.connections += 1
            waiting.append(threading.Thread(target=self._treat, args=(connection,), daemon=True))
            waiting[-1].start()
        self._listener.close()
        for thread in waiting:
            thread.join(_PATIENCE_S)

    def _treat(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(_PATIENCE_S)
            self._answer(connection)


def read_request(connection: socket.socket) -> bytes:
    """Read one whole request."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65_536)
        if not piece:
            return data
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
    )
    while len(body) < length and (piece := connection.recv(65_536)):
        body += piece
    return head + b"\r\n\r\n" + body


def stall(connection: socket.socket) -> None:
    """Read the request and say nothing until the other side gives up."""
    read_request(connection)
    connection.recv(1)


def reset(connection: socket.socket) -> None:
    """Read the request and reset the connection."""
    read_request(connection)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def close_silently(connection: socket.socket) -> None:
    """Read the request and close the connection in good order."""
    read_request(connection)


def page(connection: socket.socket) -> None:
    """Answer every request with an HTML page and 200."""
    _reply(connection, b"200 OK", b"text/html", b"<html><body>Welcome</body></html>")


def unauthorized(connection: socket.socket) -> None:
    """Refuse the credentials with 401."""
    _reply(connection, b"401 Unauthorized", b"text/plain", b"who are you?")


def server_error(connection: socket.socket) -> None:
    """Break down at every request."""
    _reply(connection, b"503 Service Unavailable", b"text/plain", b"try again later")


def garbage(connection: socket.socket) -> None:
    """Answer with bytes that are no HTTP."""
    read_request(connection)
    connection.sendall(b"\x00\x01\x02 SIP/2.0 486 Busy Here\r\n\r\n")


def redirect_to(location: str) -> Answer:
    """Return an answer that sends every request elsewhere."""

    def answer(connection: socket.socket) -> None:
        _reply(connection, b"307 Temporary Redirect", b"text/plain", b"", b"Location: " + location.encode() + b"\r\n")

    return answer


def _reply(connection: socket.socket, status: bytes, kind: bytes, body: bytes, more: bytes = b"") -> None:
    read_request(connection)
    length = str(len(body)).encode()
    connection.sendall(
        b"HTTP/1.1 "
        + status
        + b"\r\nContent-Type: "
        + kind
        + b"\r\nContent-Length: "
        + length
        + b"\r\nConnection: close\r\n"
        + more
        + b"\r\n"
        + body
    )


@contextlib.contextmanager
def hostile(answer: Answer, *, dies_after: int = _MOST_CONNECTIONS) -> Iterator[HostileTarget]:
    """Run a hostile target for as long as the block lasts."""
    target = HostileTarget(answer, dies_after=dies_after)
    try:
        yield target
    finally:
        target.close()


def refused_url() -> str:
    """Return a base URL on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}/basix/api"
