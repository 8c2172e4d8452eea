"""The receiver: each call's result is handed on once, and whatever comes is answered 2xx or 4xx."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from basix_contract.client import Answered, CallbackReceiver, CallbackUrl, Ended, NotAnswered
from basix_contract.messages import Request, Response
from tests.client.faces import ANSWERED, ANSWERED_ELSEWHERE, BUSY, URLS, UUID, callback, exchange, over_asgi, over_wsgi

ROOT = Path(__file__).parents[2]

Seen: TypeAlias = list[tuple[str, Answered | NotAnswered]]
Send: TypeAlias = Callable[[CallbackReceiver, Request], Response]

WAYS: dict[str, Send] = {
    "asgi": lambda receiver, request: over_asgi(receiver.asgi, request),
    "wsgi": lambda receiver, request: over_wsgi(receiver.wsgi, request),
    "handle": lambda receiver, request: receiver.handle(request),
}


@pytest.fixture(params=WAYS)
def send(request: pytest.FixtureRequest) -> Send:
    """Each way into a receiver."""
    return WAYS[request.param]


@pytest.fixture
def seen() -> Seen:
    """What the handler was told."""
    return []


@pytest.fixture
def receiver(seen: Seen) -> CallbackReceiver:
    """A receiver that notes what it hands on."""
    return CallbackReceiver(URLS, lambda call, result: seen.append((call, result)))


@pytest.mark.parametrize(
    ("body", "result"),
    [(ANSWERED, Answered(uuid=UUID)), (BUSY, NotAnswered(result_code=500, error_id="busy"))],
    ids=["answered", "not-answered"],
)
def test_a_result_is_taken_and_tied_to_its_call(
    receiver: CallbackReceiver, seen: Seen, send: Send, body: bytes, result: Answered | NotAnswered
) -> None:
    """The handler hears which call it was, also where the body names none; the answer is an empty 204."""
    answer = send(receiver, callback(body=body))

    assert receiver.settle()
    assert (answer.status, answer.body) == (204, b"")
    assert seen == [("crm-4711", result)]
    assert receiver.result_of("crm-4711") == Ended(call="crm-4711", result=result)


def test_a_repeat_is_acknowledged_and_not_handed_on(receiver: CallbackReceiver, seen: Seen, send: Send) -> None:
    """A callback that comes three times gets three 2xx, and one call of the handler."""
    answers = [send(receiver, callback()) for _ in range(3)]

    assert receiver.settle()
    assert [answer.status for answer in answers] == [204, 204, 204]
    assert len(seen) == 1


def test_a_contradiction_is_kept_and_told_and_not_handed_on(
    receiver: CallbackReceiver, seen: Seen, send: Send, caplog: pytest.LogCaptureFixture
) -> None:
    """The first result stands; the other is acknowledged, logged, and there to be looked at."""
    answers = [send(receiver, callback(body=body)) for body in (ANSWERED, BUSY, ANSWERED_ELSEWHERE, ANSWERED)]

    assert receiver.settle()
    assert [answer.status for answer in answers] == [204] * 4
    assert seen == [("crm-4711", Answered(uuid=UUID))]
    assert receiver.result_of("crm-4711") == Ended(
        call="crm-4711",
        result=Answered(uuid=UUID),
        contradicted_by=NotAnswered(result_code=500, error_id="busy"),
    )
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]
    assert "crm-4711" in caplog.text


def test_calls_are_not_mixed_up(receiver: CallbackReceiver, seen: Seen, send: Send) -> None:
    """Error callbacks, which are all alike, are told apart by their URLs."""
    for call in ("crm-1", "crm-2", "crm-3"):
        send(receiver, callback(call, BUSY))

    assert receiver.settle()
    assert sorted(call for call, _ in seen) == ["crm-1", "crm-2", "crm-3"]


JUNK = {
    "another method": (callback(method="GET"), 405),
    "no token": (callback(target="/basix/"), 404),
    "no path": (callback(target="/"), 404),
    "a made-up token": (callback(target="/basix/1" + "a" * 60), 404),
    "a token of another secret": (
        callback(target=CallbackUrl("http://h/basix", "another secret, long enough").for_call("crm-1")[8:]),
        404,
    ),
    "no JSON": (callback(body=b"result_code=0"), 400),
    "an empty body": (callback(body=b""), 400),
    "no object": (callback(body=b"[0]"), 400),
    "no result": (callback(body=b"{}"), 400),
    "both types wrong": (callback(body=b'{"result_code":"0","uuid":1}'), 400),
    "deep": (callback(body=b"[" * 60_000), 400),
    "too large": (callback(body=b" " * 65_537), 413),
    "large by its own account": (callback(headers=(("Content-Length", "99999999"),)), 413),
    "a length that is none": (callback(headers=(("Content-Length", "12a"),)), 400),
    "a negative length": (callback(headers=(("Content-Length", "-1"),)), 400),
    "an endless length": (callback(headers=(("Content-Length", "0" * 5000),)), 400),
}


@pytest.mark.parametrize("kind", JUNK)
def test_junk_is_refused_with_a_reason(receiver: CallbackReceiver, seen: Seen, send: Send, kind: str) -> None:
    """What is no callback of ours gets the 4xx that fits, a reason in JSON, and no ear; the next good one is taken."""
    request, status = JUNK[kind]
    answer = send(receiver, request)

    assert answer.status == status
    assert json.loads(answer.body)["error"]
    assert receiver.settle()
    assert not seen
    assert send(receiver, callback()).status == 204


@given(
    st.sampled_from(["POST", "GET", "HEAD", "PUT", "OPTIONS", "BREW"]),
    st.text() | st.just(callback().target),
    st.sampled_from(["", "0", "5", "99999999999999999999999", "x", "-1", "٣"]) | st.text(max_size=5),
    st.binary(max_size=40) | st.just(ANSWERED),
)
@settings(max_examples=200, deadline=None)
def test_nothing_is_answered_with_a_5xx(method: str, target: str, length: str, body: bytes) -> None:
    """Whatever method, path, length and bytes come, the answer is 2xx or 4xx."""
    receiver = CallbackReceiver(URLS)
    answer = receiver.handle(Request(method, target, (("Content-Length", length),), body))

    assert 200 <= answer.status < 300 or 400 <= answer.status < 500


def test_what_the_pbx_need_not_send_is_not_asked_for(receiver: CallbackReceiver, send: Send) -> None:
    """Any content type, or none, will do (A44)."""
    for number, kind in enumerate(["text/plain", "application/json; charset=utf-8", ""]):
        headers = (("Content-Length", str(len(BUSY))), ("Content-Type", kind))
        assert send(receiver, callback(f"crm-{number}", BUSY, headers=headers)).status == 204


@pytest.mark.parametrize("error", [ValueError("Popeye called 0312341234"), KeyError("Popeye"), SystemExit("Popeye")])
def test_a_handler_that_fails_does_not_show_in_the_answer(
    send: Send, caplog: pytest.LogCaptureFixture, error: BaseException
) -> None:
    """The PBX gets its 2xx; the log says which call, what kind of error and where, and nothing the error says."""

    def fail(_call: str, _result: Answered | NotAnswered) -> None:
        raise error

    receiver = CallbackReceiver(URLS, fail)
    answer = send(receiver, callback())

    assert receiver.settle()
    assert answer.status == 204
    assert type(error).__name__ in caplog.text
    assert "crm-4711" in caplog.text
    assert "in fail" in caplog.text
    assert "Popeye" not in caplog.text


def test_a_coroutine_function_that_fails_does_not_show_either(caplog: pytest.LogCaptureFixture) -> None:
    """In the server's own loop: the answer is a 2xx, the next callback is taken, the log repeats nothing."""
    receiver = CallbackReceiver(URLS)

    @receiver.on_result
    async def fail(_call: str, _result: Answered | NotAnswered) -> None:
        raise RuntimeError("Popeye")

    answers = [over_asgi(receiver.asgi, callback(call)).status for call in ("crm-1", "crm-2")]

    assert receiver.settle()
    assert answers == [204, 204]
    assert caplog.text.count("RuntimeError at") == 2
    assert "Popeye" not in caplog.text


