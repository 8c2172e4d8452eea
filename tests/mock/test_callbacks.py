"""Callbacks: sent once, byte for byte to the URL given, in time, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

from basix_contract.mock import VirtualClock
from tests.mock.conftest import Ask, Start, error_of
from tests.mock.listener import Listener, reply

TARGETS = [
    "/abc/A%2Fb/c+d/?k=1&k=2&E=%2F%3D&x=",
    "/a%zz/./../b//c;d=1,2/?x=[1]'`^|\"<>{}\\",
    "/%E3%81%82/%e3%81%82?q=%20+%2B&&=",
    "/trailing/",
    "/",
    "/?",
    "/x?a?b=/c:d@e",
    "//double",
]


def test_the_url_is_used_byte_for_byte(start: Start, ask: Ask, listener: Listener) -> None:
    """Path and query arrive as the request gave them, whatever a URL library would make of them."""
    server = start()
    for target in TARGETS:
        assert error_of(ask(server, user_name="bob", callback_url=listener.url(target))) is None
    assert sorted(request.target for request in listener.wait_for(len(TARGETS))) == sorted(TARGETS)


@pytest.mark.parametrize(
    ("end", "target"), [("", "/"), ("?a=b", "/?a=b"), ("/x#part", "/x"), ("#part", "/"), ("?a#b", "/?a")]
)
def test_a_target_begins_with_a_slash_and_has_no_fragment(
    start: Start, ask: Ask, listener: Listener, end: str, target: str
) -> None:
    """What HTTP asks of a request target is the only thing that is changed."""
    ask(start(), user_name="bob", callback_url=listener.url(end))
    assert listener.wait_for()[0].target == target


def test_user_and_password_of_a_url_are_not_sent(start: Start, ask: Ask, listener: Listener) -> None:
    """Credentials in a callback URL stay with the mock."""
    url = listener.url("/x").replace("http://", "http://user:secret@")
    ask(start(), user_name="bob", callback_url=url)
    told = listener.wait_for()[0]
    assert "authorization" not in told.headers
    assert told.headers["host"] == f"127.0.0.1:{listener.port}"


def test_localhost_is_this_machine_too(start: Start, ask: Ask, listener: Listener) -> None:
    """The name every developer types works."""
    ask(start(), user_name="bob", callback_url=listener.url().replace("127.0.0.1", "LocalHost"))
    assert listener.wait_for()[0].target == "/cb"


@pytest.mark.parametrize(
    "host", ["receiver.example", "192.0.2.1", "127.1", "2130706433", "[::2]", "[::ffff:127.0.0.1]", "localhost."]
)
def test_no_byte_leaves_this_machine(start: Start, ask: Ask, host: str) -> None:
    """The call is placed, but its callback to another host is refused before anything is sent."""
    server = start()
    assert error_of(ask(server, user_name="bob", callback_url=f"http://{host}:9/x")) is None
    callback = server.wait_until(lambda calls: bool(calls[0].callbacks))[0].callbacks[0]
    assert callback.status is None
    assert callback.error is not None
    assert callback.error.startswith("gate[loopback]")


def test_other_hosts_are_reached_only_when_allowed(start: Start, ask: Ask, listener: Listener) -> None:
    """With the switch the loopback rule no longer stands in between."""
    server = start(allow_remote_callbacks=True)
    ask(server, user_name="bob", callback_url=f"http://[::ffff:127.0.0.1]:{listener.port}/mapped")
    ask(server, user_name="bob", callback_url=listener.url("/plain"))
    calls = server.wait_until(lambda calls: all(call.callbacks for call in calls))
    assert "gate" not in (calls[0].callbacks[0].error or "")
    assert "/plain" in [request.target for request in listener.wait_for()]


@pytest.mark.parametrize("answer", [reply(200), reply(204), reply(404), reply(500), reply(302, "Location: /y")])
def test_a_callback_is_sent_once_whatever_the_answer(start: Start, ask: Ask, answer: bytes) -> None:
    """No answer makes the mock send it again, and no redirect is followed."""
    server = start(clock=VirtualClock())
    with Listener(answer) as receiver:
        ask(server, user_name="bob", callback_url=receiver.url("/first"))
        server.wait_until(lambda calls: bool(calls[0].callbacks))
        ask(server, user_name="bob", callback_url=receiver.url("/second"))
        assert [request.target for request in receiver.wait_for(2)] == ["/first", "/second"]
        assert len(server.calls[0].callbacks) == 1


def test_a_callback_may_be_repeated_after_anything_but_2xx(start: Start, ask: Ask) -> None:
    """With repeats it is sent again until it is taken, so often and no more (A45)."""
    server = start(callback_repeats=2, callback_repeat_after_s=0.01)
    with Listener(reply(500), reply(200)) as receiver:
        ask(server, user_name="bob", callback_url=receiver.url())
        told = receiver.wait_for(2)
        assert told[0].body == told[1].body
        callbacks = server.wait_until(lambda calls: len(calls[0].callbacks) == 2)[0].callbacks
        assert [(entry.attempt, entry.status) for entry in callbacks] == [(1, 500), (2, 200)]
    with Listener(reply(503)) as receiver:
        ask(server, user_name="bob", callback_url=receiver.url())
        server.wait_until(lambda calls: len(calls[1].callbacks) == 3)
        assert len(receiver.received) == 3


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_may_be_followed_with_the_same_post(start: Start, ask: Ask, status: int) -> None:
    """With the switch a receiver can point elsewhere, by an absolute URL and a few times only."""
    server = start(callback_follows_redirects=True)
    with Listener() as goal, Listener(reply(status, f"Location: {goal.url('/goal')}")) as first:
        ask(server, user_name="bob", callback_url=first.url())
        told = goal.wait_for()[0]
        assert (told.method, told.target, told.body) == ("POST", "/goal", first.wait_for()[0].body)


@pytest.mark.parametrize(("location", "sent"), [("/relative", 1), ("", 1), (None, 4)])
def test_a_redirect_that_leads_nowhere_ends_it(start: Start, ask: Ask, location: str | None, sent: int) -> None:
    """A relative Location is not followed, and a circle only three times."""
    server = start(callback_follows_redirects=True)
    with Listener(b"") as receiver:
        target = receiver.url("/again") if location is None else location
        receiver._answers[:] = [reply(302, f"Location: {target}")]
        ask(server, user_name="bob", callback_url=receiver.url())
        server.wait_until(lambda calls: len(calls[0].callbacks) == sent)
        server.app.state.clear()
        ask(server, user_name="bob")
        assert len(receiver.received) == sent


def test_a_receiver_that_does_not_answer_is_given_up(start: Start, ask: Ask) -> None:
    """The time limit ends a callback whose receiver stays silent, and other calls go on meanwhile."""
    server = start(callback_timeout_s=0.2)
    with Listener(b"HTTP/1.1 ") as receiver:
        ask(server, user_name="bob", callback_url=receiver.url())
        call = server.wait_until(lambda calls: bool(calls[0].callbacks))[0]
    assert call.callbacks[0].status is None
    assert call.callbacks[0].error


def test_a_receiver_that_is_not_there_harms_nothing(start: Start, ask: Ask, listener: Listener) -> None:
    """A refused connection is noted, and the next callback arrives."""
    server = start()
    with Listener() as gone:
        url = gone.url()
    ask(server, user_name="bob", callback_url=url)
    ask(server, user_name="bob", callback_url=listener.url())
    listener.wait_for()
    call = server.wait_until(lambda calls: bool(calls[0].callbacks))[0]
    assert "ConnectError" in str(call.callbacks[0].error)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_receiver_that_speaks_no_http_is_given_up(start: Start, ask: Ask, scheme: str) -> None:
    """Junk in place of an answer, or of a TLS handshake, is noted."""
    server = start(callback_verifies_tls=scheme == "http")
    with Listener(b"junk\r\n\r\n") as receiver:
        url = receiver.url().replace("http:", f"{scheme}:")
        ask(server, user_name="bob", callback_url=url)
        call = server.wait_until(lambda calls: bool(calls[0].callbacks))[0]
    assert call.callbacks[0].status is None
    assert call.callbacks[0].error


def test_a_long_answer_is_not_read_to_its_end(start: Start, ask: Ask) -> None:
    """A receiver cannot fill the mock's memory."""
    server = start()
    body = b"x" * 1_000_000
    with Listener(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body) as receiver:
        ask(server, user_name="bob", callback_url=receiver.url())
        call = server.wait_until(lambda calls: bool(calls[0].callbacks))[0]
    assert call.callbacks[0].status == 200


