"""Calls back only to hosts its operator has listed: any other callback_url is refused in the reply.

A bare ASGI application on uvicorn. Nobody has listed this machine, so every callback_url of a test is refused.
"""

from __future__ import annotations

import base64
import contextlib
import json
import uuid
from collections.abc import Awaitable, Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from tests.servers.directory import GROUP_SELECTORS, USER_SELECTORS, Directory
from tests.servers.hosting import HOST, in_uvicorn

_Receive = Callable[[], Awaitable[dict[str, Any]]]
_Send = Callable[[dict[str, Any]], Awaitable[None]]
_HOSTS_LISTED: frozenset[str] = frozenset({"crm.acme.example"})


@contextlib.contextmanager
def guarded(directory: Directory) -> Iterator[str]:
    """The server runs at the base URL yielded."""
    with in_uvicorn(_Application(directory)) as port:
        yield f"http://{HOST}:{port}/basix/api"


class _Application:
    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    async def __call__(self, scope: dict[str, Any], receive: _Receive, send: _Send) -> None:
        """Answer one request: the whole of ASGI."""
        if scope["type"] != "http":
            return
        body = await _read(receive)
        status, reply = self._answer(scope, body)
        text = json.dumps(reply).encode()
        fields = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(text))]
        await send({"type": "http.response.start", "status": status, "headers": fields})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else text})

    def _answer(self, scope: dict[str, Any], body: bytes) -> tuple[int, dict[str, Any]]:
        fields = dict(scope["headers"])
        if scope["path"] != "/basix/api/call_user":
            return 404, _error("no_such_method")
        if not self._is_admitted(fields.get(b"authorization", b"")):
            return 401, _error("authentication_required")
        if scope["method"] != "POST":
            return 405, _error("method_not_allowed")
        asked = _object(body)
        fault = "invalid_json" if asked is None else self._fault(asked)
        if asked is None or fault:
            return 403 if fault == "callback_host_not_allowed" else 422, _error(fault)
        legs = self._directory.legs(self._user(asked))
        return 200, {"result_code": 0, "uuids": [str(uuid.uuid4()) for _ in range(legs)]}

    def _is_admitted(self, authorization: bytes) -> bool:
        expected = base64.b64encode(":".join(self._directory.credentials).encode())
        return authorization.split(b" ") == [b"Basic", expected]

    def _user(self, asked: dict[str, Any]) -> Any:
        given = [name for name in USER_SELECTORS if asked.get(name) not in (None, "")]
        return self._directory.user(given[0], asked[given[0]]) if given else None

    def _fault(self, asked: dict[str, Any]) -> str:
        """The first thing that stands in the way of a call, as an error id; empty when nothing does."""
        user = self._user(asked)
        groups = [self._directory.group(name, asked[name]) for name in GROUP_SELECTORS if name in asked]
        timeout_s = asked.get("answer_timeout", 1)
        host = _host(asked.get("callback_url"))
        faults = {
            "user_not_found": user is None,
            "group_not_found": None in groups,
            "group_resolver_not_found": asked.get("group_resolver", "*") not in ("*", "any:CALL_CENTER"),
            "invalid_destination": not _is_destination(asked.get("destination")),
            "invalid_answer_timeout": type(timeout_s) is not int or timeout_s < 1,
            "invalid_auto_answer": type(asked.get("auto_answer", False)) is not bool,
            "invalid_calling_name": type(asked.get("calling_name", "")) is not str,
            "invalid_callback_url": "callback_url" in asked and not host,
            "callback_host_not_allowed": bool(host) and host not in _HOSTS_LISTED,
            "channel_limit_reached": user is not None and user.outcome == "limited",
        }
        return next((fault for fault, holds in faults.items() if holds), "")


async def _read(receive: _Receive) -> bytes:
    body, is_more = b"", True
    while is_more:
        message = await receive()
        body += message.get("body", b"")
        is_more = message.get("more_body", False)
    return body


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _error(id_: str) -> dict[str, Any]:
    return {"result_code": 500, "error": {"id": id_}}


def _host(url: Any) -> str:
    """The host of an http or https URL; empty for anything else."""
    try:
        parts = urlsplit(url) if isinstance(url, str) else urlsplit("")
    except ValueError:
        return ""
    return parts.hostname or "" if parts.scheme in ("http", "https") else ""


def _is_destination(destination: Any) -> bool:
    number = destination.get("called_number") if isinstance(destination, dict) else destination
    return isinstance(number, str) and number != ""
