"""A correct callback receiver and the application behind it; a defect gets one of its decisions wrong."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase
from typing import Any

from tests.servers.hosting import HOST, in_thread

OK, NO_CONTENT, BAD_REQUEST, NOT_FOUND, WRONG_METHOD, NO_LENGTH, CONFLICT, TOO_LARGE, NOT_UNDERSTOOD, CRASHED = (
    200,
    204,
    400,
    404,
    405,
    411,
    409,
    413,
    422,
    500,
)


@dataclass(frozen=True)
class Incoming:
    """One request to a call's URL."""

    method: str
    case: str
    fields: Message
    body: bytes
    peer: object = None

    @property
    def media_type(self) -> str:
        """Its content type without parameters."""
        return str(self.fields.get("Content-Type", "")).partition(";")[0].strip().lower()


@dataclass(frozen=True)
class Result:
    """What a callback says: answered, or not; and the uuid, if it names one."""

    outcome: str
    uuid: str | None = None
    error_id: str | None = None

    def members(self) -> dict[str, str | None]:
        """Return the result as an observer is told it."""
        return {"outcome": self.outcome, "uuid": self.uuid}


class HungUpError(Exception):
    """The sender has gone before its message was whole."""


class ClosedError(Exception):
    """Nothing more is said on this connection."""


class Application:
    """Takes results, holds each call for one outcome, and tells an observer so.

    `replies` has what the application was told about its calls, where it was told anything.
    """

    keeps_connections = False
    most_bytes = 1_000_000
    patience_s = 5.0

    def __init__(self) -> None:
        self.outcomes: dict[str, list[Result]] = {}
        self.replies: dict[str, dict[str, Any] | None] = {}
        self.lock = threading.Lock()

    def place(self, case: str, reply: dict[str, Any] | None) -> None:
        """Take note of a call that was placed, and of its reply, once it is there."""
        self.replies[case] = reply

    def is_too_long(self, length: int) -> bool:
        """Tell whether a body is longer than any callback."""
        return length > self.most_bytes

    def read(self, stream: BufferedIOBase, length: int) -> bytes:
        """Return the whole body; raises HungUpError when there is less of it than was said."""
        body = stream.read(length)
        if len(body) < length:
            raise HungUpError
        return body

    def answer(self, incoming: Incoming) -> int:
        """Return the status a request is answered with."""
        if not self.allows(incoming):
            return WRONG_METHOD
        try:
            value = self.parse(incoming)
        except (ValueError, RecursionError):
            return self.refuse(incoming)
        result = self.understand(value)
        return NOT_UNDERSTOOD if result is None else self.take(incoming, result)

    def allows(self, incoming: Incoming) -> bool:
        """Tell whether a method is one for callbacks."""
        return incoming.method == "POST"

    def parse(self, incoming: Incoming) -> Any:
        """Return the JSON value of the body, whatever it is labelled as."""
        return json.loads(incoming.body)

    def refuse(self, _incoming: Incoming, /) -> int:
        """Answer what is no JSON."""
        return BAD_REQUEST

    def understand(self, value: Any) -> Result | None:
        """Return the result a value tells; None where it tells none."""
        if not isinstance(value, dict) or type(value.get("result_code")) is not int:
            return None
        return self.success(value) if value["result_code"] == 0 else self.failure(value)

    def success(self, value: dict[str, Any]) -> Result | None:
        """Return what a success tells."""
        uuid = value.get("uuid")
        return Result("answered", uuid=uuid) if isinstance(uuid, str) else None

    def failure(self, value: dict[str, Any]) -> Result | None:
        """Return what a failure tells."""
        error = value.get("error")
        error_id = error.get("id") if isinstance(error, dict) else None
        return Result("not-answered", error_id=error_id) if isinstance(error_id, str) else None

    def take(self, incoming: Incoming, result: Result) -> int:
        """Hold a call for its result, and answer."""
        with self.lock:
            self.book(incoming.case, result)
        return NO_CONTENT

    def book(self, case: str, result: Result) -> None:
        """Hold a call for a result; the first one stands."""
        self.outcomes.setdefault(case, [result])

    def held(self, case: str) -> list[Result]:
        """Return all that a call is held for."""
        return self.outcomes.get(case, [])


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    application: Application

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the library
        """Say nothing."""

    def do_GET(self) -> None:
        kind, case = self._place()
        if kind != "calls":
            self._serve()
            return
        outcomes = [result.members() for result in self.application.held(case)]
        self._say(OK, json.dumps({"outcomes": outcomes}).encode())

    def do_POST(self) -> None:
        kind, case = self._place()
        if kind != "calls":
            self._serve()
            return
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.application.place(case, told["reply"])
        self._say(OK, f"http://{self.headers['Host']}/hook/{case}".encode())

    def do_PUT(self) -> None:
        self._serve()

    def do_PATCH(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def _serve(self) -> None:
        application, length = self.application, self._length()
        self.connection.settimeout(application.patience_s)
        try:
            if length is None:
                self.close_connection = True
                self._say(NO_LENGTH)
                return
            if application.is_too_long(length):
                self.close_connection = True
                self._say(TOO_LARGE)
                return
            body = application.read(self.rfile, length)
            self._say(self._status(body))
        except (HungUpError, ClosedError, OSError):
            self.close_connection = True

    def _place(self) -> tuple[str, str]:
        kind, _, case = self.path.partition("?")[0].strip("/").partition("/")
        return kind, case

    def _length(self) -> int | None:
        if self.headers.get("Transfer-Encoding"):
            return None
        return int(self.headers.get("Content-Length") or 0)

    def _status(self, body: bytes) -> int:
        _, case = self._place()
        try:
            return self.application.answer(Incoming(self.command, case, self.headers, body, self.client_address))
        except ClosedError:
            raise
        except Exception:  # noqa: BLE001 - as every framework does with what a handler raises
            return CRASHED

    def _say(self, status: int, body: bytes = b"") -> None:
        self.close_connection = self.close_connection or not self.application.keeps_connections
        self.send_response(status)
        if status in range(300, 400):
            self.send_header("Location", "/done")
        if status != NO_CONTENT:
            self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        with contextlib.suppress(OSError):
            self.end_headers()
            self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def served(application: Application) -> Iterator[str]:
    """The application answers at the URL yielded; afterwards nothing of it is left."""
    handler = type("Handler", (_Handler,), {"application": application})
    with in_thread(_Server((HOST, 0), handler)) as port:
        yield f"http://{HOST}:{port}"
