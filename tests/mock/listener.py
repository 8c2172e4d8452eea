"""A callback receiver on a raw socket: what arrives is kept byte for byte, and answered as told."""

from __future__ import annotations

import json
import socket
import threading
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

_TLS_HANDSHAKE = b"\x16\x03"


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came over the socket."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as a JSON value."""
        return json.loads(self.body)


class Listener:
    """Listens on loopback; every request gets the next of `answers`, the last of them for ever."""

    def __init__(self, *answers: bytes) -> None:
        self._answers = list(answers) or [reply(204)]
        self._received: list[Received] = []
        self._changed = threading.Condition()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def url(self, target: str = "/cb") -> str:
        """The URL that leads here, ending in this raw target."""
        return f"http://127.0.0.1:{self.port}{target}"

    @property
    def received(self) -> list[Received]:
        """What has come so far."""
        with self._changed:
            return list(self._received)

    def wait_for(self, count: int = 1, timeout_s: float = 5.0) -> list[Received]:
        """Return what has come once there are so many."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self._received) >= count, timeout_s), self._received
            return list(self._received)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                self._serve(connection)

    def _serve(self, connection: socket.socket) -> None:
        """Answer what is a request; junk, such as a TLS handshake, gets the closed door."""
        connection.settimeout(5)
        received = _read(connection)
        if received is None:
            return
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        with self._changed:
            self._received.append(received)
            self._changed.notify_all()
        connection.sendall(answer)


def reply(status: int, *fields: str) -> bytes:
    """A reply without a body."""
    lines = "".join(f"{field}\r\n" for field in ("Content-Length: 0", "Connection: close", *fields))
    return f"HTTP/1.1 {status} Whatever\r\n{lines}\r\n".encode()


def _read(connection: socket.socket) -> Received | None:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65_536)
        data += piece
        if not piece or data.startswith(_TLS_HANDSHAKE):
            return None
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", "0")):
        piece = connection.recv(65_536)
        body += piece
        if not piece:
            return None
    method, target, _ = first.split(" ")
    return Received(method, target, headers, body)
