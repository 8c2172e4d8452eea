"""Reads one HTTP reply from a connection, as far as it is worth reading (RFC 9112)."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

from basix_contract.messages import Response, field_value

if TYPE_CHECKING:
    from basix_contract.messages import Headers

MOST_HEAD_BYTES = 65_536
"""A head longer than this never ends."""

# An answer is looked at, never used: what lies beyond this many bytes is left unread.
_MOST_BODY_BYTES = 65_536
_STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: .*)?", re.DOTALL)
_FIELD = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*(.*?)[ \t]*", re.DOTALL)
_LENGTH = re.compile(r"[0-9]{1,18}")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;.*)?\r\n", re.DOTALL)
_INTERIM = range(100, 200)
_BODILESS = (204, 304)


class BadReplyError(Exception):
    """What came is no HTTP reply, or not a whole one; its text says why."""


async def read_reply(reader: asyncio.StreamReader, method: str) -> Response:
    """Return the reply to a request of this method; of a very long body only the beginning.

    Raises BadReplyError where it is no HTTP, or ends too early.
    """
    status, headers = await _read_head(reader)
    while status in _INTERIM:
        status, headers = await _read_head(reader)
    is_bodiless = method == "HEAD" or status in _BODILESS
    return Response(status, headers, b"" if is_bodiless else await _read_body(reader, headers))


async def _read_head(reader: asyncio.StreamReader) -> tuple[int, Headers]:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        said = "the reply was cut short" if error.partial else "the connection was closed without a reply"
        raise BadReplyError(said) from None
    except asyncio.LimitOverrunError:
        raise BadReplyError("the head of the reply does not end") from None
    first, *lines = head[:-4].split(b"\r\n")
    found = _STATUS_LINE.fullmatch(first)
    if found is None:
        raise BadReplyError("what came was no HTTP")
    fields = [_FIELD.fullmatch(line) for line in lines]
    return int(found[1]), tuple(
        (field[1].decode("ascii"), field[2].decode("latin-1")) for field in fields if field is not None
    )


async def _read_body(reader: asyncio.StreamReader, headers: Headers) -> bytes:
    if (field_value(headers, "Transfer-Encoding") or "").lower() == "chunked":
        return await _read_chunks(reader)
    length = field_value(headers, "Content-Length")
    if length is None:
        return await _read_until_closed(reader)
    if not _LENGTH.fullmatch(length):
        raise BadReplyError("the length of the reply is no number")
    return await _read_exactly(reader, min(int(length), _MOST_BODY_BYTES))


async def _read_until_closed(reader: asyncio.StreamReader) -> bytes:
    body = bytearray()
    while len(body) < _MOST_BODY_BYTES:
        piece = await reader.read(_MOST_BODY_BYTES - len(body))
        if not piece:
            break
        body += piece
    return bytes(body)


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    body = bytearray()
    while len(body) < _MOST_BODY_BYTES:
        size = await _read_size(reader)
        if not size:
            break
        body += await _read_exactly(reader, min(size, _MOST_BODY_BYTES))
        await _read_exactly(reader, len(b"\r\n"))
    return bytes(body)


async def _read_size(reader: asyncio.StreamReader) -> int:
    try:
        found = _CHUNK_SIZE.fullmatch(await reader.readuntil(b"\r\n"))
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        found = None
    if found is None:
        raise BadReplyError("a chunk of the reply has no size")
    return int(found[1], 16)


async def _read_exactly(reader: asyncio.StreamReader, length: int) -> bytes:
    try:
        return await reader.readexactly(length)
    except asyncio.IncompleteReadError:
        raise BadReplyError("the reply was cut short") from None
