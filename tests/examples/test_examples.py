"""The example applications, each served as itself, against a mock PBX: everything between them is HTTP."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

import httpx
import pytest

from basix_contract.mock import Settings, VirtualClock
from basix_contract.profile import load_profile
from basix_contract.pytest_plugin._pbx import ScriptedPbx
from basix_contract.pytest_plugin._scripts import CallbackKind
from tests.examples import serving

PROFILE = load_profile(Path(__file__).parents[2] / "conformance" / "profiles" / "mock.toml")
SERVERS = {"fastapi_app": serving.asgi, "flask_app": serving.wsgi}


@dataclass(frozen=True)
class Desk:
    """An application that runs, the PBX it calls, and somebody who uses it."""

    example: ModuleType
    pbx: ScriptedPbx
    http: httpx.Client

    def call(self, ticket: str, user: str) -> str:
        """What the application says at once to a wish to call."""
        asked = self.http.post(f"/tickets/{ticket}/call", params={"user": user, "number": "0312341234"})
        return asked.raise_for_status().text.strip('"')

    def outcome(self, ticket: str) -> str:
        """What the application says of a ticket once the PBX is through with every call."""
        self.pbx.settle()
        assert self.example.callbacks.settle()
        return self.http.get(f"/tickets/{ticket}").raise_for_status().text.strip('"')


@pytest.fixture(params=SERVERS)
def desk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """Each example application."""
    with (
        ScriptedPbx(PROFILE, settings=Settings(), clock=VirtualClock()) as pbx,
        serving.listening() as listener,
    ):
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        monkeypatch.setenv("BASIX_BASE_URL", pbx.base_url)
        monkeypatch.setenv("BASIX_DOMAIN", PROFILE.target.domain)
        monkeypatch.setenv("BASIX_API_TOKEN", PROFILE.target.token)
        monkeypatch.setenv("PUBLIC_URL", url)
        monkeypatch.setenv("CALLBACK_SECRET", "a secret of enough bytes")
        example = serving.load(request.param)
        serve = SERVERS[request.param]
        with serve(example.app, listener), httpx.Client(base_url=url, trust_env=False, timeout=10) as http:
            yield Desk(example, pbx, http)


def test_an_answered_call_is_known_by_its_ticket(desk: Desk) -> None:
    """The application places the call, and hears that it was answered."""
    assert desk.call("crm-4711", "jessica") in ("ringing", "answered")
    assert desk.outcome("crm-4711") == "answered"
    assert [call.callbacks[0].status for call in desk.pbx.calls] == [204]


def test_a_call_nobody_answers_is_known_by_its_ticket(desk: Desk) -> None:
    """Its callback names no call, and rings for 180 s; the URL tells which it was, and the wait is virtual."""
    began_s = time.monotonic()

    desk.call("crm-1", "magic-busy")
    desk.call("crm-2", "magic-no-answer")

    assert desk.outcome("crm-1") == "not answered: busy"
    assert desk.outcome("crm-2") == "not answered: no_answer"
    assert time.monotonic() - began_s < 20
    assert max(event.at_s for event in desk.pbx.calls[1].events) >= 180


def test_a_call_that_was_refused_is_not_waited_for(desk: Desk) -> None:
    """What the PBX refuses at once is said at once, and nothing is called back."""
    assert desk.call("crm-4711", "magic-limit").startswith("not called: ")
    assert desk.pbx.calls == ()


def test_a_lost_reply_does_not_dial_twice(desk: Desk) -> None:
    """The reply is lost, the call goes on: the application waits for the callback and has its result."""
    desk.pbx.next_call(reply="lost")

    assert desk.call("crm-4711", "jessica") in ("ringing", "answered")
    assert desk.outcome("crm-4711") == "answered"
    assert len(desk.pbx.calls) == 1


@pytest.mark.parametrize("callback", ["early", "twice", "contradictory"])
def test_odd_callbacks_leave_one_outcome(desk: Desk, callback: CallbackKind) -> None:
    """A callback that overtakes the reply, comes twice, or is contradicted leaves the call with its first result."""
    desk.pbx.next_call(callback=callback)
    desk.call("crm-4711", "jessica")

    assert desk.outcome("crm-4711") == "answered"
    assert {record.status for record in desk.pbx.calls[0].callbacks} == {204}


def test_a_forged_callback_is_refused(desk: Desk) -> None:
    """Somebody who makes up a URL of the application is turned away."""
    desk.call("crm-4711", "magic-busy")
    path = urlsplit(desk.example.urls.for_call("crm-4711")).path
    forged = desk.http.post(path[:-1] + ("a" if path[-1] != "a" else "b"), json={"result_code": 0, "uuid": "x"})

    assert forged.status_code == 404
    assert desk.outcome("crm-4711") == "not answered: busy"
