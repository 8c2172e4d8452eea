"""What can go wrong on the way to a PBX and back, as servers on real sockets."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
from collections.abc import Iterator
from typing import Any

from tests.profile.sockets import Behaviour, RawServer, read_request

UUIDS = ("ede7b23e-c172-445e-832e-963b11ba2b96", "1C46FC4B-A42F-410E-82B5-11AA2A1F69FE")
SUCCESS: dict[str, Any] = {"result_code": 0, "uuids": list(UUIDS)}
LIMITED: dict[str, Any] = {"result_code": 500, "error": {"id": "channel_limit_reached"}}
PAGE = b"<!DOCTYPE html><html><body>Bad Gateway for 0312341234</body></html>"


class Round(RawServer):
    """What one test sees of a server that outlives it."""

    def __init__(self, base_url: str, behaviour: Behaviour) -> None:
        self._base_url = base_url
        self._behaviour = behaviour
        self._is_over = threading.Event()
        self.connections = 0
        self.received = []
        self.finished = threading.Semaphore(0)

    @property
    def base_url(self) -> str:
        """The URL of an API on the server."""
        return self._base_url

    def take(self, connection: socket.socket) -> None:
        """Do to a connection what this round is about."""
        self.connections += 1
        threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def end(self) -> None:
        """Let go of every connection that still waits."""
        self._is_over.set()


class Pbx:
    """A server on a real socket, started once for many rounds: starting and ending one takes longer than a test."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._round: Round | None = None
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    @contextlib.contextmanager
    def playing(self, behaviour: Behaviour) -> Iterator[Round]:
        """Do this to every connection, for as long as the block lasts."""
        one = self._round = Round(f"http://127.0.0.1:{self._listener.getsockname()[1]}/basix/api", behaviour)
        try:
            yield one
        finally:
            one.end()

    def close(self) -> None:
        """Stop accepting."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)
        assert not self._thread.is_alive()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                assert self._round is not None
                self._round.take(connection)


def http(body: bytes, status: str = "200 OK", *fields: str, length: int | None = None) -> bytes:
    """An HTTP response as bytes; `length` may tell another length than the body has."""
    told = len(body) if length is None else length
    head = [f"HTTP/1.1 {status}", "Content-Type: application/json", f"Content-Length: {told}", *fields]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def envelope(value: Any, status: str = "200 OK", *fields: str) -> bytes:
    """An HTTP response that holds a value as JSON."""
    return http(json.dumps(value).encode(), status, *fields)


def chunked(*pieces: bytes) -> bytes:
    """An HTTP response whose body comes in these chunks."""
    body = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in (*pieces, b""))
    return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body


def resets_midway(connection: socket.socket, server: RawServer) -> None:
    """Read the beginning of a request and reset the connection."""
    server.received.append(connection.recv(10))
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def resets_at_once(connection: socket.socket, _server: RawServer) -> None:
    """Take the connection and reset it unread."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def hangs_up(connection: socket.socket, server: RawServer) -> None:
    """Take what comes first and close, as a server without TLS does when greeted by it."""
    server.received.append(connection.recv(65_536))


def trickles(connection: socket.socket, server: RawServer) -> None:
    """Answer with a body that never ends, one byte at a time."""
    server.received.append(read_request(connection))
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    connection.settimeout(0.02)
    while True:
        connection.sendall(b" ")
        with contextlib.suppress(TimeoutError):
            if not connection.recv(1):
                return


def trickles_head(connection: socket.socket, server: RawServer) -> None:
    """Answer with a head that never ends, one byte at a time."""
    server.received.append(read_request(connection))
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Note: ")
    connection.settimeout(0.02)
    while True:
        connection.sendall(b"x")
        with contextlib.suppress(TimeoutError):
            if not connection.recv(1):
                return


def floods(connection: socket.socket, server: RawServer) -> None:
    """Answer with a body that never ends, as fast as it is taken."""
    server.received.append(read_request(connection))
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b" " * 65_536)


def keeps_and_closes(body: Any) -> Behaviour:
    """Answer one request as if the connection were kept, and close it as soon as the client could use it again."""

    def behave(connection: socket.socket, server: RawServer) -> None:
        server.received.append(read_request(connection))
        connection.sendall(envelope(body, "200 OK", "Connection: keep-alive"))

    return behave


@contextlib.contextmanager
def refused() -> Iterator[str]:
    """A base URL at which nobody listens: the port is taken, so that nobody else can come to it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/basix/api"


@contextlib.contextmanager
def never_accepting() -> Iterator[str]:
    """A base URL whose listener has no room for another connection."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener, contextlib.ExitStack() as waiting:
        for _ in range(3):
            filler = waiting.enter_context(socket.socket())
            filler.setblocking(False)  # noqa: FBT003 - the name of the method says what is switched
            filler.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/basix/api"
