"""What goes out in place of a proper reply, and what happens when the PBX itself goes wrong."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from basix_contract.messages import Request
from basix_contract.mock import Behaviour, Call, CallRequest, Defect, MockServer, Refusal, Reply
from tests.mock.conftest import CREDENTIALS, Ask, Start, error_of
from tests.mock.listener import Listener


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

    def judge(self, request: Request) -> CallRequest | Refusal:
        """Stumble over the request."""
        self._go("judge")
        return super().judge(request)

    def success_body(self, call: Call) -> Any:
        """Stumble over the reply."""
        self._go("success_body")
        return super().success_body(call)

    def ring_limit_s(self, call: Call) -> float:
        """Stumble over the hunt."""
        self._go("ring_limit_s")
        return super().ring_limit_s(call)

    def callback_body(self, call: Call, result: Any) -> Any:
        """Stumble over the callback."""
        self._go("callback_body")
        return super().callback_body(call, result)

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
