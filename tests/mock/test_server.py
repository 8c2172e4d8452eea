"""Starting, serving and stopping: nothing is printed, nothing is left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from basix_contract.errors import GateRefusal, HarnessError, UsageError
from basix_contract.messages import Request, Response
from basix_contract.mock import (
    Behaviour,
    Call,
    Defect,
    Delivery,
    Directory,
    Event,
    MockServer,
    PbxApp,
    Reply,
    VirtualClock,
    serve_forever,
)
from basix_contract.profile import Profile
from tests.mock.conftest import CREDENTIALS, Ask, Start, error_of
from tests.mock.listener import Listener


def test_a_mock_starts_at_once_and_leaves_nothing(profile: Profile, ask: Ask) -> None:
    """Start and stop take a fraction of a second; thread, socket and tasks are gone afterwards."""
    before = threading.active_count()
    started_s = time.monotonic()
    for _ in range(5):
        with MockServer(profile) as server:
            assert error_of(ask(server, user_name="nora", callback_url="http://127.0.0.1:9/")) is None
            assert threading.active_count() == before + 1
        assert threading.active_count() == before
        with pytest.raises(httpx.ConnectError):
            ask(server, user_name="bob")
    assert time.monotonic() - started_s < 2.5
    server.stop()


def test_several_mocks_run_side_by_side(start: Start, ask: Ask) -> None:
    """Each has its own port, calls and seed."""
    first, second = start(seed=1), start(seed=1)
    assert first.base_url != second.base_url
    ask(first, user_name="bob")
    assert (len(first.calls), len(second.calls)) == (1, 0)


def test_a_taken_port_is_a_usage_error(directory: Directory) -> None:
    """The message says which port, and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"127.0.0.1 port {port}.*choose another port"):
            MockServer(directory, port=port).start()


def test_a_mock_can_listen_on_ipv6(directory: Directory, ask: Ask) -> None:
    """The base URL has the address in brackets."""
    with MockServer(directory, host="::1") as server:
        assert server.base_url.startswith("http://[::1]:")
        assert error_of(ask(server, user_name="bob")) is None


def test_waiting_for_what_does_not_come_is_a_timeout(start: Start) -> None:
    """`wait_until` never waits for ever."""
    with pytest.raises(TimeoutError):
        start().wait_until(lambda _: False, timeout_s=0.01)


