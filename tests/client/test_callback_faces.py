"""The two faces of the receiver beyond single requests: bodies that never end, senders that leave, other scopes."""

from __future__ import annotations

import asyncio
import io
from collections.abc import MutableMapping
from typing import Any

import pytest

from basix_contract.client import CallbackReceiver
from tests.client.faces import ANSWERED, URLS, callback, over_asgi, over_wsgi, scope_of

FORGED = callback(target="/basix/1" + "a" * 60)


class Unreadable(io.BytesIO):
    """A body nobody may read."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Fail, saying how much was asked for."""
        raise AssertionError(f"{size} bytes of the body were asked for")


class Endless(io.BytesIO):
    """A body without an end, that counts how much of it was read."""

    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        """Give as much as is asked for."""
        piece = b" " * (size or 0)
        self.taken += len(piece)
        return piece


def wsgi_status(receiver: CallbackReceiver, **environ: Any) -> str:
    """The status line a bare WSGI request gets."""
    started: list[str] = []
    base = {"REQUEST_METHOD": "POST", "PATH_INFO": callback().target, "wsgi.input": io.BytesIO(ANSWERED)}
    receiver.wsgi({**base, **environ}, lambda status, _headers: started.append(status))
    return started[0]


async def converse(receiver: CallbackReceiver, scope: dict[str, Any], *messages: dict[str, Any]) -> list[Any]:
    """What the ASGI face sends, given these messages and no more."""
    left, sent = list(messages), []

    async def receive() -> dict[str, Any]:
        return left.pop(0)

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    await receiver.asgi(scope, receive, send)
    assert not left
    return sent


def test_a_forged_url_is_refused_before_its_body_is_read() -> None:
    """Who has no URL of ours cannot make us read anything."""
    receiver = CallbackReceiver(URLS)

    (start, _) = asyncio.run(converse(receiver, scope_of(FORGED)))

    assert start["status"] == 404
    assert wsgi_status(receiver, PATH_INFO=FORGED.target, **{"wsgi.input": Unreadable()}) == "404 Not Found"


def test_no_more_is_read_than_a_callback_may_have() -> None:
    """A body without a length is read up to the bound and refused, however long it would go on."""
    receiver = CallbackReceiver(URLS, max_body_bytes=5000)
    piece = {"type": "http.request", "body": b" " * 1000, "more_body": True}
    endless = Endless()

    (start, _) = asyncio.run(converse(receiver, scope_of(callback(headers=())), *[piece] * 6))
    status = wsgi_status(receiver, **{"wsgi.input": endless, "wsgi.input_terminated": True})

    assert start["status"] == 413
    assert status.startswith("413 ")
    assert endless.taken == 5001


@pytest.mark.parametrize("length", ["", None])
def test_a_body_in_chunks_is_taken_where_the_server_marks_its_end(length: str | None) -> None:
    """Over WSGI a body without a length can be read only if the server ends it."""
    receiver = CallbackReceiver(URLS)
    chunked = {"CONTENT_LENGTH": length, "HTTP_TRANSFER_ENCODING": "chunked"}

    assert wsgi_status(receiver, **chunked, **{"wsgi.input": Unreadable()}) == "411 Length Required"
    assert wsgi_status(receiver, CONTENT_LENGTH=length, **{"wsgi.input": Unreadable()}) == "400 Bad Request"
    assert wsgi_status(receiver, **chunked, **{"wsgi.input_terminated": True}) == "204 No Content"


def test_a_sender_that_leaves_is_forgotten() -> None:
    """A callback that breaks off midway is no result, and the same one sent again is."""
    receiver = CallbackReceiver(URLS)

    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise ConnectionResetError(size)

    sent = asyncio.run(
        converse(
            receiver,
            scope_of(callback()),
            {"type": "http.request", "body": ANSWERED[:9], "more_body": True},
            {"type": "http.disconnect"},
        )
    )

    assert sent == []
    assert wsgi_status(receiver, CONTENT_LENGTH="60", **{"wsgi.input": Broken()}) == "400 Bad Request"
    assert wsgi_status(receiver, CONTENT_LENGTH="60", **{"wsgi.input": io.BytesIO(ANSWERED[:9])}) == "400 Bad Request"
    assert receiver.result_of("crm-4711") is None
    assert over_asgi(receiver.asgi, callback()).status == 204


def test_a_head_request_gets_no_body() -> None:
    """HEAD is refused as any method but POST is, and without a body, as HTTP has it."""
    receiver = CallbackReceiver(URLS)

    for answer in (
        over_asgi(receiver.asgi, callback(method="HEAD")),
        over_wsgi(receiver.wsgi, callback(method="HEAD")),
    ):
        assert (answer.status, answer.body) == (405, b"")
        assert ("allow", "POST") in [(name.lower(), value) for name, value in answer.headers]


def test_a_server_can_start_and_stop_it() -> None:
    """By itself, not mounted, it goes along with a server's lifespan; a WebSocket is turned away."""
    receiver = CallbackReceiver(URLS)
    started = converse(receiver, {"type": "lifespan"}, {"type": "lifespan.startup"}, {"type": "lifespan.shutdown"})

    assert asyncio.run(started) == [{"type": "lifespan.startup.complete"}, {"type": "lifespan.shutdown.complete"}]
    assert asyncio.run(converse(receiver, {"type": "websocket"})) == [{"type": "websocket.close"}]
