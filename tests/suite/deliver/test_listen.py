"""Listening for callbacks: what is heard, what is said of it, and what is passed on."""

from __future__ import annotations

import socket
import threading
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlsplit

import pytest

from basix_contract.errors import UsageError
from basix_contract.suite import Heard, ListenOptions, listen
from tests.defects.receivers.application import Application, Incoming, served
from tests.suite.hostile import refused_url

GOOD = b'{"result_code": 0, "uuid": "ede7b23e-c172-445e-832e-963b11ba2b96"}'


def post(url: str, body: bytes) -> int:
    """The status a POST is answered with."""
    fields = {"Content-Type": "application/json", "X-Own": "kept"}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, fields), timeout=10) as answer:  # noqa: S310 - our own URL
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def heard(*sent: tuple[str, bytes], **options: Any) -> tuple[list[Heard], list[int], int]:
    """What is heard of these callbacks, their statuses, and how many broke the contract."""
    told: list[Heard] = []
    statuses: list[int] = []

    def begin(url: str) -> None:
        def tell() -> None:
            statuses.extend(post(url + target, body) for target, body in sent)

        threading.Thread(target=tell).start()

    broken = listen(ListenOptions(listen="127.0.0.1:0", most=len(sent), **options), begin, told.append)
    return told, statuses, broken


class _Kept(Application):
    """Keeps what it is sent."""

    def __init__(self) -> None:
        super().__init__()
        self.incoming: list[Incoming] = []

    def answer(self, incoming: Incoming) -> int:
        self.incoming.append(incoming)
        return super().answer(incoming)


def test_a_callback_is_heard_with_its_verdict() -> None:
    """One that keeps the contract has no violations, any other says what is wrong; both get the status asked for."""
    (good, bad), statuses, broken = heard(("a?x=1", GOOD), ("b", b'{"result_code": "0"}'), answer=202)

    assert statuses == [202, 202]
    assert (good.request.target, good.violations, good.status) == ("/a?x=1", (), 202)
    assert {violation.pointer for violation in bad.violations} >= {"/result_code"}
    assert broken == 1


def test_a_callback_is_passed_on_as_it_came() -> None:
    """Path, query, fields and body arrive behind, and what is said there is the answer."""
    application = _Kept()
    with served(application) as base:
        told, statuses, _ = heard(("one", GOOD), ("one", b"junk"), forward_to=f"{base}/hook")

    assert statuses == [item.status for item in told] == [204, 400]
    assert told[0].forwarded_to == f"{base}/hook/one"
    assert [incoming.body for incoming in application.incoming] == [GOOD, b"junk"]
    assert application.incoming[0].fields["X-Own"] == "kept"
    assert application.incoming[0].fields["Host"] == base.removeprefix("http://")


def test_the_url_alone_is_passed_on_to_as_it_is() -> None:
    """A callback to the bare listener goes to the very URL that was named."""
    with served(_Kept()) as base:
        told, _, _ = heard(("", GOOD), forward_to=f"{base}/hook/one")

    assert told[0].forwarded_to == f"{base}/hook/one"


@pytest.mark.parametrize(
    ("body", "problem"), [(GOOD, "no connection"), (b"x" * 70_000, "it is too long to be passed on")]
)
def test_what_cannot_be_passed_on_is_502(body: bytes, problem: str) -> None:
    """The reason is told."""
    (told,), statuses, _ = heard(("a", body), forward_to=refused_url())

    assert statuses == [told.status] == [502]
    assert told.problem == problem


def passed_on(target: bytes) -> tuple[Heard, _Kept, str]:
    """Have a listener hear a request with this target; return what it told, the application behind it, and its URL."""
    application = _Kept()
    told: list[Heard] = []
    with served(application) as base:
        options = ListenOptions(listen="127.0.0.1:0", most=1, forward_to=base)
        listen(options, lambda url: threading.Thread(target=write, args=(url, target)).start(), told.append)
    return told[0], application, base


def test_what_would_place_a_call_is_not_passed_on() -> None:
    """Whoever can reach the listener reaches nobody's telephone."""
    told, application, _ = passed_on(b"/basix/api/%63all_user")

    assert (told.status, told.problem) == (502, "calls are placed there, and callbacks go elsewhere")
    assert application.incoming == []


@pytest.mark.parametrize("target", [b".evil.example/", b"@evil.example/"])
def test_what_names_another_host_comes_below_the_named_one(target: bytes) -> None:
    """Whoever can reach the listener reaches the URL that was named, and no other host."""
    told, _, base = passed_on(target)

    assert (told.problem, told.forwarded_to) == ("", f"{base}/{target.decode()}")


def write(url: str, target: bytes) -> None:
    """Send a request with a target that no HTTP library would write."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10) as connection:
        connection.sendall(b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}" % target)
        connection.recv(1)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"listen": "nowhere"}, "cannot listen on 'nowhere'"),
        ({"listen": "127.0.0.1:99999"}, "cannot listen on"),
        ({"forward_to": "http://receiver.example/"}, "--forward-to: receiver.example is not this machine"),
        ({"forward_to": "ftp://127.0.0.1/"}, "must begin with http"),
        ({"forward_to": "http://127.0.0.1:8090/basix/api/call_user"}, "--forward-to: calls are placed there"),
    ],
)
def test_a_place_that_is_none_is_refused(options: dict[str, Any], said: str) -> None:
    """Neither what cannot be listened on, nor another machine unless that is meant."""
    with pytest.raises(UsageError) as caught:
        listen(ListenOptions(**options), lambda _url: None, lambda _heard: None)

    assert said in str(caught.value)
