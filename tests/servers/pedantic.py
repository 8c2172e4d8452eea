"""Reads HTTP and JSON to the letter: HEAD and OPTIONS are 204, other verbs, types and sizes have their own status.

A body that is too large is refused before it is read.

HTTP/1.1 by hand in threads of socketserver; callbacks by HTTP/1.0 on a bare socket.
"""

from __future__ import annotations

import base64
import contextlib
import json
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from typing import Any, NoReturn
from urllib.parse import urlsplit
from uuid import uuid4

from basix_contract.profile import User
from tests.servers.directory import GROUP_SELECTORS, LONGEST_S, USER_SELECTORS, Directory, Hunt
from tests.servers.hosting import BACKLOG, HOST, in_thread

_PATH = "/telephony/call_user"
_LARGEST_BODY = 100_000
_PAGES = {
    401: "Unauthorized",
    404: "Not Found",
    405: "Method Not Allowed",
    413: "Content Too Large",
    415: "Unsupported Media Type",
}


@contextlib.contextmanager
def pedantic(directory: Directory) -> Iterator[str]:
    """The server runs at the base URL yielded."""
    with _Server((HOST, 0), _Exchange) as server:
        server.directory = directory
        with in_thread(server) as port:
            try:
                yield f"http://{HOST}:{port}/telephony"
            finally:
                server.over.set()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = False
    request_queue_size = BACKLOG
    directory: Directory

    def __init__(self, address: tuple[str, int], handler: type[socketserver.BaseRequestHandler]) -> None:
        super().__init__(address, handler)
        self.over = threading.Event()


class _Exchange(socketserver.StreamRequestHandler):
    """One request; the same thread stays for the hunt, after the connection is closed."""

    server: _Server  # pyright: ignore[reportIncompatibleVariableOverride] - only that server makes one
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 10

    def handle(self) -> None:
        """Answer the request, hang up, and then see the hunt through."""
        self.hunt: tuple[Hunt, str, bytes] | None = None
        with contextlib.suppress(OSError, ValueError):
            method, target, _ = self.rfile.readline(65_536).decode("latin-1").split(" ")
            fields = self._fields()
            length = int(fields.get("content-length", 0))
            body = self.rfile.read(length) if length <= _LARGEST_BODY else None
            self.wfile.write(self._answer(method, target, fields, body))
            self.wfile.flush()
            self.request.shutdown(socket.SHUT_WR)
            while self.rfile.read1():
                pass  # what still comes is thrown away, or the answer would be lost with the connection

    def finish(self) -> None:
        """The connection goes first, the hunt has no need of it."""
        with contextlib.suppress(OSError):
            super().finish()
        self.server.shutdown_request(self.request)
        if self.hunt and not self.server.over.wait(self.hunt[0].after_s):
            with contextlib.suppress(OSError, ValueError):
                _deliver(*self.hunt[1:])

    def _fields(self) -> dict[str, str]:
        fields = {}
        while line := self.rfile.readline(65_536).strip():
            name, _, value = line.decode("latin-1").partition(":")
            fields[name.lower()] = value.strip()
        return fields

    def _answer(self, method: str, target: str, fields: dict[str, str], body: bytes | None) -> bytes:
        right = "Basic " + base64.b64encode(":".join(self.server.directory.credentials).encode()).decode()
        media_type, _, parameters = fields.get("content-type", "").partition(";")
        refusals = {
            404: target != _PATH,
            204: method in ("HEAD", "OPTIONS"),
            401: fields.get("authorization") != right,
            405: method != "POST",
            413: body is None,
            415: media_type.strip().lower() != "application/json" or "utf-16" in parameters.lower(),
        }
        status = next((status for status, holds in refusals.items() if holds), 0)
        if status == 204:
            return b"HTTP/1.1 204 No Content\r\nAllow: POST, HEAD, OPTIONS\r\nConnection: close\r\n\r\n"
        if status:
            page = f"<html><body><h1>{status} {_PAGES[status]}</h1></body></html>".encode()
            return _reply(status, _PAGES[status], "text/html", page)
        try:
            reply: dict[str, Any] = {"result_code": 0, "uuids": self._place(_read(body or b""))}
        except _Wrong as wrong:
            reply = {"result_code": 500, "error": {"id": wrong.args[0]}}
        text = json.dumps(reply, ensure_ascii=False).encode()
        return _reply(422 if reply["result_code"] else 200, "Read It", "application/json", text)

    def _place(self, asked: dict[str, Any]) -> list[str]:
        directory = self.server.directory
        user = _user(directory, asked)
        for name, check in _CHECKS.items():
            if name in asked and not check(asked[name]):
                raise _Wrong(f"{name}_malformed")
        for name in GROUP_SELECTORS:
            if name in asked and directory.group(name, asked[name]) is None:
                raise _Wrong(f"{name}_unknown")
        if "destination" not in asked:
            raise _Wrong("destination_absent")
        if user.outcome == "limited":
            raise _Wrong("channel_limit_reached")
        uuids = [str(uuid4()) for _ in range(directory.legs(user))]
        if "callback_url" in asked:
            hunt = directory.hunt(user, min(asked.get("answer_timeout", LONGEST_S), threading.TIMEOUT_MAX))
            told = {"result_code": 500, "error": {"id": hunt.cause}} if hunt.cause else {"uuid": uuids[-1]}
            text = json.dumps({"result_code": 0, **told}).encode()
            self.hunt = (hunt, asked["callback_url"], text)
        return uuids


