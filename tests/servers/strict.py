"""Refuses whatever the document leaves open, and says so with an HTTP status.

HTTP/1.1 by hand on asyncio streams: replies and callbacks are chunked, refused credentials get an HTML page.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hmac
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from tests.servers.directory import LONGEST_S, Directory, Hunt
from tests.servers.hosting import BACKLOG, HOST, in_loop
from tests.servers.strict_rules import Refusal, judge_call

_PATH = "/call_user"
_LARGEST_BODY = 4_000_000
_PAGE = "<!DOCTYPE html><title>{0}</title><h1>{0}</h1>"
_REASONS = {200: "OK", 401: "Unauthorized", 404: "Not Found", 405: "Method Not Allowed"}


@contextlib.contextmanager
def strict(directory: Directory) -> Iterator[str]:
    """The server runs at the base URL yielded."""
    with in_loop(_Pbx(directory).open) as port:
        yield f"http://{HOST}:{port}"


class _Pbx:
    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        shown = base64.b64encode(":".join(directory.credentials).encode())
        self.authorization = b"Basic " + shown
        self.busy: set[asyncio.Task[None]] = set()

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[int]:
        server = await asyncio.start_server(self.converse, HOST, 0, limit=65_536, backlog=BACKLOG)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            for task in tuple(self.busy):
                task.cancel()
            await asyncio.gather(*self.busy, return_exceptions=True)

    def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.keep(asyncio.create_task(self.exchanges(reader, writer)))

    def keep(self, task: asyncio.Task[None]) -> None:
        self.busy.add(task)
        task.add_done_callback(self.busy.discard)

    async def exchanges(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, EOFError, ValueError, asyncio.LimitOverrunError), contextlib.closing(writer):
            while True:
                method, target, fields = await _head(reader)
                status, media_type, body = self.answer(method, target, fields, await _body(reader, fields))
                writer.write(_status_line(status, media_type, method))
                for piece in () if method == "HEAD" else _chunks(body):
                    writer.write(piece)
                    await writer.drain()

    def answer(self, method: str, target: str, fields: dict[str, bytes], body: bytes) -> tuple[int, str, bytes]:
        refused = 0
        if target.partition("?")[0] != _PATH:
            refused = 404
        elif not hmac.compare_digest(fields.get("authorization", b""), self.authorization):
            refused = 401
        elif method != "POST":
            refused = 405
        if refused:
            return refused, "text/html; charset=utf-8", _PAGE.format(_REASONS[refused]).encode()
        try:
            status, reply = 200, self.place(fields.get("content-type", b"").decode("latin-1"), body)
        except Refusal as refusal:
            status, reply = refusal.status, {"result_code": 500, "error": {"id": refusal.id}}
        return status, "application/json", json.dumps(reply, separators=(",", ":")).encode()

    def place(self, media_type: str, body: bytes) -> dict[str, Any]:
        asked, user = judge_call(self.directory, media_type, body)
        uuids = [str(uuid4()) for _ in range(self.directory.legs(user))]
        if "callback_url" in asked:
            hunt = self.directory.hunt(user, asked.get("answer_timeout", LONGEST_S))
            self.keep(asyncio.create_task(_report(hunt, asked["callback_url"], uuids[0])))
        return {"result_code": 0, "uuids": uuids}


async def _head(reader: asyncio.StreamReader) -> tuple[str, str, dict[str, bytes]]:
    first, *lines = (await reader.readuntil(b"\r\n\r\n"))[:-4].split(b"\r\n")
    method, target, _ = first.decode("latin-1").split(" ", 2)
    pairs = (line.partition(b":") for line in lines)
    return method, target, {name.decode("latin-1").lower(): value.strip() for name, _, value in pairs}


async def _body(reader: asyncio.StreamReader, fields: dict[str, bytes]) -> bytes:
    if fields.get("transfer-encoding", b"").lower() != b"chunked":
        return await reader.readexactly(min(int(fields.get("content-length", b"0")), _LARGEST_BODY))
    body = b""
    while size := int((await reader.readuntil(b"\r\n")).partition(b";")[0], 16):
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readuntil(b"\r\n")
    return body


def _status_line(status: int, media_type: str, method: str) -> bytes:
    framing = "Content-Length: 0" if method == "HEAD" else "Transfer-Encoding: chunked"
    asking = '\r\nWWW-Authenticate: Basic realm="pbx"' if status == 401 else ""
    reason = _REASONS.get(status, "Refused")
    return f"HTTP/1.1 {status} {reason}\r\n{framing}\r\nContent-Type: {media_type}{asking}\r\n\r\n".encode()


def _chunks(body: bytes) -> Iterator[bytes]:
    """The body in three pieces, none of which is JSON by itself."""
    third = len(body) // 3 + 1
    for start in range(0, len(body), third):
        piece = body[start : start + third]
        yield f"{len(piece):X};from={start}\r\n".encode() + piece + b"\r\n"
    yield b"0\r\n\r\n"


async def _report(hunt: Hunt, url: str, answering: str) -> None:
    await asyncio.sleep(hunt.after_s)
    told: dict[str, Any] = {"result_code": 0, "uuid": answering}
    if hunt.cause:
        told = {"result_code": 500, "error": {"id": hunt.cause}}
    parts = urlsplit(url)
    target = "/" + url.partition(parts.netloc)[2].removeprefix("/")
    head = f"POST {target} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n"
    with contextlib.suppress(OSError, asyncio.TimeoutError):
        async with asyncio.timeout(5):
            reader, writer = await asyncio.open_connection(parts.hostname, parts.port or 80)
            try:
                writer.write(f"{head}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n".encode())
                for piece in _chunks(json.dumps(told).encode()):
                    writer.write(piece)
                    await writer.drain()
                await reader.read()
            finally:
                writer.close()
