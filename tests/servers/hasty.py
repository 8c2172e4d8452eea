"""Calls back at once: where somebody picks up quickly, the callback is out a moment before the reply.

http.server with HTTP/1.1: connections are kept alive for a moment, field names are in small letters, and some
letters of the JSON are escaped. A thread for each hunt.
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from basix_contract.profile import User
from tests.servers.directory import GROUP_SELECTORS, LONGEST_S, Directory, Hunt
from tests.servers.hosting import BACKLOG, HOST, in_thread

_JSON = "application/json; charset=utf-8"
_QUICK_S = 0.05
_IDLE_S = 0.15
_ORDER = ("user_did", "user_extension", "user_email", "user_name", "user_id", "user_label")
_MEMBERS = ("called_number", "calling_number", "end_user")


@contextlib.contextmanager
def hasty(directory: Directory) -> Iterator[str]:
    """The server runs at the base URL yielded."""
    pbx = _Pbx(directory)
    with _Server((HOST, 0), _Exchange) as server:
        server.pbx = pbx
        with in_thread(server) as port:
            try:
                yield f"http://{HOST}:{port}/api"
            finally:
                server.cut_off()
                pbx.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = BACKLOG
    pbx: _Pbx

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler)
        self.open: set[socket.socket] = set()

    def cut_off(self) -> None:
        """Ends the connections that are kept alive, and with them their threads."""
        for connection in tuple(self.open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Exchange(BaseHTTPRequestHandler):
    server: _Server  # pyright: ignore[reportIncompatibleVariableOverride] - only that server makes one
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    timeout = 10

    def setup(self) -> None:
        super().setup()
        self.server.open.add(self.request)

    def finish(self) -> None:
        self.server.open.discard(self.request)
        with contextlib.suppress(OSError):
            super().finish()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        pbx = self.server.pbx
        if not pbx.knows(self.headers.get("Authorization", "")):
            self.say(403, "text/plain", b"no access\n")
            return
        if self.path != "/api/call_user":
            self.say(404, "text/plain", b"nothing here\n")
            return
        try:
            reply = pbx.place(json.loads(body))
        except _No as no:
            reply = {"result_code": 500, "error": {"id": no.args[0]}}
        except (ValueError, RecursionError):
            reply = {"result_code": 500, "error": {"id": "unreadable_body"}}
        self.say(400 if reply["result_code"] else 200, _JSON, _escaped(reply))

    def refuse(self) -> None:
        """Any other verb."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.say(405, "text/plain", b"" if self.command == "HEAD" else b"POST it\n")

    def say(self, status: int, media_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", media_type)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.connection.settimeout(_IDLE_S)

    def send_header(self, keyword: str, value: str) -> None:
        super().send_header(keyword.lower(), value)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is http.server's
        pass


for _verb in ("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"):
    setattr(_Exchange, f"do_{_verb}", _Exchange.refuse)


class _No(Exception):
    """Said to the caller as an error id."""


def _escaped(reply: dict[str, Any]) -> bytes:
    """The same JSON, with an escape where a letter would do."""
    return json.dumps(reply, sort_keys=True).replace('"u', '"\\u0075').replace('"res', '"\\u0072es').encode()


@dataclass
class _Pbx:
    directory: Directory
    over: threading.Event = field(default_factory=threading.Event)
    hunting: list[threading.Thread] = field(default_factory=list)

    def knows(self, authorization: str) -> bool:
        domain, token = self.directory.credentials
        return authorization == "Basic " + b64encode(f"{domain}:{token}".encode()).decode()

    def place(self, asked: Any) -> dict[str, Any]:
        if not isinstance(asked, dict):
            raise _No("object_expected")
        user = self._user(asked)
        self._check_group(asked, user)
        _check_destination(asked.get("destination"))
        timeout_s = _check_rest(asked)
        if user.outcome == "limited":
            raise _No("channel_limit_reached")
        uuids = [str(uuid4()) for _ in range(self.directory.legs(user))]
        if asked.get("callback_url"):
            hunt = self.directory.hunt(user, timeout_s)
            told = {"result_code": 500, "error": {"id": hunt.cause}}
            if not hunt.cause:
                told = {"result_code": 0, "uuid": uuids[-1]}
            self._hunt(hunt, asked["callback_url"], told)
        return {"result_code": 0, "uuids": uuids}

    def close(self) -> None:
        self.over.set()
        for thread in self.hunting:
            thread.join()

    def _hunt(self, hunt: Hunt, url: str, told: dict[str, Any]) -> None:
        is_told = threading.Event()

        def ring() -> None:
            if not self.over.wait(hunt.after_s):
                with contextlib.suppress(OSError, ValueError, HTTPException):
                    _tell(url, told, is_told)

        thread = threading.Thread(target=ring)
        self.hunting = [busy for busy in self.hunting if busy.is_alive()] + [thread]
        thread.start()
        if hunt.after_s < _QUICK_S:
            is_told.wait(hunt.after_s + 0.02)

    def _user(self, asked: dict[str, Any]) -> User:
        if "user_id" in asked and isinstance(asked["user_id"], str) and asked["user_id"].isdecimal():
            asked = {**asked, "user_id": int(asked["user_id"][:18])}
        for name in _ORDER:
            user = self.directory.user(name, asked.get(name))
            if user:
                return user
        raise _No("user_not_found" if any(asked.get(name) for name in _ORDER) else "user_missing")

    def _check_group(self, asked: dict[str, Any], user: User) -> None:
        own = self.directory.groups_of(user)
        named = next((name for name in GROUP_SELECTORS if name in asked), "")
        if named and self.directory.group(named, asked[named]) not in own:
            raise _No("not_in_that_group")
        if asked.get("group_resolver", "*") not in ("*", "any:CALL_CENTER"):
            raise _No("resolver_unknown")


def _check_destination(destination: Any) -> None:
    if isinstance(destination, dict):
        unknown = set(destination) - set(_MEMBERS)
        if unknown or not isinstance(destination.get("end_user", {}), dict):
            raise _No("destination_not_understood")
        destination = destination.get("called_number")
    if not isinstance(destination, str) or not destination:
        raise _No("destination_missing")


def _check_rest(asked: dict[str, Any]) -> float:
    timeout_s = asked.get("answer_timeout", LONGEST_S)
    if isinstance(timeout_s, float) and timeout_s.is_integer():
        timeout_s = int(timeout_s)
    if timeout_s is True or not isinstance(timeout_s, int | float) or timeout_s != timeout_s // 1 or timeout_s < 1:
        raise _No("answer_timeout_invalid")
    if not isinstance(asked.get("calling_name", ""), str):
        raise _No("calling_name_invalid")
    if not isinstance(asked.get("auto_answer", False), bool | int):
        raise _No("auto_answer_invalid")
    if "callback_url" in asked and not _has_place(asked["callback_url"]):
        raise _No("callback_url_invalid")
    return float(min(timeout_s, 10_000))


def _has_place(url: Any) -> bool:
    try:
        return isinstance(url, str) and urlsplit(url).scheme in ("http", "https") and bool(urlsplit(url).hostname)
    except ValueError:
        return False


def _tell(url: str, told: dict[str, Any], is_told: threading.Event) -> None:
    place = urlsplit(url).netloc
    target = url.partition(place)[2]
    body = json.dumps(told).encode()
    with contextlib.closing(HTTPConnection(place, timeout=5)) as receiver:
        receiver.putrequest("POST", target if target.startswith("/") else f"/{target}", skip_accept_encoding=True)
        receiver.putheader("content-type", _JSON)
        receiver.putheader("content-length", str(len(body)))
        receiver.endheaders(body)
        is_told.set()
        receiver.getresponse().read()
