"""Takes whatever the document leaves open and answers everything with HTTP 200.

http.server, HTTP/1.0, a thread for each request and a timer for each hunt; uuids in capitals; callbacks by urllib.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import uuid4

from basix_contract.profile import Group, User
from tests.servers.directory import GROUP_SELECTORS, LONGEST_S, USER_SELECTORS, Directory, Hunt
from tests.servers.hosting import BACKLOG, HOST, in_thread

_PATH = "/basix/api/call_user"
_ABSENT = (None, "")
_LOOSE_COLUMNS = ("name", "email")


@contextlib.contextmanager
def lenient(directory: Directory) -> Iterator[str]:
    """The server runs at the base URL yielded."""
    with _Pbx(directory) as pbx, in_thread(pbx) as port:
        try:
            yield f"http://{HOST}:{port}/basix/api"
        finally:
            pbx.hang_up()


class _Refused(Exception):
    """Said to the caller as an error id."""


class _Pbx(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = BACKLOG

    def __init__(self, directory: Directory) -> None:
        super().__init__((HOST, 0), _Exchange)
        self.directory = directory
        self.timers: list[threading.Timer] = []

    def place(self, asked: dict[str, Any]) -> dict[str, Any]:
        given = {name: value for name, value in asked.items() if value not in _ABSENT}
        user = _named(given, USER_SELECTORS, self.directory.profile.users, "user_not_found")
        if any(name in given for name in GROUP_SELECTORS):
            _named(given, GROUP_SELECTORS, self.directory.profile.groups, "group_not_found")
        _check_texts(given)
        _check_destination(given.get("destination"))
        timeout_s = _seconds(given.get("answer_timeout", LONGEST_S))
        if user.outcome == "limited":
            raise _Refused("channel_limit_reached")
        uuids = [str(uuid4()).upper() for _ in range(self.directory.legs(user))]
        if "callback_url" in given:
            self.ring(self.directory.hunt(user, timeout_s), given["callback_url"], uuids[-1])
        return {"uuids": uuids, "result_code": 0}

    def ring(self, hunt: Hunt, url: str, answering: str) -> None:
        told = {"result_code": 500, "error": {"id": hunt.cause}}
        if not hunt.cause:
            told = {"result_code": 0, "uuid": answering}
        timer = threading.Timer(hunt.after_s, _tell, (url, told))
        self.timers = [running for running in self.timers if running.is_alive()] + [timer]
        timer.start()

    def hang_up(self) -> None:
        for timer in self.timers:
            timer.cancel()
        for timer in self.timers:
            timer.join()


class _Exchange(BaseHTTPRequestHandler):
    server: _Pbx  # pyright: ignore[reportIncompatibleVariableOverride] - only that server makes one
    wbufsize = -1
    timeout = 10  # of a connection on which nothing comes

    def do_POST(self) -> None:
        body = self._body()
        if self.path.partition("?")[0] != _PATH:
            self.send_error(404)
            return
        try:
            self._sign_in()
            reply = self.server.place(_object(body))
        except _Refused as refused:
            reply = {"error": {"id": str(refused)}, "result_code": 500}
        text = json.dumps(reply).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def refuse(self) -> None:
        """The framework's own page; the body is read first, or closing would cut the answer off."""
        self._body()
        self.send_error(501)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is http.server's
        pass

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length", "0")
        return self.rfile.read(int(length)) if length.isdigit() else b""

    def _sign_in(self) -> None:
        right = base64.b64encode(":".join(self.server.directory.credentials).encode()).decode()
        scheme, _, shown = self.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "basic" or shown.strip() != right:
            raise _Refused("authentication_required")


for _verb in ("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"):
    setattr(_Exchange, f"do_{_verb}", _Exchange.refuse)


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body.decode("utf-8-sig", "replace"), strict=False)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise _Refused("bad_json")
    return value


def _named(given: dict[str, Any], selectors: tuple[str, ...], rows: tuple[Any, ...], unknown: str) -> Any:
    """Return the first row that any selector finds: numbers and digits are alike, names in any case."""
    for selector in selectors:
        column = selector.partition("_")[2]
        wanted = _loosely(column, given.get(selector))
        for row in cast("tuple[User | Group, ...]", rows):
            if wanted and _loosely(column, getattr(row, column, "")) == wanted:
                return row
    raise _Refused(unknown)


def _loosely(column: str, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | str):
        return ""
    return str(value).strip().casefold() if column in _LOOSE_COLUMNS else str(value)


def _check_texts(given: dict[str, Any]) -> None:
    if given.get("group_resolver", "*") not in ("*", "any:CALL_CENTER"):
        raise _Refused("unknown_resolver")
    if any(isinstance(given.get(name), list | dict) for name in ("calling_name", "auto_answer")):
        raise _Refused("wrong_type")
    if "callback_url" in given and not _is_url(given["callback_url"]):
        raise _Refused("bad_callback_url")


def _check_destination(destination: Any) -> None:
    number = destination.get("called_number") if isinstance(destination, dict) else destination
    if not isinstance(number, str) or not number.rpartition("}")[2].strip():
        raise _Refused("no_destination")


def _seconds(asked: Any) -> float:
    if isinstance(asked, str) and asked.isdecimal() and len(asked) < len("1000000"):
        asked = int(asked)
    if isinstance(asked, bool) or not isinstance(asked, int | float) or asked < 1 or asked % 1:
        raise _Refused("bad_timeout")
    return float(min(asked, LONGEST_S))


def _is_url(url: Any) -> bool:
    if not isinstance(url, str):
        return False
    with contextlib.suppress(ValueError):
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    return False


def _tell(url: str, told: dict[str, Any]) -> None:
    """POST the result once, whatever becomes of it; redirects are followed as urllib does."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    headers = {"Content-Type": "application/json"}
    try:
        request = urllib.request.Request(url, json.dumps(told).encode(), headers)  # noqa: S310 - http or https
        opener.open(request, timeout=5).close()
    except urllib.error.HTTPError as refused:
        refused.close()
    except (OSError, ValueError, http.client.HTTPException):
        return