def test_no_answer_waits_for_a_slow_handler() -> None:
    """Over WSGI the answer is there while the handler has not begun to end."""
    is_over = threading.Event()
    receiver = CallbackReceiver(URLS, lambda _call, _result: is_over.wait(10))

    answer = over_wsgi(receiver.wsgi, callback())
    still_running = not receiver.settle(timeout_s=0)
    is_over.set()

    assert answer.status == 204
    assert still_running
    assert receiver.settle()


@pytest.mark.parametrize("is_async", [False, True], ids=["function", "coroutine-function"])
def test_no_answer_waits_for_a_slow_handler_over_asgi(*, is_async: bool) -> None:
    """Over ASGI the answer has left before the handler is through, and the event loop is free meanwhile."""

    async def run() -> list[str]:
        has_left, has_left_too = threading.Event(), asyncio.Event()
        told: list[str] = []

        def slow(_call: str, _result: object) -> None:
            has_left.wait(10)
            told.append("handled")

        async def slow_async(_call: str, _result: object) -> None:
            await has_left_too.wait()
            told.append("handled")

        receiver = CallbackReceiver(URLS, slow_async if is_async else slow)

        async def app(scope: Any, receive: Any, send: Any) -> None:
            async def note(message: Any) -> None:
                told.append(message["type"])
                await send(message)
                if message["type"] == "http.response.body":
                    has_left.set()
                    has_left_too.set()

            await receiver.asgi(scope, receive, note)

        await exchange(app, callback())
        return told

    assert asyncio.run(run()) == ["http.response.start", "http.response.body", "handled"]


