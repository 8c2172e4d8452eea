"""The sender: each request once, over a connection of its own, to nobody else, and nothing from the environment."""

from __future__ import annotations

import asyncio
import base64
import itertools
import socket
import ssl
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from basix_contract.errors import GateRefusal, UsageError
from basix_contract.messages import Headers, Request, Response, field_value
from basix_contract.profile import Gate, GateTransport, Limits, Live, Profile, Sender, Silence
from basix_contract.profile._transport._tls import _system_certificates
from tests.profile.conftest import BASE_URL, JSON, PROFILE, call, gate_of
from tests.profile.sockets import RawServer, answers, closes, resets, stalls, stalls_midway
from tests.profile.wire import Recorder

AUTHORIZATION = ("Authorization", "Basic " + base64.b64encode(b"acme.example:t0ken").decode())


def _send(gate: Gate, base_url: str, body: bytes | None = None, *, timeout_s: float = 5.0, times: int = 1) -> list[Any]:
    """Send the same request so many times, one after the other."""

    async def play() -> list[Any]:
        sender = Sender(gate)
        try:
            return [
                await sender.send(
                    "POST", f"{base_url}/call_user", (*JSON, AUTHORIZATION), body or call(), timeout_s=timeout_s
                )
                for _ in range(times)
            ]
        finally:
            await sender.close()

    return asyncio.run(play())


def _gate(server: RawServer, profile: Profile = PROFILE) -> Gate:
    return Gate(profile, base_url=server.base_url)


# ── replies and silences ──


def test_a_reply_is_handed_back_as_it_came() -> None:
    """Status, fields and body are those of the wire; the request went out as given, with little beside it."""
    with RawServer(answers()) as server:
        (reply,) = _send(_gate(server), server.base_url)
        (received,) = server.received

    assert reply == Response(200, (("content-type", "application/json"), ("content-length", "2")), b"{}")
    assert received.startswith(b"POST /basix/api/call_user HTTP/1.1\r\n")
    assert received.endswith(b"\r\n\r\n" + call())
    names = {line.partition(b":")[0].lower() for line in received.partition(b"\r\n\r\n")[0].split(b"\r\n")[1:]}
    assert names == {b"host", b"user-agent", b"content-type", b"authorization", b"content-length"}


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (resets, "the connection was reset"),
        (closes, "the connection was closed, or what came was no HTTP"),
        (answers(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"), "the connection was closed, or what came was no HTTP"),
    ],
)
def test_a_lost_reply_is_silence_and_never_asked_for_again(behaviour: Any, reason: str) -> None:
    """Whether the call was placed is unknown, so that nothing is sent a second time: one connection, one request."""
    with RawServer(behaviour) as server:
        (silence,) = _send(_gate(server), server.base_url)
        assert server.finished.acquire(timeout=5)

    assert silence == Silence(reason, was_sent=True)
    assert (server.connections, len(server.received)) == (1, 1)


@pytest.mark.parametrize("behaviour", [stalls, stalls_midway])
def test_a_stalled_reply_is_given_up_in_time_and_not_asked_for_again(behaviour: Any) -> None:
    """A reply that does not come, or not to its end, is a stall once the time is over."""
    with RawServer(behaviour) as server:
        (silence,) = _send(_gate(server), server.base_url, timeout_s=0.6)

    assert silence == Silence("nothing within 0.6 s", was_sent=True, is_stall=True)
    assert (server.connections, len(server.received)) == (1, 1)


def test_a_refused_connection_sent_nothing() -> None:
    """Where nobody listens the request was not sent, and is not tried again."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        base_url = f"http://127.0.0.1:{listener.getsockname()[1]}/basix/api"
    gate = Gate(PROFILE, base_url=base_url)

    assert _send(gate, base_url) == [Silence("no connection", was_sent=False)]
    assert (gate.spent.requests, gate.spent.calls) == (1, 1)


def test_no_connection_is_kept() -> None:
    """Each request has a connection of its own: a kept one that was just closed looks like a lost reply."""
    with RawServer(answers()) as server:
        replies = _send(_gate(server), server.base_url, times=3)

    assert [reply.status for reply in replies] == [200, 200, 200]
    assert server.connections == 3


def test_a_reply_without_end_is_cut_off() -> None:
    """Beyond a megabyte nothing more is read of a reply."""
    long = b"HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n" + b"x" * 3_000_000
    with RawServer(answers(long)) as server:
        (reply,) = _send(_gate(server), server.base_url)

    assert 1_000_000 < len(reply.body) < 1_200_000


# ── elsewhere ──


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_a_reply_and_never_followed(status: int) -> None:
    """Nobody else is asked, and nobody else sees the credentials; not on this host either."""
    with RawServer(answers()) as elsewhere:
        location = f"http://{elsewhere.address}/basix/api/call_user".encode()
        moved = b"HTTP/1.1 %d Moved\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n" % (status, location)
        with RawServer(answers(moved)) as server:
            (reply,) = _send(_gate(server), server.base_url)

    assert reply.status == status
    assert field_value(reply.headers, "Location") == location.decode()
    assert (server.connections, elsewhere.connections) == (1, 0)


def test_a_cookie_is_not_kept() -> None:
    """What one call was told cannot change the next."""
    reply = b"HTTP/1.1 200 OK\r\nSet-Cookie: user=maria; Path=/\r\nContent-Length: 0\r\n\r\n"
    with RawServer(answers(reply)) as server:
        _send(_gate(server), server.base_url, times=2)

    assert not any(b"cookie" in received.lower() for received in server.received)


def test_a_challenge_is_not_answered() -> None:
    """A 401 is a reply: nothing is sent again with other credentials."""
    reply = b"HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n"
    with RawServer(answers(reply)) as server:
        (answer,) = _send(_gate(server), server.base_url)

    assert answer.status == 401
    assert server.connections == 1


_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


def test_proxy_variables_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests go to the target, whatever proxy the environment names."""
    with RawServer(answers()) as proxy, RawServer(answers()) as server:
        for name in _PROXIES:
            monkeypatch.setenv(name, f"http://{proxy.address}")
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        _send(_gate(server), server.base_url)

    assert (server.connections, proxy.connections) == (1, 0)