def test_the_reply_leaves_before_the_callback(start: Start, ask: Ask, listener: Listener) -> None:
    """Even where the user answers before the reply is out, the callback waits for it (A47)."""
    server = start(latency_s=0.3)
    ask(server, user_name="bob", callback_url=listener.url())
    kinds = [event.kind for event in server.wait_until(lambda calls: bool(calls[0].callbacks))[0].events]
    assert kinds.index("result") < kinds.index("reply") < kinds.index("callback")


def test_the_callback_may_come_before_the_reply(start: Start, ask: Ask, listener: Listener) -> None:
    """With the switch the reply waits for the callback, where there is one and it is not too slow."""
    server = start(callback_before_reply=True, callback_timeout_s=0.5)
    ask(server, user_name="bob", callback_url=listener.url())
    assert len(listener.received) == 1
    calls = server.wait_until(lambda calls: any(event.kind == "reply" for event in calls[0].events))
    kinds = [event.kind for event in calls[0].events]
    assert kinds.index("callback") < kinds.index("reply")
    assert error_of(ask(server, user_name="bob")) is None
    assert error_of(ask(server, user_name="nora", callback_url=listener.url())) is None


def test_the_callback_may_be_late(start: Start, ask: Ask, listener: Listener) -> None:
    """A delay lies between the hunt's end and the callback."""
    server = start(clock=VirtualClock(), callback_delay_s=30.0)
    ask(server, user_name="bob", callback_url=listener.url())
    listener.wait_for()
    call = server.wait_until(lambda calls: bool(calls[0].callbacks))[0]
    moments = {event.kind: event.at_s for event in call.events}
    assert moments["callback"] - moments["result"] >= 30.0


