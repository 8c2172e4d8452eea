"""Callbacks, and ways to bring them to an ASGI or WSGI application as a server would, to the letter."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Callable, Iterable, MutableMapping
from typing import Any
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

from basix_contract.client import CallbackUrl
from basix_contract.messages import Request, Response, field_value

URLS = CallbackUrl("http://127.0.0.1:8000/basix", "a secret of enough bytes")
UUID = "ede7b23e-c172-445e-832e-963b11ba2b96"
OTHER = "1c46fc4b-a42f-410e-82b5-11aa2a1f69fe"
ANSWERED = json.dumps({"result_code": 0, "uuid": UUID}).encode()
ANSWERED_ELSEWHERE = json.dumps({"result_code": 0, "uuid": OTHER}).encode()
BUSY = json.dumps({"result_code": 500, "error": {"id": "busy"}}).encode()


def callback(call: str = "crm-4711", body: bytes = ANSWERED, **changes: Any) -> Request:
    """The callback of a call."""
    target = URLS.for_call(call).removeprefix("http://127.0.0.1:8000")
    fields = {
        "method": "POST",
        "target": target,
        "headers": (("Content-Length", str(len(body))), ("Content-Type", "application/json")),
        "body": body,
    }
    return Request(**{**fields, **changes})


def over_asgi(app: Any, request: Request) -> Response:
    """What an ASGI application answers, its body in pieces of 1000 bytes."""
    return asyncio.run(exchange(app, request))


async def exchange(app: Any, request: Request) -> Response:
    """The same, in an event loop that runs."""
    sent: list[MutableMapping[str, Any]] = []
    pieces = [request.body[at : at + 1000] for at in range(0, len(request.body), 1000)] or [b""]

    async def receive() -> dict[str, Any]:
        if not pieces:
            await asyncio.Future()  # the sender stays
        piece = pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    await app(scope_of(request), receive, send)
    start, *parts = sent
    headers = tuple((name.decode(), value.decode()) for name, value in start["headers"])
    return Response(start["status"], headers, b"".join(part["body"] for part in parts))


def scope_of(request: Request) -> dict[str, Any]:
    """The ASGI scope of a request."""
    path, _, query = request.target.partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": request.method,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in request.headers],
    }


def over_wsgi(app: Any, request: Request) -> Response:
    """What a WSGI application answers, under the eyes of the standard library's validator."""
    path, _, query = request.target.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "wsgi.input": io.BytesIO(request.body),
    }
    if (length := field_value(request.headers, "content-length")) is not None:
        environ["CONTENT_LENGTH"] = length
    setup_testing_defaults(environ)
    started: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
        assert exc_info is None
        started[:] = [status, headers]
        return lambda _: None

    # The validator itself comes to grief over a length that is none.
    is_valid = length is None or (length.isascii() and length.isdigit() and len(length) < 20)
    parts: Iterable[bytes] = (validator(app) if is_valid else app)(environ, start_response)
    body = b"".join(parts)
    getattr(parts, "close", lambda: None)()
    return Response(int(started[0][:3]), tuple(started[1]), body)
