"""A callback receiver on loopback: a URL of its own for every call, and what came to it."""

from __future__ import annotations

import itertools
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PLACE = "/results/"


@dataclass(frozen=True, slots=True)
class Arrival:
    """One request that came to the receiver."""

    method: str
    target: str
    media_type: str
    body: bytes


@dataclass(slots=True)
class Expected:
    """A call with a callback_url: what the reply said, and what came to the URL."""

    url: str
    target: str
    user: dict[str, Any] | None = None
    is_accepted: bool = False
    uuids: tuple[str, ...] = ()
    due_at_s: float = 0.0
    arrivals: list[Arrival] = field(default_factory=list)


class Receiver(ThreadingHTTPServer):
    """Listens from the start, in threads that end with the process.

    `is_taken`: a call with one of its URLs was accepted, so that the PBX does not keep off this machine (a PBX may).
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Noting)
        self.calls: dict[str, Expected] = {}
        self.strays: list[str] = []
        self.is_taken = False
        self._numbers = itertools.count(1)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def expect(self) -> str:
        """Return a new URL; its path and query hold what is easily lost on the way."""
        token = f"call{next(self._numbers)}"
        target = f"{PLACE}{token}/?call={token}&from=a%2Fb&Empty=&plus=a+b"
        self.calls[token] = Expected(f"http://127.0.0.1:{self.server_address[1]}{target}", target)
        return self.calls[token].url

    def call_of(self, url: Any) -> Expected | None:
        """The call that was given this URL, or one that begins like it."""
        token = str(url).partition(PLACE)[2].partition("/")[0].partition("?")[0]
        return self.calls.get(token)


class _Noting(BaseHTTPRequestHandler):
    server: Receiver  # pyright: ignore[reportIncompatibleVariableOverride] - only that server makes one

    def note(self) -> None:
        is_chunked = "chunked" in self.headers.get("Transfer-Encoding", "").lower()
        body = self._chunks() if is_chunked else self.rfile.read(int(self.headers.get("Content-Length") or 0))
        call = self.server.call_of(self.path)
        if call is None:
            self.server.strays.append(self.path)
        else:
            call.arrivals.append(Arrival(self.command, self.path, self.headers.get("Content-Type", ""), body))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _chunks(self) -> bytes:
        body = b""
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return body

    do_GET = do_POST = do_PUT = note  # noqa: N815 - the names are http.server's

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is http.server's
        pass
