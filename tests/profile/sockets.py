"""A server on a bare socket: it counts connections, keeps what was sent, and does to each what it is told to."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from typing import Self, TypeAlias

Behaviour: TypeAlias = Callable[[socket.socket, "RawServer"], None]

_OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


class RawServer:
    """Listens on a free port of this machine for as long as its `with` block lasts."""

    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self.connections = 0
        self.received: list[bytes] = []
        self.finished = threading.Semaphore(0)

    @property
    def address(self) -> str:
        """The server's `host:port`."""
        return f"127.0.0.1:{self._listener.getsockname()[1]}"

    @property
    def base_url(self) -> str:
        """The URL of an API on this server."""
        return f"http://{self.address}/basix/api"

    def __enter__(self) -> Self:
        """Begin to accept."""
        self._listener.settimeout(0.05)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, and let go of every connection."""
        self._is_over.set()
        self._thread.join(10)
        assert not self._thread.is_alive()
        self._listener.close()

    def wait(self) -> None:
        """Block until the test is over: whoever waits for an answer gets none."""
        self._is_over.wait(20)

    def _accept(self) -> None:
        while not self._is_over.is_set():
            with contextlib.suppress(TimeoutError):
                connection, _ = self._listener.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            self._behaviour(connection, self)
        self.finished.release()


def read_request(connection: socket.socket) -> bytes:
    """Read one request, its body included as far as Content-Length says."""
    connection.settimeout(10)
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
    while len(body) < length:
        body += _more(connection)
    return head + b"\r\n\r\n" + body


def _more(connection: socket.socket) -> bytes:
    """Return what came next; one that has hung up would send nothing for ever."""
    piece = connection.recv(65_536)
    if not piece:
        raise ConnectionResetError
    return piece


def answers(reply: bytes = _OK) -> Behaviour:
    """Keep the request and answer it."""

    def behave(connection: socket.socket, server: RawServer) -> None:
        server.received.append(read_request(connection))
        connection.sendall(reply)

    return behave


def resets(connection: socket.socket, server: RawServer) -> None:
    """Read a request and reset the connection."""
    server.received.append(read_request(connection))
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def closes(connection: socket.socket, server: RawServer) -> None:
    """Read a request and close without a word."""
    server.received.append(read_request(connection))


def stalls(connection: socket.socket, server: RawServer) -> None:
    """Read a request and never answer."""
    server.received.append(read_request(connection))
    server.wait()


def stalls_midway(connection: socket.socket, server: RawServer) -> None:
    """Answer with half a body and then no more."""
    server.received.append(read_request(connection))
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
    server.wait()