class _Wrong(Exception):
    """Said to the caller as an error id."""


def _reply(status: int, reason: str, media_type: str, body: bytes) -> bytes:
    fields = f"Content-Type: {media_type}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n"
    asking = 'WWW-Authenticate: Basic realm="telephony", charset="UTF-8"\r\n' if status == 401 else ""
    allowed = "Allow: POST, HEAD, OPTIONS\r\n" if status == 405 else ""
    return f"HTTP/1.1 {status} {reason}\r\n{fields}{asking}{allowed}\r\n".encode() + body


def _read(body: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(body.decode("utf-8"), object_pairs_hook=_no_twins, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise _Wrong("json_malformed") from None
    if not isinstance(asked, dict):
        raise _Wrong("json_no_object")
    return asked


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def _no_constant(constant: str) -> NoReturn:
    raise ValueError(constant)


def _user(directory: Directory, asked: dict[str, Any]) -> User:
    """The selector that stands first in the body decides; empty text is none."""
    name = next((name for name in asked if name in USER_SELECTORS and asked[name] != ""), "")
    user = directory.user(name, asked.get(name))
    if user is None:
        raise _Wrong("user_unknown" if name else "user_absent")
    return user


def _is_positive(value: Any) -> bool:
    return type(value) is int and value > 0


def _is_web_address(value: Any) -> bool:
    try:
        return isinstance(value, str) and urlsplit(value).scheme in ("http", "https") and bool(urlsplit(value).hostname)
    except ValueError:
        return False


def _is_destination(value: Any) -> bool:
    if isinstance(value, dict):
        return set(value) >= {"called_number"} and all(
            isinstance(member, dict if name == "end_user" else str) and member != "" for name, member in value.items()
        )
    return isinstance(value, str) and value.strip() != ""


_CHECKS: dict[str, Callable[[Any], bool]] = {
    "group_resolver": lambda value: value in ("*", "any:CALL_CENTER"),
    "destination": _is_destination,
    "answer_timeout": _is_positive,
    "auto_answer": lambda value: isinstance(value, bool),
    "calling_name": lambda value: isinstance(value, str) and value.isprintable(),
    "callback_url": _is_web_address,
}


def _deliver(url: str, body: bytes) -> None:
    parts = urlsplit(url)
    target = url.partition(parts.netloc)[2]
    with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=5) as line:
        head = f"POST {target or '/'} HTTP/1.0\r\nhOsT: {parts.netloc}\r\nCONTENT-TYPE: application/json\r\n"
        line.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode("latin-1") + body)
        line.recv(65_536)
