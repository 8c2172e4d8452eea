"""A receiver on http.server: one request at a time, HTTP/1.0, not in a hurry, and it answers with a page."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from tests.receivers.place import Place
from tests.servers.hosting import HOST, in_thread

_MOST_BYTES = 2_000_000
_PAUSE_S = 0.005
_PAGE = b"<!doctype html><title>Thank you</title>"


class _Handler(BaseHTTPRequestHandler):
    calls: dict[str, list[dict[str, str]]]

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is http.server's
        """Say nothing."""

    def do_GET(self) -> None:
        kind, _, case = self.path.strip("/").partition("/")
        if kind == "told":
            self._say(200, json.dumps({"outcomes": self.calls.get(case, [])}).encode())
        else:
            self._say(405)

    def do_POST(self) -> None:
        time.sleep(_PAUSE_S)
        length = int(self.headers.get("Content-Length") or -1)
        if length < 0 or length > _MOST_BYTES:
            self._say(413)
            return
        body = self.rfile.read(length)
        if len(body) == length:
            self._say(202 if self._took(body) else 400, _PAGE)

    def do_PUT(self) -> None:
        self._say(405)

    do_PATCH = do_DELETE = do_PUT  # noqa: N815 - the names are http.server's

    def _took(self, body: bytes) -> bool:
        try:
            told = json.loads(body)
            is_answered = told["result_code"] == 0
            detail = told["uuid"] if is_answered else told["error"]["id"]
        except (ValueError, RecursionError, KeyError, TypeError):
            return False
        if type(told["result_code"]) is not int or not isinstance(detail, str):
            return False
        outcome = {"outcome": "answered" if is_answered else "not-answered"}
        self.calls.setdefault(self.path.split("/")[-1], [{**outcome, "uuid": detail} if is_answered else outcome])
        return True

    def _say(self, status: int, body: bytes = b"") -> None:
        with contextlib.suppress(OSError):
            self.send_response(status, "As You Like It")
            self.end_headers()
            self.wfile.write(body)


class _Server(HTTPServer):
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def served() -> Iterator[Place]:
    """The application answers where the place says."""
    handler = type("Handler", (_Handler,), {"calls": {}})
    with in_thread(_Server((HOST, 0), handler)) as port:
        base = f"http://{HOST}:{port}"
        yield Place(url=f"{base}/~desk/%7Bresult%7D//finished/{{case}}", observer_url=f"{base}/told/{{case}}")
