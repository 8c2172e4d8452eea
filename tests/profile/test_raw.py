"""The way out for bytes: as they are given, piece by piece, to one origin, and whatever comes back is data."""

from __future__ import annotations

import asyncio
import itertools
import time
from socket import socket

import pytest

from basix_contract.errors import GateRefusal, UsageError
from basix_contract.messages import Response
from basix_contract.profile import RawRequest, RawSender, Silence
from tests.profile.sockets import Behaviour, RawServer, answers, closes, read_request, resets, stalls, stalls_midway

_HEAD = b"POST /t HTTP/1.1\r\nHost: here\r\nContent-Length: 2\r\n\r\n"
_WHOLE = ((0.0, _HEAD + b"{}"),)
_OK = b"HTTP/1.1 200 OK\r\n"


def sent(
    behaviour: Behaviour, *, timeout_s: float = 5.0, method: str = "POST", **how: object
) -> tuple[Response | Silence, RawServer]:
    """What came of one request, and the server it went to."""
    with RawServer(behaviour) as server:
        url = f"http://{server.address}/t"
        request = RawRequest(url=url, method=method, **{"pieces": _WHOLE, **how})  # type: ignore[arg-type]  # the test's own
        outcome = asyncio.run(RawSender(url).send(request, timeout_s=timeout_s))
        if request.ending != "reply":
            server.finished.acquire(timeout=5)
    return outcome, server


def test_bytes_leave_as_they_are_given() -> None:
    """Nothing is put in front of, between or behind the pieces."""
    outcome, server = sent(answers())

    assert isinstance(outcome, Response)
    assert (outcome.status, outcome.body) == (200, b"{}")
    assert server.received == [_HEAD + b"{}"]


def test_pieces_leave_in_their_time() -> None:
    """The pause before a piece is kept, and the time to answer begins behind the last one."""
    came: list[float] = []

    def behave(connection: socket, _server: RawServer) -> None:
        connection.settimeout(10)
        while connection.recv(1 if len(came) < 2 else 65_536):
            came.append(time.monotonic())
            if len(came) > 2:
                break
        connection.sendall(_OK + b"Content-Length: 0\r\n\r\n")

    pieces = ((0.0, b"A"), (0.2, b"B"), (0.2, b"C"))
    outcome, _ = sent(behave, pieces=pieces, timeout_s=0.3)

    assert isinstance(outcome, Response)
    assert all(later - earlier > 0.15 for earlier, later in itertools.pairwise(came))


@pytest.mark.parametrize("ending", ["close", "reset"])
def test_a_sender_that_hangs_up_is_gone(ending: str) -> None:
    """What was sent has arrived, the connection is closed or reset, and no reply is waited for."""
    seen: list[bytes | str] = []

    def behave(connection: socket, _server: RawServer) -> None:
        connection.settimeout(5)
        try:
            while piece := connection.recv(65_536):
                seen.append(piece)
            seen.append("closed")
        except ConnectionResetError:
            seen.append("reset")

    outcome, _ = sent(behave, pieces=((0.0, _HEAD),), ending=ending)

    assert outcome == Silence("we hung up", was_sent=True)
    assert seen[-1] == {"close": "closed", "reset": "reset"}[ending]


@pytest.mark.parametrize(
    ("reply", "status", "body"),
    [
        (_OK + b"Content-Length: 5\r\n\r\nhello and more", 200, b"hello"),
        (_OK + b"\r\nhello", 200, b"hello"),
        (_OK + b"Transfer-Encoding: chunked\r\n\r\n3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", 200, b"hello"),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n" + _OK + b"\r\nhi", 200, b"hi"),
        (b"HTTP/1.0 204 \r\n\r\n", 204, b""),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n", 304, b""),
        (b"HTTP/1.1 599 \xff\xfe\r\nSet-Cookie: \xe9\r\nno field\r\n\r\n", 599, b""),
    ],
)
def test_replies_of_every_form_are_read(reply: bytes, status: int, body: bytes) -> None:
    """However a reply is framed, its status, its fields and its body come out."""
    outcome, _ = sent(answers(reply))

    assert isinstance(outcome, Response)
    assert (outcome.status, outcome.body) == (status, body)
    assert all(":" not in name for name, _ in outcome.headers)