def test_a_coroutine_function_runs_in_the_loop_of_the_server() -> None:
    """What an application keeps per event loop, such as a pool of connections, can be used in its handler."""
    loops: list[Any] = []
    receiver = CallbackReceiver(URLS)

    @receiver.on_result
    async def note(_call: str, _result: Answered | NotAnswered) -> None:
        loops.append(asyncio.get_running_loop())

    async def run() -> asyncio.AbstractEventLoop:
        await exchange(receiver.asgi, callback())
        return asyncio.get_running_loop()

    assert [asyncio.run(run())] == loops


def test_a_coroutine_function_runs_without_a_loop_too(seen: Seen) -> None:
    """Under WSGI, where there is no event loop, it gets one."""
    receiver = CallbackReceiver(URLS)

    @receiver.on_result
    async def note(call: str, result: Answered | NotAnswered) -> None:
        await asyncio.sleep(0)
        seen.append((call, result))

    over_wsgi(receiver.wsgi, callback())

    assert receiver.settle()
    assert seen == [("crm-4711", Answered(uuid=UUID))]


def test_callbacks_at_the_same_time_are_handed_on_once_each(receiver: CallbackReceiver, seen: Seen) -> None:
    """Sixteen threads that all bring the results of the same four calls bring four results."""
    start = threading.Barrier(16)

    def post(number: int) -> int:
        start.wait(10)
        return over_wsgi(receiver.wsgi, callback(f"crm-{number % 4}")).status

    with ThreadPoolExecutor(16) as threads:
        statuses = set(threads.map(post, range(16)))

    assert receiver.settle()
    assert statuses == {204}
    assert sorted(call for call, _ in seen) == ["crm-0", "crm-1", "crm-2", "crm-3"]


def test_memory_is_bounded(seen: Seen) -> None:
    """The oldest call is forgotten for a new one, and no more are kept than was said."""
    receiver = CallbackReceiver(URLS, lambda call, result: seen.append((call, result)), max_calls=3)
    for number in range(10):
        receiver.handle(callback(f"crm-{number}"))
        assert receiver.settle()

    assert [number for number in range(10) if receiver.result_of(f"crm-{number}")] == [7, 8, 9]


def test_what_waits_for_the_handler_is_bounded() -> None:
    """Where the handler does not keep up, a result is refused with 429 and can be sent again."""
    is_over = threading.Event()
    receiver = CallbackReceiver(URLS, lambda _call, _result: is_over.wait(10), max_calls=2)
    answers = [receiver.handle(callback(f"crm-{number}")).status for number in range(3)]
    refused = receiver.result_of("crm-2")
    is_over.set()

    assert receiver.settle()
    assert answers == [204, 204, 429]
    assert refused is None
    assert receiver.handle(callback("crm-2")).status == 204


def test_a_receiver_needs_no_library_and_no_event_loop() -> None:
    """Importing it and taking a callback over WSGI load neither a framework nor asyncio."""
    program = (
        "import sys\nfrom basix_contract.client import CallbackReceiver, CallbackUrl\n"
        "urls = CallbackUrl('http://h/basix', 'a secret of enough bytes')\n"
        "answers = []\n"
        "CallbackReceiver(urls).wsgi({'REQUEST_METHOD': 'GET'}, lambda status, fields: answers.append(status))\n"
        "print(answers[0], *sys.modules)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=300, check=True
    )
    status, *modules = ended.stdout.split()
    foreign = {"asyncio", "anyio", "fastapi", "flask", "jsonschema_rs", "openapi_core", "starlette", "uvicorn", "yaml"}

    assert status == "405"
    assert not foreign & {name.partition(".")[0] for name in modules}
