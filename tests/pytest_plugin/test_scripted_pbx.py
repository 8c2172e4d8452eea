"""basix_pbx as integrators use it: what the next calls do, what came of them, and what was wrong with a request."""

from __future__ import annotations

import pytest

from tests.pytest_plugin.conftest import Project

pytest_plugins = ["pytester"]


def test_the_next_calls_are_as_the_test_says(project: Project) -> None:
    """Each script is played by one call, in turn; after them the directory decides again."""
    code, told = project("""
def test_one(basix_pbx, basix_profile):
    basix_pbx.next_call(outcome="busy", terminals=3)
    basix_pbx.next_call(outcome="rejects", error_id="do_not_disturb")
    basix_pbx.next_call(outcome="answers", after_s=17, terminals=1)
    for _ in range(4):
        assert call(basix_pbx, basix_profile, user_name="jessica").json()["result_code"] == 0
    calls = basix_pbx.settle()
    assert [entry.outcome for entry in calls] == ["busy", "do_not_disturb", "answered", "answered"]
    assert [len(entry.uuids) for entry in calls] == [3, 2, 1, 2]
    assert calls[2].events[-1].at_s >= 17
""")

    assert code == 0, told


def test_a_refusal_can_be_asked_for(project: Project) -> None:
    """`refused` is the id of the error reply, also one the mock does not know, in both styles; nobody is rung."""
    code, told = project("""
import pytest

@pytest.mark.parametrize("style", [pytest.param("200", marks=pytest.mark.basix(error_style="200")),
                                   pytest.param("4xx", marks=pytest.mark.basix(error_style="4xx"))])
@pytest.mark.parametrize("id", ["channel_limit_reached", "user_not_found", "phase_of_the_moon"])
def test_one(basix_pbx, basix_profile, id, style):
    basix_pbx.next_call(refused=id)
    reply = call(basix_pbx, basix_profile, user_name="jessica")
    assert reply.json() == {"result_code": 500, "error": {"id": id}}
    assert (reply.status_code == 200) == (style == "200")
    basix_pbx.assert_not_called()
    assert [refused.error_id for refused in basix_pbx.refusals] == [id]
    assert call(basix_pbx, basix_profile, user_name="jessica").json()["result_code"] == 0
""")

    assert code == 0, told
    assert "6 passed" in told


def test_a_script_waits_for_a_good_request(project: Project) -> None:
    """A request that is refused for a fault of its own does not use a script up."""
    code, told = project("""
def test_one(basix_pbx, basix_profile):
    basix_pbx.next_call(outcome="busy")
    for wrong in ({"user_name": "nobody"}, {}, {"user_name": "jessica", "answer_timeout": "soon"}):
        assert call(basix_pbx, basix_profile, **wrong).json()["result_code"] != 0
    call(basix_pbx, basix_profile, user_name="jessica")
    assert [entry.outcome for entry in basix_pbx.settle()] == ["busy"]
    assert [refused.error_id for refused in basix_pbx.refusals] == [
        "user_not_found", "missing_parameter", "invalid_parameter"]
""")

    assert code == 0, told


def test_replies_can_go_wrong_after_the_call_was_placed(project: Project) -> None:
    """Lost, never sent or garbled: the call goes on, and its callback comes."""
    code, told = project("""
import pytest

@pytest.mark.parametrize(("kind", "error"), [("lost", httpx.ReadError), ("never", httpx.ReadTimeout)])
def test_none(basix_pbx, basix_profile, kind, error):
    basix_pbx.next_call(reply=kind)
    with httpx.Client(auth=("acme.example", basix_profile.target.token), timeout=0.3, trust_env=False) as client:
        with pytest.raises(error):
            client.post(basix_pbx.base_url + "/call_user", json={"user_name": "bob", "destination": "thomas"})
    basix_pbx.wait_until(bool)
    assert [entry.outcome for entry in basix_pbx.settle()] == ["answered"]

def test_garbled(basix_pbx, basix_profile):
    basix_pbx.next_call(reply="garbled")
    reply = call(basix_pbx, basix_profile, user_name="jessica")
    assert (reply.status_code, reply.headers["content-type"]) == (502, "text/html")
    assert [entry.outcome for entry in basix_pbx.settle()] == ["answered"]
""")

    assert code == 0, told


