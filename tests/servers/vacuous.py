"""Servers that know nothing of call_user and give every request the same kind of answer; none may ever conform."""

from __future__ import annotations

import contextlib
import json
import threading
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

from tests.servers.hosting import BACKLOG, HOST, in_thread

_JSON = "application/json"
_CANNED = ["ede7b23e-c172-445e-832e-963b11ba2b96", "1c46fc4b-a42f-410e-82b5-11aa2a1f69fe"]
_PAGE = b"<!DOCTYPE html><title>It works!</title>"


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer; `calls_back` tells every callback_url of success at once."""

    status: int
    media_type: str
    body: bytes
    calls_back: bool = False


def _error(_: bytes) -> bytes:
    return json.dumps({"result_code": 500, "error": {"id": "internal_error"}}).encode()


def _zero(uuids: list[str]) -> bytes:
    return json.dumps({"result_code": 0, "uuids": uuids}).encode()


def _fresh(_: bytes) -> bytes:
    return _zero([str(uuid4()), str(uuid4())])


ANSWERS: Mapping[str, Callable[[bytes], Answer]] = {
    "always-error": lambda body: Answer(200, _JSON, _error(body)),
    "always-error-400": lambda body: Answer(400, _JSON, _error(body)),
    "always-zero": lambda body: Answer(200, _JSON, _fresh(body)),
    "always-zero-canned": lambda _: Answer(200, _JSON, _zero(_CANNED)),
    "always-zero-calling-back": lambda body: Answer(200, _JSON, _fresh(body), calls_back=True),
    "empty": lambda _: Answer(200, _JSON, b""),
    "always-401": lambda _: Answer(401, "text/html", _PAGE),
    "always-html": lambda _: Answer(200, "text/html", _PAGE),
    "echo": lambda body: Answer(200, _JSON, body),
}
"""What each of them answers to a request body."""


@contextlib.contextmanager
def serve_vacuous(kind: str) -> Iterator[str]:
    """The server of this name runs at the base URL yielded."""
    with _Server(ANSWERS[kind]) as server, in_thread(server) as port:
        yield f"http://{HOST}:{port}/basix/api"


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = BACKLOG

    def __init__(self, answer: Callable[[bytes], Answer]) -> None:
        super().__init__((HOST, 0), _Exchange)
        self.answer = answer


class _Exchange(BaseHTTPRequestHandler):
    server: _Server  # pyright: ignore[reportIncompatibleVariableOverride] - only that server makes one
    wbufsize = -1
    timeout = 10  # of a connection on which nothing comes

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "0")
        body = self.rfile.read(int(length)) if length.isdigit() else b""
        answer = self.server.answer(body)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.media_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(b"" if self.command == "HEAD" else answer.body)
        self.wfile.flush()
        if answer.calls_back:
            threading.Thread(target=_succeed, args=(body, answer.body)).start()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is http.server's
        pass


for _verb in ("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"):
    setattr(_Exchange, f"do_{_verb}", _Exchange.do_POST)


def _succeed(request: bytes, reply: bytes) -> None:
    with contextlib.suppress(OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        url = json.loads(request)["callback_url"]
        told = json.dumps({"result_code": 0, "uuid": json.loads(reply)["uuids"][0]}).encode()
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        headers = {"Content-Type": _JSON}
        opener.open(urllib.request.Request(url, told, headers), timeout=5).close()  # noqa: S310 - tests' own URL
