"""Insists: all selectors must agree, an unacknowledged callback is sent again, a busy user is told of at once.

Busy is who is said to be, and whose telephones ring already.

An asyncio protocol with HTTP/1.1, one request a connection; every error is HTTP 500; callbacks from worker threads.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import random
import time
from base64 import b64decode
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from basix_contract.profile import User
from tests.servers.directory import GROUP_SELECTORS, LONGEST_S, USER_SELECTORS, Directory, Hunt
from tests.servers.hosting import BACKLOG, HOST, in_loop

_REPEATS = 2
_PAUSE_S = 0.1
_TARGET = "/v1/call_user"


@contextlib.contextmanager
def persistent(directory: Directory) -> Iterator[str]:
    """The server runs at the base URL yielded."""
    with in_loop(_Pbx(directory).open) as port:
        yield f"http://{HOST}:{port}/v1"


class _Complaint(Exception):
    """Said to the caller as an error id."""


class _Pbx:
    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self.hunts: set[asyncio.Task[None]] = set()
        self.lines: set[asyncio.BaseTransport] = set()
        self.ringing_until_s: dict[str, float] = {}
        self._random = random.SystemRandom()

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[int]:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: _Line(self), HOST, 0, backlog=BACKLOG)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            for line in tuple(self.lines):
                line.close()
            for hunt in tuple(self.hunts):
                hunt.cancel()
            await asyncio.gather(*self.hunts, return_exceptions=True)

    def answer(self, method: str, target: str, fields: dict[str, str], body: bytes) -> tuple[int, dict[str, Any]]:
        try:
            _check_method(method, target)
            self._sign_in(fields.get("authorization", ""))
            return 200, self._place(_object(body))
        except _Complaint as complaint:
            status = 200 if complaint.args[0] == "authentication_required" else 500
            return status, {"result_code": 500, "error": {"id": complaint.args[0]}}

    def _sign_in(self, authorization: str) -> None:
        scheme, _, shown = authorization.partition(" ")
        try:
            told = b64decode(shown.encode("latin-1"), validate=True).split(b":", 1)
        except ValueError:
            told = []
        if scheme.upper() != "BASIC" or told != [text.encode() for text in self.directory.credentials]:
            raise _Complaint("authentication_required")

    def _place(self, asked: dict[str, Any]) -> dict[str, Any]:
        user = self._user(asked)
        self._check_group(asked)
        timeout_s = _check_values(asked)
        if user.outcome == "limited":
            raise _Complaint("channel_limit_reached")
        if user.outcome == "busy" or self.ringing_until_s.get(user.name, 0.0) > time.monotonic():
            raise _Complaint("user_busy")
        uuids = [str(UUID(int=self._random.getrandbits(128))) for _ in range(self.directory.legs(user))]
        hunt = self.directory.hunt(user, timeout_s)
        self.ringing_until_s[user.name] = time.monotonic() + hunt.after_s
        if asked.get("callback_url"):
            task = asyncio.get_running_loop().create_task(_report(hunt, asked["callback_url"], uuids))
            self.hunts.add(task)
            task.add_done_callback(self.hunts.discard)
        return {"result_code": 0, "uuids": uuids}

    def _user(self, asked: dict[str, Any]) -> User:
        """Every selector that says something must name the same user."""
        given = [name for name in USER_SELECTORS if asked.get(name) not in (None, "")]
        users = [self.directory.user(name, asked[name]) for name in given]
        if not users:
            raise _Complaint("user_required")
        if users[0] is None or any(user is not users[0] for user in users):
            raise _Complaint("user_not_found")
        return users[0]

    def _check_group(self, asked: dict[str, Any]) -> None:
        given = [name for name in GROUP_SELECTORS if asked.get(name) not in (None, "")]
        groups = [self.directory.group(name, asked[name]) for name in given]
        if any(group is None or group is not groups[0] for group in groups):
            raise _Complaint("group_not_found")
        if asked.get("group_resolver") not in (None, "", "*", "any:CALL_CENTER"):
            raise _Complaint("group_resolver_not_supported")


class _Line(asyncio.Protocol):
    """One connection with one request: what comes is kept until head and body are there."""

    def __init__(self, pbx: _Pbx) -> None:
        self._pbx = pbx
        self._data = bytearray()
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody connects."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._pbx.lines.add(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is over, for whatever reason."""
        del exc
        self._pbx.lines.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        """Answer as soon as the request is whole."""
        self._data += data
        head, blank, body = bytes(self._data).partition(b"\r\n\r\n")
        if not blank:
            return
        first, *lines = head.decode("latin-1").split("\r\n")
        fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        if len(body) < int(fields.get("content-length", 0)):
            return
        method, target, *_ = first.split(" ")
        status, reply = self._pbx.answer(method, target, fields, body)
        text = (json.dumps(reply, indent=4) + "\n").encode()
        fields_back = f"Content-Length: {len(text)}\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
        reason = http.client.responses[status]
        self._transport.write(f"HTTP/1.1 {status} {reason}\r\n{fields_back}".encode())
        self._transport.write(b"" if method == "HEAD" else text)
        self._transport.close()


def _check_method(method: str, target: str) -> None:
    if target != _TARGET or method != "POST":
        raise _Complaint("unknown_method")


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise _Complaint("request_not_understood")
    return value


def _check_values(asked: dict[str, Any]) -> float:
    destination = asked.get("destination")
    if isinstance(destination, dict):
        destination = destination.get("called_number")
    if not isinstance(destination, str) or not destination:
        raise _Complaint("destination_required")
    timeout_s = asked.get("answer_timeout")
    if timeout_s is None:
        timeout_s = int(LONGEST_S)
    if isinstance(timeout_s, bool) or not isinstance(timeout_s, int) or timeout_s <= 0:
        raise _Complaint("answer_timeout_out_of_range")
    if not isinstance(asked.get("calling_name", ""), str | None):
        raise _Complaint("calling_name_not_supported")
    if asked.get("auto_answer") not in (None, True, False, "true", "false"):
        raise _Complaint("auto_answer_not_supported")
    if asked.get("callback_url") not in (None, "") and not _is_url(asked["callback_url"]):
        raise _Complaint("callback_url_not_supported")
    return float(min(timeout_s, LONGEST_S))


def _is_url(url: Any) -> bool:
    try:
        return isinstance(url, str) and url.startswith(("http://", "https://")) and bool(urlsplit(url).hostname)
    except ValueError:
        return False


async def _report(hunt: Hunt, url: str, uuids: list[str]) -> None:
    """Tell the result until it is acknowledged; a failed call is told with a uuid too, to tie it to its call."""
    told: dict[str, Any] = {"result_code": 0, "uuid": uuids[0]}
    if hunt.cause:
        told = {"result_code": 500, "error": {"id": f"user_{hunt.cause}"}, "uuid": uuids[0]}
    await asyncio.sleep(hunt.after_s)
    for _ in range(1 + _REPEATS):
        if await asyncio.to_thread(_is_acknowledged, url, json.dumps(told).encode()):
            return
        await asyncio.sleep(_PAUSE_S)


def _is_acknowledged(url: str, body: bytes) -> bool:
    parts = urlsplit(url)
    receiver = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=5)
    with contextlib.suppress(OSError, ValueError, http.client.HTTPException), contextlib.closing(receiver):
        target = url.partition(parts.netloc)[2]
        receiver.request("POST", target or "/", body, {"Content-Type": "application/json"})
        return receiver.getresponse().status // 100 == 2
    return False