def test_a_mock_that_cannot_start_says_so(directory: Directory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server thread that never gets to serving is our own fault, and is named so."""
    monkeypatch.setattr("basix_contract.mock._server._START_S", 0.0)
    monkeypatch.setattr("threading.Event.wait", lambda *_: False)
    server = MockServer(directory)
    monkeypatch.setattr(threading.Thread, "start", lambda _: None)
    with pytest.raises(HarnessError):
        server.start()


def test_stopping_ends_callbacks_under_way(start: Start, ask: Ask) -> None:
    """A receiver that keeps a callback waiting does not keep the mock from stopping."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(5)
        server = start()
        ask(server, user_name="bob", callback_url=f"http://127.0.0.1:{silent.getsockname()[1]}/")
        with silent.accept()[0]:
            started_s = time.monotonic()
            server.stop()
    assert time.monotonic() - started_s < 1


def forever(directory: Directory, number: signal.Signals, during: Callable[[str], None]) -> list[Event]:
    """Serve in the foreground, do something meanwhile, and end it by a signal."""
    events: list[Event] = []

    def act(event: Event) -> None:
        during(event.detail["base_url"])
        os.kill(os.getpid(), number)

    def note(event: Event) -> None:
        events.append(event)
        if event.kind == "listening":
            threading.Thread(target=act, args=(event,)).start()

    serve_forever(directory, on_event=note, seed=5)
    return events


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serving_in_the_foreground_ends_by_a_signal(
    directory: Directory, http: httpx.Client, capfd: pytest.CaptureFixture[str], number: signal.Signals
) -> None:
    """Ctrl-C and SIGTERM end it without an exception; whoever listens hears all, and nothing is printed."""
    body = {"user_name": "bob", "destination": "0312341234"}

    def call(base_url: str) -> None:
        assert http.post(f"{base_url}/call_user", json=body, auth=CREDENTIALS).status_code == 200

    before = signal.getsignal(number)
    events = forever(directory, number, call)
    kinds = [event.kind for event in events]
    assert kinds[0] == "listening"
    assert events[0].detail["seed"] == 5
    assert kinds[-1] == "stopped"
    assert {"request", "call", "reply"} <= set(kinds)
    assert signal.getsignal(number) is before
    assert capfd.readouterr() == ("", "")


class Shaped(Behaviour):
    """Sends `state.memory["reply"]` in place of every reply."""

    def shape_reply(self, reply: Reply, request: Request, call: Call | None) -> Reply:
        """Replace the parts that are given."""
        shaped = super().shape_reply(reply, request, call)
        return replace(shaped, **self.state.memory.get("reply", {}))


SHAPED = Defect(id="shaped", family="response", summary="", kills="none/none", behaviour=Shaped)


@pytest.fixture
def shaped(start: Start) -> Callable[..., MockServer]:
    """Starts a mock whose replies are as told."""

    def begin(**parts: Any) -> MockServer:
        server = start(defects=[SHAPED])
        server.app.state.memory["reply"] = parts
        return server

    return begin


def test_a_reply_can_be_any_bytes(shaped: Callable[..., MockServer], ask: Ask) -> None:
    """What is not proper HTTP goes out as it is, and then the connection closes."""
    server = shaped(raw=(b"HTTP/1.1 299 Odd\r\nX: y\r\n", b"\r\n{}"))
    reply = ask(server, user_name="bob")
    assert (reply.status_code, reply.headers["x"], reply.content) == (299, "y", b"{}")


@pytest.mark.parametrize(
    "parts",
    [
        {"ending": "close"},
        {"ending": "reset"},
        {"raw": (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", b"{"), "pause_s": 0.01},
        {"raw": (b"HTTP/1.1 200 OK\r\n",), "ending": "reset"},
    ],
)
def test_a_reply_can_be_cut_off(shaped: Callable[..., MockServer], ask: Ask, parts: dict[str, Any]) -> None:
    """The connection ends without a whole reply, and the call is placed all the same."""
    server = shaped(**parts)
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        ask(server, user_name="bob")
    assert server.wait_until(lambda calls: bool(calls[0].second_leg))[0].outcome == "answered"


def test_a_reply_can_stay_out_for_ever(shaped: Callable[..., MockServer], listener: Listener) -> None:
    """A stalled reply ends with the client's patience or with the mock; the callback does not wait for it."""
    server = shaped(ending="stall")
    body = {"user_name": "bob", "destination": "0312341234", "callback_url": listener.url()}
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(f"{server.base_url}/call_user", json=body, auth=CREDENTIALS, timeout=0.2, trust_env=False)
    listener.wait_for()
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as waiting:
        waiting.sendall(b"GET /call_user HTTP/1.1\r\nHost: x\r\n\r\n")
        server.wait_until(lambda _: sum(e.kind == "reply" for e in server.app.state.events) == 2)
        started_s = time.monotonic()
        server.stop()
        assert waiting.recv(100) == b""
    assert time.monotonic() - started_s < 2


def test_a_reply_can_be_late(shaped: Callable[..., MockServer], ask: Ask) -> None:
    """A delay is part of the reply."""
    server = shaped(delay_s=0.2)
    assert ask(server, user_name="bob").elapsed.total_seconds() >= 0.2


class Stumbles(Behaviour):
    """Raises wherever `state.memory["stumble"]` says."""

    def judge(self, request: Request) -> Any:
        """Stumble over the request."""
        return self._go("judge") or super().judge(request)

    def success_body(self, call: Call) -> Any:
        """Stumble over the reply."""
        return self._go("success_body") or super().success_body(call)

    def ring_limit_s(self, call: Call) -> float:
        """Stumble over the hunt."""
        return self._go("ring_limit_s") or super().ring_limit_s(call)

    def callback_body(self, call: Call, result: Any) -> Any:
        """Stumble over the callback."""
        return self._go("callback_body") or super().callback_body(call, result)

    def _go(self, place: str) -> None:
        if self.state.memory.get("stumble") == place:
            raise RuntimeError(place)


@pytest.mark.parametrize(
    ("place", "error_id"),
    [("judge", "internal_error"), ("success_body", "internal_error"), ("ring_limit_s", None), ("callback_body", None)],
)
def test_an_accident_inside_is_answered_noted_and_over(
    start: Start, ask: Ask, listener: Listener, place: str, error_id: str | None
) -> None:
    """Whatever breaks, there is an answer, the accident is on record, and the next call works."""
    defect = Defect(id="stumbles", family="robustness", summary="", kills="none/none", behaviour=Stumbles)
    server = start(defects=[defect])
    server.app.state.memory["stumble"] = place
    assert error_of(ask(server, user_name="bob", callback_url=listener.url())) == error_id
    server.wait_until(lambda _: any(event.kind == "crash" for event in server.app.state.events))
    crash = next(event for event in server.app.state.events if event.kind == "crash")
    assert place in crash.detail["error"]
    assert "Traceback" in crash.detail["traceback"]
    server.app.state.memory.clear()
    assert error_of(ask(server, user_name="bob", callback_url=listener.url("/next"))) is None
    told = [request.target for request in listener.wait_for(2 if place == "success_body" else 1)]
    assert told == (["/cb", "/next"] if place == "success_body" else ["/next"])


class Recorder:
    """Takes callbacks in place of HTTP."""

    def __init__(self) -> None:
        self.sent: list[Delivery] = []
        self.is_closed = False

    async def send(self, delivery: Delivery) -> Response:
        """Take one, and refuse the fifth host."""
        self.sent.append(delivery)
        if "refused" in delivery.url:
            raise GateRefusal("loopback", "not here")
        return Response(204, ())

    async def aclose(self) -> None:
        """Note it."""
        self.is_closed = True


def test_a_mock_runs_in_process(directory: Directory) -> None:
    """Without any socket: the caller's loop, a virtual clock and a sender of the caller's own."""

    async def run() -> tuple[PbxApp, Recorder, list[httpx.Response]]:
        recorder = Recorder()
        app = PbxApp(directory, clock=VirtualClock(), sender=recorder, defects=[SHAPED])
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://pbx", auth=CREDENTIALS) as client:
            bodies = [
                {"user_name": name, "destination": "thomas", "callback_url": f"http://{host}/"}
                for name, host in (("bob", "h"), ("nora", "h"), ("bert", "refused"))
            ]
            replies = [await client.post("/call_user", json=body) for body in bodies]
            await app.settle()
            app.state.memory["reply"] = {"ending": "close"}
            with pytest.raises(ConnectionResetError):
                await client.post("/call_user", json=bodies[0])
        await app.aclose()
        return app, recorder, replies

    app, recorder, replies = asyncio.run(run())
    assert [error_of(reply) for reply in replies] == [None, None, None]
    assert [call.outcome for call in app.calls][:3] == ["answered", "no_answer", "busy"]
    assert app.calls[2].callbacks[0].error == "gate[loopback]: not here"
    assert len(recorder.sent) == 3
    assert recorder.is_closed
    assert app.directory is directory


def test_other_protocols_are_left_alone(directory: Directory) -> None:
    """A websocket or lifespan scope is no request of ours, and no accident either."""

    async def run() -> list[Any]:
        sent: list[Any] = []
        messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

        async def receive() -> Any:
            return next(messages)

        async def send(message: Any) -> None:
            sent.append(message["type"])

        app = PbxApp(directory)
        await app({"type": "lifespan", "app": app}, receive, send)
        await app({"type": "websocket", "path": "/x", "headers": []}, receive, send)
        await app.aclose()
        return sent

    assert asyncio.run(run()) == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
