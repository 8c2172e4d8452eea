"""One request handed to an ASGI or WSGI application in this process, as a server would hand it over."""

from __future__ import annotations

import asyncio
import inspect
import io
import sys
from collections.abc import Iterable, MutableMapping
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from basix_contract.errors import UsageError
from basix_contract.messages import Request, Response, field_value

_ASGI_PARAMETERS = 3
_WSGI_PARAMETERS = 2


def is_asgi(app: Any) -> bool:
    """Return whether an application speaks ASGI, as against WSGI; raises UsageError for what speaks neither."""
    try:
        count = len([part for part in inspect.signature(app).parameters.values() if part.default is part.empty])
    except (TypeError, ValueError):
        count = 0
    if count not in (_ASGI_PARAMETERS, _WSGI_PARAMETERS):
        raise UsageError(
            f"{type(app).__name__} is neither an ASGI nor a WSGI application",
            fix="give the application itself: app(scope, receive, send) or app(environ, start_response)",
        )
    return count == _ASGI_PARAMETERS


async def ask_asgi(app: Any, request: Request, origin: str) -> Response:
    """Return what an ASGI application answers; what it raises goes through.

    `origin` is the scheme and host of the URL that was called.
    """
    sent: list[MutableMapping[str, Any]] = []
    bodies = [{"type": "http.request", "body": request.body, "more_body": False}]
    is_answered = asyncio.Event()

    async def receive() -> dict[str, Any]:
        if bodies:
            return bodies.pop()
        # Who asks again watches for a sender that leaves, and this one stays for the answer.
        await is_answered.wait()
        return {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            is_answered.set()

    await app(_scope(request, origin), receive, send)
    start = next((message for message in sent if message["type"] == "http.response.start"), None)
    if start is None:
        raise UsageError("the application did not answer", where=request.target)
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in start["headers"])
    return Response(start["status"], headers, b"".join(message.get("body", b"") for message in sent))


def ask_wsgi(app: Any, request: Request, origin: str) -> Response:
    """Return what a WSGI application answers; what it raises goes through."""
    started: list[Any] = []
    written: list[bytes] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        del exc_info
        started[:] = [status, headers]
        return written.append

    parts: Iterable[bytes] = app(_environ(request, origin), start_response)
    try:
        written.extend(parts)
    finally:
        getattr(parts, "close", lambda: None)()
    status, headers = started
    return Response(int(status[:3]), tuple(headers), b"".join(written))


def _scope(request: Request, origin: str) -> dict[str, Any]:
    path, _, query = request.target.partition("?")
    url = urlsplit(origin)
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in request.headers]
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": url.scheme,
        "path": unquote_to_bytes(path).decode("utf-8", "replace"),
        "raw_path": path.encode("latin-1"),
        "root_path": "",
        "query_string": query.encode("latin-1"),
        "headers": [(b"host", url.netloc.encode("latin-1")), *headers],
        "server": (url.hostname, url.port or 80),
        "client": ("127.0.0.1", 9),
        "state": {},
    }


def _environ(request: Request, origin: str) -> dict[str, Any]:
    path, _, query = request.target.partition("?")
    url = urlsplit(origin)
    return {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": url.hostname or "",
        "SERVER_PORT": str(url.port or 80),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": field_value(request.headers, "content-type") or "",
        "CONTENT_LENGTH": field_value(request.headers, "content-length") or str(len(request.body)),
        "HTTP_HOST": url.netloc,
        **{
            f"HTTP_{name.upper().replace('-', '_')}": value
            for name, value in request.headers
            if name.lower() not in ("content-type", "content-length", "host")
        },
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": url.scheme,
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