@pytest.mark.parametrize("name", [".netrc", "_netrc"])
def test_a_netrc_changes_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    """A request without credentials stays one, and one that has them keeps its own."""
    (tmp_path / name).write_text("machine 127.0.0.1 login stranger password secret\ndefault login x password y\n")
    (tmp_path / name).chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / name))
    with RawServer(answers()) as server:
        _send(_gate(server), server.base_url)
        asyncio.run(_once(_gate(server), f"{server.base_url}/call_user", JSON))

    with_own, without = server.received
    assert AUTHORIZATION[1].encode() in with_own
    assert with_own.lower().count(b"authorization:") == 1
    assert b"authorization" not in without.lower()


async def _once(gate: Gate, url: str, headers: Headers, body: bytes = b"{}") -> Response | Silence:
    sender = Sender(gate)
    try:
        return await sender.send("POST", url, headers, body, timeout_s=5)
    finally:
        await sender.close()


def test_the_environment_adds_no_trust(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No key log is written, and no certificates but the system's or the file's are loaded."""
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "own.pem"))
    (tmp_path / "own.pem").touch()
    contexts: list[ssl.SSLContext] = []
    original = httpx.AsyncHTTPTransport

    def spy(**options: Any) -> httpx.AsyncHTTPTransport:
        contexts.append(options["verify"])
        return original(**options)

    monkeypatch.setattr(httpx, "AsyncHTTPTransport", spy)
    Sender(gate_of(replace(PROFILE, live=Live(consent="pbx.jp")), base_url="https://pbx.jp/api"))

    assert str(tmp_path / "own.pem") not in _system_certificates()
    (context,) = contexts
    assert not context.keylog_filename
    assert not (tmp_path / "keys").exists()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


def test_a_certificate_file_must_hold_certificates(tmp_path: Path) -> None:
    """A file that is missing or holds none is named with its key; http needs none."""
    gate = gate_of(base_url="https://127.0.0.1:8090/basix/api")
    (tmp_path / "empty.pem").write_text("nothing")
    for path in (tmp_path / "missing.pem", tmp_path / "empty.pem"):
        with pytest.raises(UsageError, match=r"target\.ca_file"):
            Sender(gate, ca_file=str(path))
        Sender(gate_of(), ca_file=str(path))


# ── the gate in front ──


@pytest.mark.parametrize(
    ("url", "headers"),
    [
        ("http://evil.jp/basix/api/call_user", JSON),
        (f"{BASE_URL}/call_external", JSON),
        (f"{BASE_URL}/call_user", (("Host", "evil.jp"),)),
        (f"{BASE_URL}/call_user", (("X-Name", "トーマス"),)),
        (f"{BASE_URL}/call_user", (("Accept", "x\r\ny"),)),
        ("http://[::1/call_user", JSON),
        (f"{BASE_URL}/call\0user", JSON),
    ],
)
def test_what_the_gate_refuses_reaches_no_transport(url: str, headers: Headers) -> None:
    """A refused request touches nothing underneath, and what cannot be written as HTTP is refused."""
    recorder = Recorder()
    sender = Sender(gate_of(), inner=recorder)
    with pytest.raises(GateRefusal):
        asyncio.run(sender.send("POST", url, headers, b"{}", timeout_s=5))

    assert recorder.sent == []


def test_nothing_but_what_was_judged_is_handed_on() -> None:
    """Extensions that would give another target or server name are left behind."""
    seen: list[httpx.Request] = []

    class Inner(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            seen.append(request)
            return httpx.Response(204)

    async def play() -> None:
        async with httpx.AsyncClient(transport=GateTransport(gate_of(), Inner()), trust_env=False) as client:
            extensions = {"target": b"/basix/api/call_external", "sni_hostname": "evil.jp"}
            headers = {"Accept": "*/*", "Content-Type": "application/json", "Connection": "close"}
            request = client.build_request(
                "POST", f"{BASE_URL}/call_user", headers=headers, content=call(), extensions=extensions
            )
            await client.send(request)

    asyncio.run(play())

    assert seen[0].extensions == {}
    assert seen[0].url.raw_path == b"/basix/api/call_user"
    assert seen[0].content == call()


def test_a_body_that_comes_in_pieces_is_refused() -> None:
    """A request whose length nobody knows beforehand could end elsewhere than it seems."""

    async def pieces() -> AsyncIterator[bytes]:
        yield call()

    async def play() -> None:
        async with httpx.AsyncClient(transport=GateTransport(gate_of(), Recorder()), trust_env=False) as client:
            await client.post(f"{BASE_URL}/call_user", content=pieces(), headers=dict(JSON))

    with pytest.raises(GateRefusal, match=r"gate\[header\]"):
        asyncio.run(play())


# ── taking turns ──


class Slow(httpx.AsyncBaseTransport):
    """Holds every request until it is let go; remembers how many it held at once, and when each came."""

    def __init__(self, *, holds: bool) -> None:
        self._gate = asyncio.Event()
        self._holds = holds
        self.at_once = 0
        self.most = 0
        self.times: list[float] = []

    def let_go(self) -> None:
        """Answer all."""
        self._gate.set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer once let go."""
        del request
        self.times.append(asyncio.get_running_loop().time())
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        if self._holds:
            await self._gate.wait()
        self.at_once -= 1
        return httpx.Response(204)


async def _many(sender: Sender, count: int, timeout_s: float = 5.0) -> list[Any]:
    url = f"{BASE_URL}/call_user"
    return await asyncio.gather(*(sender.send("POST", url, JSON, b"{}", timeout_s=timeout_s) for _ in range(count)))


def test_only_so_many_requests_are_in_flight() -> None:
    """max_concurrent holds for everything that goes through one sender; who waits loses none of its reply time."""

    async def play() -> Slow:
        inner = Slow(holds=True)
        sender = Sender(gate_of(replace(PROFILE, limits=Limits(max_concurrent=2))), inner=inner)
        waiting = asyncio.create_task(_many(sender, 5))
        for _ in range(50):
            await asyncio.sleep(0)  # as often as it takes for whatever can begin to begin
        assert len(inner.times) == 2
        inner.let_go()
        assert [reply.status for reply in await waiting] == [204] * 5
        return inner

    assert asyncio.run(play()).most == 2


def test_our_own_standstill_costs_no_reply_time() -> None:
    """A reply is awaited for its whole time even where this process stood still for longer than that."""

    class Inner(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            del request
            time.sleep(0.4)  # noqa: ASYNC251 - the whole loop is to stand still
            await asyncio.sleep(0.05)
            return httpx.Response(204)

    (reply,) = asyncio.run(_many(Sender(gate_of(), inner=Inner()), 1, timeout_s=0.2))

    assert isinstance(reply, Response)


def test_requests_keep_their_distance() -> None:
    """min_interval_s lies between any two requests, and does not count against their reply time."""

    async def play() -> Slow:
        inner = Slow(holds=False)
        sender = Sender(gate_of(replace(PROFILE, limits=Limits(min_interval_s=0.15))), inner=inner)
        assert all(isinstance(reply, Response) for reply in await _many(sender, 4, timeout_s=0.3))
        return inner

    times = asyncio.run(play()).times
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert min(gaps) > 0.05  # without it they are a thousandth; a busy machine lets the first of two wait a little


def test_closing_a_sender_closes_what_is_underneath() -> None:
    """No connection outlives its sender."""
    closed: list[bool] = []

    class Inner(Recorder):
        async def aclose(self) -> None:
            closed.append(True)

    asyncio.run(Sender(gate_of(), inner=Inner()).close())

    assert closed == [True]


def test_an_own_user_agent_replaces_the_kit_s() -> None:
    """The kit names itself unless the request does."""
    recorder = Recorder()
    asyncio.run(
        Sender(gate_of(), inner=recorder).send(
            "POST", f"{BASE_URL}/call_user", (("User-Agent", "x"),), None, timeout_s=1
        )
    )

    ((_, request),) = recorder.sent
    assert isinstance(request, Request)
    assert [value for name, value in request.headers if name.lower() == "user-agent"] == ["x"]


@pytest.mark.parametrize(
    "error",
    [
        httpx.ConnectTimeout("x"),
        httpx.PoolTimeout("x"),
        httpx.ReadError("x"),
        httpx.WriteError("x"),
        httpx.ReadTimeout("x"),
    ],
)
def test_every_failure_underneath_is_a_silence(error: httpx.HTTPError) -> None:
    """What never got a connection was not sent; everything else may have been."""

    class Broken(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            del request
            raise error

    silence = asyncio.run(
        Sender(gate_of(), inner=Broken()).send("POST", f"{BASE_URL}/call_user", JSON, b"{}", timeout_s=1)
    )

    assert isinstance(silence, Silence)
    assert silence.was_sent == (not isinstance(error, (httpx.ConnectTimeout, httpx.PoolTimeout)))
    assert "x" not in silence.reason.split()
