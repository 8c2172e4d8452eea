"""The document's own examples, against the default directory."""

from __future__ import annotations

import json

import httpx
import pytest

from basix_contract.contract import load_document
from basix_contract.mock import MockServer
from tests.mock.conftest import CREDENTIALS, Ask, Start
from tests.mock.listener import Listener

# Who is rung in each example, and in how many places.
RUNG = {
    "example-1": ("jessica", 2),
    "example-2": ("jessica", 2),
    "example-3": ("bob", 1),
    "example-6": ("james", 4),
}


def example(name: str) -> dict[str, object]:
    """The request body of one of the document's examples."""
    body = load_document().request_examples[name].value
    assert isinstance(body, dict)
    return body


@pytest.mark.parametrize("name", RUNG)
def test_example_is_answered_with_one_fresh_uuid_for_each_terminal(start: Start, ask: Ask, name: str) -> None:
    """Each example of the document places its call, and a second time another one."""
    server = start()
    user, terminals = RUNG[name]
    first, second = (ask(server, **example(name)) for _ in range(2))
    assert first.status_code == 200
    assert first.headers["content-type"] == "application/json"
    assert first.json().keys() == {"result_code", "uuids"}
    assert type(first.json()["result_code"]) is int
    assert first.json()["result_code"] == 0
    uuids = [*first.json()["uuids"], *second.json()["uuids"]]
    assert len(set(uuids)) == 2 * terminals
    assert [call.user for call in server.calls] == [user, user]


def test_example_2_shows_its_calling_name_and_goes_to_a_user(start: Start, ask: Ask) -> None:
    """The ringing terminals show calling_name; without one they show the destination."""
    server = start()
    ask(server, **example("example-2"))
    ask(server, **example("example-1"))
    named, plain = server.calls
    assert {leg.display for leg in named.legs} == {"Thomas Jenkins"}
    assert {leg.display for leg in plain.legs} == {"0312341234"}
    assert (named.destination["kind"], plain.destination["kind"]) == ("user", "pstn")


def test_example_3_carries_calling_number_and_identity(start: Start, ask: Ask) -> None:
    """The object form brings its details along."""
    server = start()
    ask(server, **example("example-3"))
    destination = server.calls[0].destination
    assert destination["value"] == "0312341234"
    assert destination["calling_number"] == "05068680000"
    assert destination["end_user"] == {"name": "thomas"}


def test_example_4_is_refused_for_want_of_a_channel(start: Start, ask: Ask, listener: Listener) -> None:
    """At the limit the error comes at once, nobody is rung, and no callback follows."""
    server = start()
    refused = ask(server, **example("example-4"), callback_url=listener.url("/limited"))
    assert refused.json() == {"result_code": 500, "error": {"id": "channel_limit_reached"}}
    assert server.calls == ()
    ask(server, user_name="bob", callback_url=listener.url("/after"))
    assert [request.target for request in listener.wait_for()] == ["/after"]


def test_example_5_tells_its_result_to_the_callback_url(start: Start, ask: Ask, listener: Listener) -> None:
    """The inline identity is read, and the uuid that answered, one of the reply's, is posted as JSON."""
    server = start()
    body = {**example("example-5"), "callback_url": listener.url("/result_receiver")}
    uuids = ask(server, **body).json()["uuids"]
    told = listener.wait_for()[0]
    assert (told.method, told.target) == ("POST", "/result_receiver")
    assert told.headers["content-type"] == "application/json"
    assert told.json.keys() == {"result_code", "uuid"}
    assert told.json["result_code"] == 0
    assert told.json["uuid"] in uuids
    assert server.calls[0].destination["end_user"] == {"name": "Charles Xavier", "organization": "X-Men"}


def test_example_6_is_placed_on_behalf_of_the_group(start: Start, ask: Ask) -> None:
    """The group context belongs to the call."""
    server = start()
    ask(server, **example("example-6"))
    assert server.calls[0].group == "sales"


def test_raw_example_2_gets_an_error_and_the_next_call_works(start: Start, ask: Ask, http: httpx.Client) -> None:
    """The body with the missing quotation mark is refused in the envelope, and harms nothing."""
    server = start()
    raw = b'{"user_name": "jessica", "calling_name": "Thomas Jenkins", destination": "thomas"}'
    refused = http.post(f"{server.base_url}/call_user", content=raw, auth=CREDENTIALS)
    assert refused.json() == {"result_code": 500, "error": {"id": "invalid_json"}}
    assert ask(server, user_name="jessica").json()["result_code"] == 0


@pytest.mark.parametrize("path", ["/basix/api/call_user", "/call_user"])
def test_both_paths_lead_to_the_method(start: Start, http: httpx.Client, path: str) -> None:
    """The method is served where the document has it, and at the root."""
    server = start()
    origin = server.base_url.removesuffix("/basix/api")
    body = {"user_id": 10001001, "destination": "0312341234"}
    assert http.post(origin + path, json=body, auth=CREDENTIALS).json()["result_code"] == 0


def test_bodies_of_the_vendors_own_clients_are_accepted(start: Start, http: httpx.Client) -> None:
    """Two selectors together, an empty e-mail, a form's media type: all of it is real traffic."""
    server = start()
    bodies = (
        {"destination": "0312341234", "user_name": "jessica", "user_email": "jessica@acme.example"},
        {"destination": "sales", "user_name": "jessica", "user_email": ""},
        {"user_id": 10001001, "destination": "media_plug"},
    )
    for body in bodies:
        reply = http.post(
            f"{server.base_url}/call_user",
            content=json.dumps(body),
            headers={"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"},
            auth=CREDENTIALS,
        )
        assert reply.json()["result_code"] == 0, body


def test_the_same_seed_gives_the_same_uuids(start: Start, ask: Ask) -> None:
    """A mock is reproducible by its seed, and another seed is another mock."""

    def uuids(server: MockServer) -> list[str]:
        return [
            *ask(server, user_name="bob").json()["uuids"],
            *ask(server, user_name="james").json()["uuids"],
        ]

    first, again, other = (uuids(start(seed=seed)) for seed in (7, 7, 8))
    assert first == again
    assert not set(first) & set(other)
    assert start().app.seed != start().app.seed