@pytest.mark.parametrize(
    ("parameters", "error_id"),
    [
        ({"user_extension": "1001"}, "channel_limit_reached"),
        ({"user_name": "nobody-here"}, "user_not_found"),
        ({"user_name": "bob", "destination": ""}, "missing_parameter"),
    ],
)
def test_a_refusal_is_not_told_again_unless_the_switch_says_so(
    start: Start, ask: Ask, listener: Listener, parameters: dict[str, Any], error_id: str
) -> None:
    """After an error reply there is no callback; a PBX that sends one all the same is tolerated (A51)."""
    ask(start(), callback_url=listener.url("/quiet"), **parameters)
    ask(start(callback_on_refusal=True), callback_url=listener.url("/told"), **parameters)
    told = listener.wait_for()
    assert [(request.target, request.json["error"]["id"]) for request in told] == [("/told", error_id)]


def test_a_refusal_is_never_told_to_strangers(start: Start, ask: Ask, http: Any, listener: Listener) -> None:
    """Without good credentials, or without a body that can be read, nothing is sent anywhere."""
    server = start(callback_on_refusal=True)
    body = {"user_name": "bob", "destination": "", "callback_url": listener.url("/stranger")}
    http.post(f"{server.base_url}/call_user", json=body)
    ask(server, user_name="nobody-here", callback_url="nonsense")
    ask(server, user_name="nobody-here")
    ask(server, user_name="bob", callback_url=listener.url("/good"))
    assert [request.target for request in listener.wait_for()] == ["/good"]


def test_a_call_without_callback_url_is_told_to_nobody(start: Start, ask: Ask, listener: Listener) -> None:
    """Also after a call that had one."""
    server = start()
    ask(server, user_name="bob", callback_url=listener.url())
    ask(server, user_name="bob")
    server.wait_until(lambda calls: all(call.second_leg for call in calls) and bool(calls[0].callbacks))
    assert [len(call.callbacks) for call in server.calls] == [1, 0]
