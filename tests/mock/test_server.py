"""Starting, serving and stopping: nothing is printed, nothing is left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from basix_contract.errors import GateRefusal, HarnessError, UsageError
from basix_contract.messages import Response
from basix_contract.mock import (
    Delivery,
    Directory,
    Event,
    MockServer,
    PbxApp,
    VirtualClock,
    serve_forever,
)
from basix_contract.profile import Profile
from tests.mock.conftest import CREDENTIALS, Ask, Start, error_of
from tests.mock.test_wire import SHAPED


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


def test_stopping_what_never_started_is_no_error(profile: Profile) -> None:
    """A mock can be stopped at any time."""
    MockServer(profile).stop()


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