def test_callbacks_can_come_odd(project: Project) -> None:
    """Once, twice, never, before the reply, and contradicted; delivered to an application without any server."""
    code, told = project("""
import json
import pytest

SEEN = []

def app(environ, start_response):
    SEEN.append(json.loads(environ["wsgi.input"].read())["result_code"])
    start_response("204 No Content", [])
    return []

@pytest.mark.parametrize(("kind", "codes"), [
    ("once", [0]), ("twice", [0, 0]), ("never", []), ("early", [0]), ("contradictory", [0, 500])])
def test_one(basix_pbx, basix_profile, kind, codes):
    SEEN.clear()
    basix_pbx.deliver_to(app)
    basix_pbx.next_call(callback=kind)
    call(basix_pbx, basix_profile, user_name="jessica", callback_url="https://crm.example/hook/1")
    if kind == "early":
        assert SEEN == [0]
    (entry,) = basix_pbx.settle()
    assert SEEN == codes
    assert [told.status for told in entry.callbacks] == [204] * len(codes)

def test_an_application_that_fails(basix_pbx, basix_profile):
    def broken(environ, start_response):
        raise ValueError("a fault of the application")
    basix_pbx.deliver_to(broken)
    call(basix_pbx, basix_profile, user_name="jessica", callback_url="https://crm.example/hook/1")
    (entry,) = basix_pbx.settle()
    assert entry.callbacks[0].error == "the application raised ValueError: a fault of the application"

def test_what_is_no_application(basix_pbx, basix_profile):
    basix_pbx.deliver_to(7)
    call(basix_pbx, basix_profile, user_name="jessica", callback_url="https://crm.example/hook/1")
    (entry,) = basix_pbx.settle()
    assert "neither an ASGI nor a WSGI application" in entry.callbacks[0].error

def test_a_failure_is_contradicted_by_an_answer(basix_pbx, basix_profile):
    SEEN.clear()
    basix_pbx.deliver_to(app)
    basix_pbx.next_call(outcome="busy", callback="contradictory")
    call(basix_pbx, basix_profile, user_name="jessica", callback_url="https://crm.example/hook/1")
    basix_pbx.settle()
    assert SEEN == [500, 0]
""")

    assert code == 0, told


def test_what_cannot_be_scripted_is_named(project: Project) -> None:
    """A mistake in a script is told when it is made, with what was meant."""
    code, told = project("""
import pytest
from basix_contract.errors import UsageError

@pytest.mark.parametrize(("parts", "words"), [
    ({"outcome": "buzy"}, "did you mean 'busy'"),
    ({"reply": "x"}, "'normal', 'lost', 'never', 'garbled'"),
    ({"callback": "twise"}, "did you mean 'twice'"),
    ({"refused": "busy", "after_s": 3}, "give `refused` alone"),
    ({"error_id": "busy"}, "give an outcome"),
    ({"error_id": "busy", "outcome": "answers"}, "give an outcome"),
])
def test_one(basix_pbx, parts, words):
    with pytest.raises(UsageError, match=words):
        basix_pbx.next_call(**parts)
""")

    assert code == 0, told


def test_180_seconds_take_no_time(project: Project) -> None:
    """Time is virtual unless asked otherwise: it jumps, stands still until it is moved, or is the machine's."""
    code, told = project("""
import time
import pytest

def test_it_jumps(basix_pbx, basix_profile):
    began = time.monotonic()
    call(basix_pbx, basix_profile, user_name="magic-no-answer")
    (entry,) = basix_pbx.settle()
    assert entry.outcome == "no_answer"
    assert entry.events[-1].at_s >= 180
    assert time.monotonic() - began < 3

@pytest.mark.basix(clock="manual")
def test_it_is_moved(basix_pbx, basix_profile, basix_clock):
    call(basix_pbx, basix_profile, user_name="magic-no-answer")
    basix_clock.advance(179)
    assert basix_pbx.calls[0].outcome == ""
    basix_clock.advance(1)
    assert basix_pbx.settle()[0].outcome == "no_answer"

@pytest.mark.basix(clock="real")
def test_it_is_the_machines(basix_clock):
    assert abs(basix_clock.now() - time.monotonic()) < 5
""")

    assert code == 0, told


def test_a_clock_there_is_not_is_named(project: Project) -> None:
    """A mistake in the marker is told as one."""
    code, told = project("""
import pytest

@pytest.mark.basix(clock="virtuel")
def test_one(basix_pbx):
    pass
""")

    assert code == 1
    assert "basix_clock cannot be 'virtuel': it is 'virtual', 'manual' or 'real'" in told