def test_the_reply_to_head_has_no_body() -> None:
    """A length in it is that of what a GET would have got."""
    outcome, _ = sent(answers(_OK + b"Content-Length: 99\r\n\r\n"), method="HEAD")

    assert isinstance(outcome, Response)
    assert outcome.body == b""


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (answers(b"hello\r\n\r\n"), "what came was no HTTP"),
        (answers(b"HTTP/1.1 2OO OK\r\n\r\n"), "what came was no HTTP"),
        (answers(_OK + b"Content-Length: five\r\n\r\nhello"), "the length of the reply is no number"),
        (answers(_OK + b"Content-Length: 9\r\n\r\nhello"), "the reply was cut short"),
        (answers(_OK + b"Content-Le"), "the reply was cut short"),
        (answers(_OK + b"Content-Length: " + b"9" * 5_000 + b"\r\n\r\nhello"), "the length of the reply is no number"),
        (answers(_OK + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n"), "a chunk of the reply has no size"),
        (answers(_OK + b"Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n"), "a chunk of the reply has no size"),
        (answers(_OK + b"Transfer-Encoding: chunked\r\n\r\n9\r\nhello"), "the reply was cut short"),
        (answers(_OK + b"X: " + b"x" * 100_000), "the head of the reply does not end"),
        (closes, "the connection was closed without a reply"),
        (resets, "the connection was reset"),
    ],
)
def test_what_is_no_whole_reply_is_silence(behaviour: Behaviour, reason: str) -> None:
    """It is told why there is none, and that the request has left."""
    outcome, _ = sent(behaviour)

    assert outcome == Silence(reason, was_sent=True)


def test_of_a_very_long_body_the_beginning_is_enough() -> None:
    """Whoever answers without end has answered."""

    def behave(connection: socket, server: RawServer) -> None:
        read_request(connection)
        connection.sendall(_OK + b"\r\n")
        while not server._is_over.is_set():
            connection.sendall(b"x" * 65_536)

    outcome, _ = sent(behave)

    assert isinstance(outcome, Response)
    assert outcome.body == b"x" * 65_536


def test_an_answer_before_the_end_is_taken() -> None:
    """A receiver may refuse a body it has not read: its answer counts, and the rest is not sent."""

    def behave(connection: socket, _server: RawServer) -> None:
        connection.settimeout(5)
        connection.recv(100)
        connection.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
        connection.recv(100)

    outcome, _ = sent(behave, pieces=((0.0, _HEAD), (0.1, b"{"), (60.0, b"}")))

    assert isinstance(outcome, Response)
    assert outcome.status == 413


@pytest.mark.parametrize("behaviour", [stalls, stalls_midway])
def test_time_runs_out(behaviour: Behaviour) -> None:
    """No reply, or half a one, within the time is silence, and told from a closed connection."""
    outcome, _ = sent(behaviour, timeout_s=0.1)

    assert outcome == Silence("nothing within 0.1 s", was_sent=True, is_stall=True)


def test_where_nobody_listens_nothing_is_sent() -> None:
    """A refused connection is no request."""
    with RawServer(answers()) as server:
        url = f"http://{server.address}/t"
    outcome = asyncio.run(RawSender(url).send(RawRequest(url=url, method="POST", pieces=_WHOLE), timeout_s=2))

    assert outcome == Silence("no connection", was_sent=False)


def test_who_speaks_no_tls_is_told() -> None:
    """An https URL of a receiver without TLS is reached by nothing, and it is told why."""

    def refuse(connection: socket, _server: RawServer) -> None:
        connection.settimeout(5)
        connection.recv(65_536)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    with RawServer(refuse) as server:
        url = f"https://{server.address}/t"
        outcome = asyncio.run(RawSender(url).send(RawRequest(url=url, method="POST", pieces=_WHOLE), timeout_s=2))

    assert outcome == Silence("it speaks no TLS", was_sent=False)


def test_another_machine_is_refused_unless_it_is_meant() -> None:
    """Without being told so, nothing goes to a host that is not this machine; not even its name is looked up."""
    with pytest.raises(GateRefusal, match=r"'receiver\.example' is not this machine"):
        RawSender("http://receiver.example/hook")
    RawSender("http://receiver.example/hook", allows_remote=True)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/t", "https://127.0.0.1:{port}/t", "http://localhost:{port}/t"])
def test_a_sender_has_one_origin(url: str) -> None:
    """A URL of another host, port or scheme than the one that was named is refused."""
    with RawServer(answers()) as server:
        sender = RawSender(f"http://{server.address}/")
        strange = url.format(port=server.address.rpartition(":")[2])
        with pytest.raises(GateRefusal, match="another host, port or scheme"):
            asyncio.run(sender.send(RawRequest(url=strange, method="POST", pieces=_WHOLE), timeout_s=1))

    assert server.connections == 0


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "http://user:secret@127.0.0.1/", "http://", "nonsense"])
def test_what_is_no_place_is_refused(url: str) -> None:
    """Neither another scheme nor credentials nor the lack of a host is taken, and nothing of it is repeated."""
    with pytest.raises(UsageError) as caught:
        RawSender(url)

    assert "secret" not in str(caught.value)
