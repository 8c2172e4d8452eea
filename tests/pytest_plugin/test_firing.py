"""basix_callbacks: good and odd callbacks, at an ASGI application, a WSGI application or a URL."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from basix_contract.client import Answered, CallbackReceiver, CallbackUrl, NotAnswered
from basix_contract.errors import GateRefusal, TargetUnreachable, UsageError
from basix_contract.messages import Request, Response
from basix_contract.pytest_plugin._firing import Callbacks, Firer
from basix_contract.validation import validate_callback
from tests.mock.listener import Listener
from tests.pytest_plugin.conftest import Project

pytest_plugins = ["pytester"]

URLS = CallbackUrl("http://127.0.0.1:8000/basix", "a secret of enough bytes")
URL = URLS.for_call("crm-4711")


@pytest.fixture
def receiver() -> CallbackReceiver:
    """A receiver to fire at."""
    return CallbackReceiver(URLS)


@pytest.mark.parametrize("face", ["asgi", "wsgi"])
def test_a_result_reaches_an_application_without_a_server(receiver: CallbackReceiver, face: str) -> None:
    """Both faces of a receiver take what is fired, and the answer comes back."""
    fire = Callbacks().to(getattr(receiver, face))

    assert fire.answered(URL, uuid="ede7b23e-c172-445e-832e-963b11ba2b96").status == 204
    assert fire.not_answered(URLS.for_call("crm-1"), error_id="busy", result_code=486).status == 204
    assert receiver.wait_for("crm-4711", timeout_s=5) == Answered(uuid="ede7b23e-c172-445e-832e-963b11ba2b96")
    assert receiver.wait_for("crm-1", timeout_s=5) == NotAnswered(result_code=486, error_id="busy")


def test_a_coroutine_fires_in_its_own_loop(receiver: CallbackReceiver) -> None:
    """to_async runs the application where the test runs; to says so where it cannot."""

    async def run() -> list[Response]:
        with pytest.raises(UsageError, match="use to_async"):
            Callbacks().to(receiver.asgi).answered(URL)
        fire = Callbacks().to_async(receiver.asgi)
        return [await fire.answered(URL), await Callbacks().to_async(receiver.wsgi).answered(URL)]

    assert [answer.status for answer in asyncio.run(run())] == [204, 204]


def test_a_url_of_this_machine_can_be_fired_at() -> None:
    """Without an application the callback goes out over HTTP as a PBX would send it."""
    with Listener() as listener:
        answer = Callbacks().to().answered(listener.url("/hook/1?a=b"))
        (request,) = listener.wait_for()

    assert answer.status == 204
    assert request.target == "/hook/1?a=b"
    assert not validate_callback(Request(request.method, "/hook", tuple(request.headers.items()), request.body))


def test_no_other_machine_is_fired_at() -> None:
    """A URL elsewhere is refused, and one where nobody listens is an error that says so."""
    with pytest.raises(GateRefusal):
        Callbacks().to().answered("http://crm.example/hook")
    with Listener() as gone:
        url = gone.url("/")
    with pytest.raises(TargetUnreachable):
        Callbacks().to().answered(url)


@pytest.mark.parametrize("kind", Firer.LEGAL)
def test_legal_kinds_conform(receiver: CallbackReceiver, kind: str) -> None:
    """What is odd and legal conforms but for its label, and our receiver takes it."""
    sent: list[Request] = []
    violations = [v for v in validate_callback(fired(kind, sent)) if not v.pointer.startswith("headers")]

    assert not violations
    assert Callbacks().to(receiver.asgi).odd(kind, URL).status == 204


@pytest.mark.parametrize("kind", Firer.JUNK)
def test_junk_does_not_conform(receiver: CallbackReceiver, kind: str) -> None:
    """What is junk breaks the contract or its bounds, and our receiver refuses it with a 4xx."""
    request = fired(kind, [])

    assert validate_callback(request) or len(request.body) > 1_000_000
    for app in (receiver.asgi, receiver.wsgi):
        assert 400 <= Callbacks().to(app).odd(kind, URL).status < 500


def fired(kind: str, sent: list[Request]) -> Request:
    """The callback of this kind, as an application sees it."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        headers = tuple((name.decode(), value.decode()) for name, value in scope["headers"])
        sent.append(Request(scope["method"], scope["path"], headers, (await receive())["body"]))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    Callbacks().to(app).odd(kind, URL)
    return sent[0]