def test_a_calls_content_is_asserted(project: Project) -> None:
    """Exactly these parameters, in value and type; what stands for anything may."""
    code, told = project("""
import pytest
from unittest.mock import ANY

def test_right(basix_pbx, basix_profile):
    call(basix_pbx, basix_profile, user_id=10001001, auto_answer=True, destination={"called_number": "0312341234"})
    basix_pbx.assert_called_once_with(
        user_id=10001001, auto_answer=True, destination={"called_number": "0312341234"})
    basix_pbx.assert_called_with(user_id=ANY, auto_answer=ANY, destination=ANY)

@pytest.mark.parametrize(("expected", "words"), [
    ({"user_id": 10001001}, "destination: expected nothing, given '0312341234'"),
    ({"user_id": "10001001", "destination": "0312341234"}, "user_id: expected '10001001', given 10001001"),
    ({"user_id": 10001001.0, "destination": "0312341234"}, "user_id: expected 10001001.0, given 10001001"),
    ({"user_id": 10001001, "destination": "0312341234", "auto_answer": False},
     "auto_answer: expected False, given nothing"),
    ({"user_nmae": "jessica", "destination": "0312341234"}, "no parameter 'user_nmae', did you mean 'user_name'?"),
    ({"user_id": 10001001, "destination": ["0312341234"]}, "destination: expected"),
    ({"user_id": [10001001], "destination": {"called_number": "0312341234"}}, "user_id: expected"),
])
def test_wrong(basix_pbx, basix_profile, expected, words):
    call(basix_pbx, basix_profile, user_id=10001001)
    with pytest.raises(AssertionError) as failed:
        basix_pbx.assert_called_once_with(**expected)
    assert words in str(failed.value)

def test_count(basix_pbx, basix_profile):
    with pytest.raises(AssertionError, match="no call was placed$"):
        basix_pbx.assert_called_with(user_name="bob")
    basix_pbx.assert_not_called()
    call(basix_pbx, basix_profile, user_name="nobody")
    with pytest.raises(AssertionError, match="refused with user_not_found"):
        basix_pbx.assert_called_once_with(user_name="bob")
    for _ in range(2):
        call(basix_pbx, basix_profile, user_name="bob")
    with pytest.raises(AssertionError, match="expected one call, and there were 2"):
        basix_pbx.assert_called_once_with(user_name="bob", destination="0312341234")
    with pytest.raises(AssertionError, match="expected no call, and there were 2"):
        basix_pbx.assert_not_called()
""")

    assert code == 0, told


def test_unknown_parameters_are_refused_with_what_was_meant(project: Project) -> None:
    """A misspelt parameter fails here, where the mock by itself would pass it over; the marker can say otherwise."""
    code, told = project("""
import pytest

def test_strict(basix_pbx, basix_profile):
    reply = call(basix_pbx, basix_profile, user_name="bob", answer_timout=30, colour="red")
    assert reply.json()["error"]["id"] == "unknown_parameter"
    assert basix_pbx.refusals[0].reason == (
        "call_user has no parameter 'answer_timout', did you mean 'answer_timeout'?; "
        "call_user has no parameter 'colour'")

@pytest.mark.basix(strict_unknown_parameters=False)
def test_lenient(basix_pbx, basix_profile):
    assert call(basix_pbx, basix_profile, user_name="bob", colour="red").json()["result_code"] == 0
""")

    assert code == 0, told


def test_a_failed_test_shows_what_the_pbx_has_seen(project: Project) -> None:
    """The report of a failure holds every event and the reasons of refusals; that of a success does not."""
    code, told = project("""
def test_fails(basix_pbx, basix_profile):
    call(basix_pbx, basix_profile, user_name="jessica")
    call(basix_pbx, basix_profile, user_nam="jessica")
    basix_pbx.settle()
    assert False

def test_passes(basix_pbx, basix_profile):
    call(basix_pbx, basix_profile, user_name="thomas")
""")

    assert code == 1
    assert "- basix_pbx -" in told
    assert "s  call        call-1  user=jessica" in told
    assert "refused with unknown_parameter: call_user has no parameter 'user_nam', did you mean 'user_name'?" in told
    assert "thomas" not in told


@pytest.mark.parametrize("kind", ["Client", "AsyncClient"])
def test_a_client_is_bound_to_the_pbx(project: Project, kind: str) -> None:
    """basix_client and basix_async_client call basix_pbx, whatever the environment says."""
    sync = """
def test_one(basix_client, basix_pbx, monkeypatch):
    monkeypatch.setenv("BASIX_BASE_URL", "http://127.0.0.1:9/")
    reply = basix_client.call_user(user_name="jessica", destination="0312341234")
    basix_pbx.assert_called_once_with(user_name="jessica", destination="0312341234")
    assert reply.uuids == basix_pbx.calls[0].uuids
"""
    asynchronous = """
import asyncio

def test_one(basix_async_client, basix_pbx):
    async def run():
        async with basix_async_client as basix:
            return await basix.call_user(user_name="jessica", destination="0312341234")
    assert asyncio.run(run()).uuids == basix_pbx.calls[0].uuids
"""
    code, told = project(sync if kind == "Client" else asynchronous)

    assert code == 0, told
