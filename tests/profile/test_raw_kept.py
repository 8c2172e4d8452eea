"""A connection that is left open for the next request: used again, let go, or found gone."""

from __future__ import annotations

import asyncio

import pytest

from basix_contract.messages import Response
from basix_contract.profile import Connection, RawRequest, RawSender, Silence

_MESSAGE = ((0.0, b"POST /t HTTP/1.1\r\nHost: here\r\nContent-Length: 2\r\n\r\n{}"),)
_OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"


async def _sent(reply: bytes, *connections: Connection, closes: bool = False) -> tuple[list[Response | Silence], int]:
    """What came of requests sent one after the other, and over how many connections they went."""
    opened: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        opened.append(writer)
        while await reader.readuntil(b"{}"):
            writer.write(reply)
            if closes:
                break
        writer.close()

    async def guarded(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(guarded, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/t"
    sender = RawSender(url)
    outcomes = []
    for connection in connections:
        request = RawRequest(url=url, method="POST", pieces=_MESSAGE, connection=connection)
        outcomes.append(await sender.send(request, timeout_s=5))
    sender.let_go()
    server.close()
    for writer in opened:
        writer.close()
    return outcomes, len(opened)


@pytest.mark.parametrize(
    ("reply", "connections", "number"),
    [
        (_OK + b"\r\n", ("keep", "reuse"), 1),
        (_OK + b"\r\n", ("keep", "own"), 2),
        (_OK + b"\r\n", ("own", "reuse"), 2),
        (_OK + b"\r\n", ("keep", "keep", "reuse"), 2),
        (_OK + b"Connection: close\r\n\r\n", ("keep", "reuse"), 2),
    ],
)
def test_a_connection_is_used_again_where_both_sides_want_it(
    reply: bytes, connections: tuple[Connection, ...], number: int
) -> None:
    """Only what was left open, and not announced as closed, carries another request."""
    outcomes, opened = asyncio.run(_sent(reply, *connections))

    assert [getattr(outcome, "status", None) for outcome in outcomes] == [200] * len(connections)
    assert opened == number


def test_a_connection_that_has_gone_is_replaced() -> None:
    """A receiver may close a quiet connection without a word; the request is then sent on another."""
    outcomes, opened = asyncio.run(_sent(_OK + b"\r\n", "keep", "reuse", closes=True))

    assert [getattr(outcome, "status", None) for outcome in outcomes] == [200, 200]
    assert opened == 2
