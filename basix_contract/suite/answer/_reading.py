"""Reads HTTP/1.x requests as they come, byte for byte, and forgives what can be read at all."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from basix_contract.messages import Request, field_value

if TYPE_CHECKING:
    from basix_contract.messages import Headers

_MOST_HEAD_BYTES = 65_536
_MOST_BODY_BYTES = 1_048_576
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Received:
    """A request and whether its connection may be used again; `problem` says what in it was no HTTP."""

    request: Request
    keeps_open: bool
    problem: str = ""


async def read_request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Received | None:
    """Return the next request of a connection; None once the client has left it.

    A client that asks whether it may go on (`Expect: 100-continue`) is told so.
    """
    head = await _head(reader)
    if head is None:
        return None
    method, target, version, headers = _parsed(head)
    if (field_value(headers, "expect") or "").lower() == "100-continue":
        writer.write(_CONTINUE)
    try:
        body, problem = await _body(reader, headers), ""
    except (ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
        body, problem = b"", f"its body cannot be read ({type(error).__name__})"
    is_closing = (field_value(headers, "connection") or "").lower() == "close"
    keeps_open = version == "HTTP/1.1" and not is_closing and not problem
    return Received(Request(method, _origin_form(target), headers, body), keeps_open, problem)


async def _head(reader: asyncio.StreamReader) -> bytes | None:
    head = b""
    while not head.endswith((b"\r\n\r\n", b"\n\n")):
        try:
            line = await reader.readuntil(b"\n")
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            return None
        if head or line.strip():  # a blank line before the request line is passed over (RFC 9112, 2.2)
            head += line
        if len(head) > _MOST_HEAD_BYTES:
            return None
    return head


def _parsed(head: bytes) -> tuple[str, str, str, Headers]:
    first, *lines = (line.rstrip("\r") for line in head.decode("latin-1").split("\n"))
    method, _, rest = first.partition(" ")
    target, _, version = rest.rpartition(" ")
    pairs = (line.partition(":") for line in lines if line)
    return method, target, version, tuple((name.strip(), value.strip()) for name, _, value in pairs)


def _origin_form(target: str) -> str:
    """Return path and query also where a whole URL was sent, as to a proxy; what is none stays as it is."""
    if not target.lower().startswith(("http://", "https://")):
        return target
    try:
        parts = urlsplit(target)
    except ValueError:
        return target
    return parts.path + (f"?{parts.query}" if parts.query else "")


async def _body(reader: asyncio.StreamReader, headers: Headers) -> bytes:
    if "chunked" in (field_value(headers, "transfer-encoding") or "").lower():
        return await _chunked(reader)
    length = int(field_value(headers, "content-length") or "0")
    if not 0 <= length <= _MOST_BODY_BYTES:
        raise ValueError(length)
    return await reader.readexactly(length)


async def _chunked(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int((await reader.readuntil(b"\n")).split(b";")[0], 16):
        if len(body) + size > _MOST_BODY_BYTES:
            raise ValueError(size)
        body += await reader.readexactly(size)
        await reader.readuntil(b"\n")
    while (await reader.readuntil(b"\n")).strip():
        pass  # trailer fields
    return body
