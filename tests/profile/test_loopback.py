"""The way out for callbacks: this machine only unless told otherwise, byte for byte, once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from basix_contract.errors import GateRefusal, TargetUnreachable
from basix_contract.profile import is_loopback, open_client, send_exactly
from tests.profile.sockets import RawServer, answers, closes, stalls


def _send(url: str, *, method: str = "POST", timeout_s: float = 5.0, **options: Any) -> Any:
    async def play() -> Any:
        async with open_client(timeout_s=timeout_s, **options) as client:
            return await send_exactly(client, method, url, (("X-A", "b"),), b"{}", timeout_s=timeout_s)

    return asyncio.run(play())


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "127.1.2.3", "::1", "0:0:0:0:0:0:0:1"])
def test_this_machine_is_known(host: str) -> None:
    """By its name and its loopback addresses."""
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "localhost.",
        "localhost.evil.jp",
        "127.0.0.1.evil.jp",
        "127.1",
        "2130706433",
        "0.0.0.0",  # noqa: S104 - a host to be refused
        "::ffff:127.0.0.1",
        "10.0.0.1",
        "::",
    ],
)
def test_no_other_spelling_is_this_machine(host: str) -> None:
    """What has to be looked up or guessed at is not this machine."""
    assert not is_loopback(host)


@pytest.mark.parametrize(
    "path", ["/t/Result%2FReceiver/a+b~c/?Call=t&k=1&k=2&empty=&and=%26", "/", "?a=b", "/a//b/../c", "/%e5%B1"]
)
def test_the_target_is_sent_byte_for_byte(path: str) -> None:
    """Neither path nor query is tidied up."""
    with RawServer(answers()) as server:
        answer = _send(f"http://user:pass@{server.address}{path}#fragment")
        (received,) = server.received

    target = received.split(b" ")[1].decode()
    assert target == (path if path.startswith("/") else f"/{path}")
    assert answer.status == 200
    assert b"authorization" not in received.lower()
    assert b"fragment" not in received
    assert b"X-A: b" in received


@pytest.mark.parametrize("url", ["http://evil.jp/", "http://10.0.0.1/", "https://127.0.0.1.evil.jp/"])
def test_another_machine_is_refused_before_a_byte_is_sent(url: str) -> None:
    """Unless remote hosts are allowed."""
    with pytest.raises(GateRefusal, match=r"gate\[loopback\]"):
        _send(url)


@pytest.mark.parametrize("url", ["http://[", "http://127.0.0.1:x/", "https://127.0.0.1:1/", "http://127.0.0.1:1/"])
@pytest.mark.parametrize("verifies_tls", [True, False])
def test_no_answer_is_said_to_be_none(url: str, verifies_tls: bool) -> None:  # noqa: FBT001 - a switch
    """Whatever stands in the way, one kind of error says so."""
    with pytest.raises(TargetUnreachable):
        _send(url, allows_remote=True, verifies_tls=verifies_tls)


def test_certificates_are_loaded_once() -> None:
    """A client that has been to https before does not load them again."""

    async def play() -> None:
        async with open_client(timeout_s=5) as client:
            for _ in range(2):
                with pytest.raises(TargetUnreachable):
                    await send_exactly(client, "POST", "https://127.0.0.1:1/", (), b"", timeout_s=5)

    asyncio.run(play())


def test_silence_ends_in_time() -> None:
    """A receiver that does not answer is given up."""
    with RawServer(stalls) as server, pytest.raises(TargetUnreachable, match=r"no answer within 0\.2 s"):
        _send(f"http://{server.address}/", timeout_s=0.2)


def test_a_closed_connection_is_not_tried_again() -> None:
    """One callback, one connection."""
    with RawServer(closes) as server, pytest.raises(TargetUnreachable):
        _send(f"http://{server.address}/")

    assert server.connections == 1


def test_a_long_answer_is_left_unread() -> None:
    """An answer is looked at, never used."""
    with RawServer(answers(b"HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n" + b"x" * 999_999)) as server:
        answer = _send(f"http://{server.address}/")

    assert len(answer.body) == 65_536


def test_a_receiver_s_cookie_is_not_kept() -> None:
    """What one callback was told does not travel with the next."""
    cookie = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b; Path=/\r\nContent-Length: 0\r\n\r\n"

    async def play(url: str) -> None:
        async with open_client(timeout_s=5) as client:
            for _ in range(2):
                await send_exactly(client, "POST", url, (), b"{}", timeout_s=5)

    with RawServer(answers(cookie)) as server:
        asyncio.run(play(f"http://{server.address}/"))

    assert not any(b"cookie" in received.lower() for received in server.received)