def test_an_unknown_kind_is_named() -> None:
    """A kind there is not is told with those there are."""
    with pytest.raises(UsageError, match="take one of extra-members, "):
        Callbacks().to(lambda _environ, _start: []).odd("nice", URL)


def takes_four(_a: Any, _b: Any, _c: Any, _d: Any) -> None:
    """Take four things, as no application does."""


@pytest.mark.parametrize("app", [7, "app", lambda: None, takes_four])
def test_what_is_no_application_is_told(app: Any) -> None:
    """Neither ASGI nor WSGI: the error says what to give."""
    with pytest.raises(UsageError, match="give the application itself"):
        Callbacks().to(app).answered(URL)


def test_what_an_application_raises_goes_through() -> None:
    """A fault of the application fails the test that fired, with its own traceback."""

    def wsgi(_environ: Any, _start: Any) -> list[bytes]:
        raise KeyError("crm-4711")

    async def asgi(_scope: Any, _receive: Any, _send: Any) -> None:
        raise KeyError("crm-4711")

    async def silent(_scope: Any, _receive: Any, _send: Any) -> None:
        pass

    for app in (wsgi, asgi):
        with pytest.raises(KeyError):
            Callbacks().to(app).raw(URL, b"{}")
    with pytest.raises(UsageError, match="did not answer"):
        Callbacks().to(silent).raw(URL, b"{}")


def test_applications_see_what_a_server_would_show_them() -> None:
    """Method, path, query, host, fields, body and the end of it; the answer's body comes back, written or returned."""
    url = "https://crm.example:8443/h%C3%A9/x?a=%20b"
    body = json.dumps({"result_code": 1}).encode()

    def wsgi(environ: Any, start: Any) -> list[bytes]:
        write = start("200 OK", [("X-Path", environ["PATH_INFO"])])
        write(environ["QUERY_STRING"].encode())
        return [environ["HTTP_HOST"].encode(), environ["wsgi.input"].read(), environ["CONTENT_TYPE"].encode()]

    async def asgi(scope: Any, receive: Any, send: Any) -> None:
        message = await receive()
        host = dict(scope["headers"])[b"host"]
        await send({"type": "http.response.start", "status": 200, "headers": [(b"x-path", scope["path"].encode())]})
        await send({"type": "http.response.body", "body": scope["query_string"] + host, "more_body": True})
        await send({"type": "http.response.body", "body": message["body"] + dict(scope["headers"])[b"content-type"]})
        assert (await receive())["type"] == "http.disconnect"

    expected = b"a=%20bcrm.example:8443" + body + b"application/json"
    assert [Callbacks().to(app).raw(url, body).body for app in (wsgi, asgi)] == [expected, expected]


def test_the_fixture_is_there(project: Project) -> None:
    """An integrator's test fires at the application, and sees what it made of it."""
    code, told = project("""
from basix_contract.client import CallbackReceiver, CallbackUrl

def test_one(basix_callbacks):
    urls = CallbackUrl("https://crm.example/basix", "a secret of enough bytes")
    receiver = CallbackReceiver(urls)
    fire = basix_callbacks.to(receiver.wsgi)
    assert fire.not_answered(urls.for_call("crm-4711")).status == 204
    assert receiver.result_of("crm-4711").result.error_id == "no_answer"
    for kind in fire.JUNK:
        assert 400 <= fire.odd(kind, urls.for_call("crm-1")).status < 500
""")

    assert code == 0, told
