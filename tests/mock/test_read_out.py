"""The read-out under `/_mock/`: what a test or a person can learn of a running mock."""

from __future__ import annotations

import httpx

from tests.mock.conftest import Ask, Start
from tests.mock.listener import Listener


def test_calls_are_shown_with_request_legs_and_callbacks(
    start: Start, ask: Ask, http: httpx.Client, listener: Listener
) -> None:
    """The JSON says what was asked, who rang, who answered and what was told."""
    server = start()
    reply = ask(server, user_name="jessica", group_name="sales", callback_url=listener.url())
    server.wait_until(lambda calls: bool(calls[0].callbacks))
    shown = http.get(f"{server.admin_url}/calls").json()["calls"][0]
    assert shown["id"] == "call-1"
    assert shown["parameters"]["user_name"] == "jessica"
    assert (shown["user"], shown["group"], shown["outcome"]) == ("jessica", "sales", "answered")
    assert [leg["uuid"] for leg in shown["legs"]] == reply.json()["uuids"]
    assert shown["callbacks"][0]["status"] == 204
    assert shown["events"][0]["kind"] == "call"


def test_the_directory_is_shown_without_its_token(start: Start, http: httpx.Client) -> None:
    """Nothing of the read-out shows a secret."""
    server = start(defects=["callback-missing"], seed=9)
    directory = http.get(f"{server.admin_url}/directory")
    assert directory.json()["domain"] == "acme.example"
    assert "jessica" in [user["name"] for user in directory.json()["users"]]
    settings = http.get(f"{server.admin_url}/settings")
    assert settings.json()["seed"] == 9
    assert settings.json()["defects"] == ["callback-missing"]
    assert settings.json()["settings"]["error_style"] == "200"
    assert "mock-token" not in directory.text + settings.text


def test_events_hold_refused_requests_as_well(start: Start, ask: Ask, http: httpx.Client) -> None:
    """What placed no call is on record too, without its credentials."""
    server = start()
    ask(server, user_name="nobody-here")
    server.wait_until(lambda _: len(server.app.state.events) == 2)
    shown = http.get(f"{server.admin_url}/events")
    assert [event["kind"] for event in shown.json()["events"]] == ["request", "reply"]
    assert shown.json()["events"][0]["detail"]["method"] == "POST"
    assert "user_not_found" in shown.text
    assert "authorization" not in shown.text.lower()


def test_a_reset_forgets_the_calls_and_never_a_uuid(start: Start, ask: Ask, http: httpx.Client) -> None:
    """Calls under way are broken off; ids and uuids go on, so that none comes back."""
    server = start(seed=4)
    before = ask(server, user_name="nora").json()["uuids"]
    assert http.post(f"{server.admin_url}/reset").json() == {"calls": []}
    assert http.get(f"{server.admin_url}/calls").json() == {"calls": []}
    after = ask(server, user_name="nora").json()["uuids"]
    assert not set(before) & set(after)
    assert [call.id for call in server.calls] == ["call-2"]
    assert http.get(f"{server.admin_url}/reset").status_code == 405
