"""What the client sends: what was given, nothing else, and nothing at all when that is no call."""

from __future__ import annotations

import asyncio
import base64
import inspect
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given

from basix_contract.client import AsyncClient, CallError, Client, ContractError, Destination, EndUser, InvalidRequest
from basix_contract.contract import load_document
from basix_contract.strategies import invalid_requests, requests
from basix_contract.validation import validate_request_body
from tests.client.flavours import BOB, DOMAIN, TOKEN
from tests.client.recording import BASE_URL, Recorder

EXAMPLES = load_document().request_examples
# A call is placed the same way whatever its arguments are: no type checker can follow a mapping.
Any_call = Mapping[str, Any]


def place(call: Any_call, pbx: Recorder) -> None:
    """Place a call with the arguments of a mapping."""
    pbx.client().call_user(**call)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_is_sent_as_the_document_has_it(name: str) -> None:
    """The body of each example of the document is what its members, given as arguments, become."""
    pbx = Recorder()

    place(EXAMPLES[name].value, pbx)

    assert pbx.bodies == [EXAMPLES[name].value]


@given(requests())
def test_what_is_given_is_sent_and_nothing_else(body: dict[str, Any]) -> None:
    """Whatever the document allows can be given, and arrives with the same members and values."""
    pbx = Recorder()

    place(body, pbx)

    assert pbx.bodies == [body]
    assert all(type(value) is type(body[name]) for name, value in pbx.bodies[0].items())


@given(invalid_requests())
def test_what_is_no_call_is_not_sent(drawn: tuple[Any, Any]) -> None:
    """Whatever the schema refuses is refused before anything is sent; a null is what was not given."""
    body = {name: value for name, value in drawn[0].items() if value is not None} if isinstance(drawn[0], dict) else {}
    if not validate_request_body(body):
        return
    pbx = Recorder()

    with pytest.raises((InvalidRequest, TypeError)) as refused:
        place(body, pbx)

    assert pbx.requests == []
    assert isinstance(refused.value, TypeError) is (set(body) - known() != set() or "destination" not in body)


def known() -> set[str]:
    """The names of the document's parameters."""
    return {parameter.name for parameter in load_document().parameters}


def test_sync_and_async_take_and_send_the_same() -> None:
    """The two clients differ in nothing but that one is awaited."""
    sync, awaited = Recorder(), Recorder()

    reply = sync.client().call_user(**BOB, calling_name="Tom")
    same = asyncio.run(awaited.async_client().call_user(**BOB, calling_name="Tom"))

    assert reply == same
    assert sync.bodies == awaited.bodies
    assert sync.requests[0].headers == awaited.requests[0].headers
    assert inspect.signature(Client.call_user) == inspect.signature(AsyncClient.call_user)


def test_every_argument_is_named_and_explained() -> None:
    """The arguments are those of the document, by name only, and each is described in the document's words."""
    parameters = dict(inspect.signature(Client.call_user).parameters)
    del parameters["self"]

    assert list(parameters) == [parameter.name for parameter in load_document().parameters]
    assert {parameter.kind for parameter in parameters.values()} == {inspect.Parameter.KEYWORD_ONLY}
    told = " ".join(inspect.getdoc(Client.call_user).split())  # type: ignore[union-attr]  # a missing text fails here
    for parameter in load_document().parameters:
        assert f"{parameter.name}: {' '.join(parameter.description.split())}" in told


def test_the_request_is_the_one_the_document_shows() -> None:
    """Method, URL, credentials and media type are those of the document's curl calls."""
    pbx = Recorder()
    place(BOB, pbx)
    request = pbx.requests[0]

    assert (request.method, str(request.url)) == ("POST", f"{BASE_URL}/call_user")
    assert request.headers["content-type"] == "application/json"
    scheme, _, credentials = request.headers["authorization"].partition(" ")
    assert (scheme, base64.b64decode(credentials)) == ("Basic", f"{DOMAIN}:{TOKEN}".encode())


def test_the_token_stands_in_one_field_only() -> None:
    """Neither the URL nor the body nor another field holds the token, plain or encoded."""
    pbx = Recorder()
    place(BOB, pbx)
    request = pbx.requests[0]
    encoded = base64.b64encode(f"{DOMAIN}:{TOKEN}".encode()).decode()

    rest = {name: value for name, value in request.headers.items() if name != "authorization"}
    assert not any(secret in f"{request.url} {request.content!r} {rest}" for secret in (TOKEN, encoded))


def test_the_fields_of_the_clients_own_settings_count() -> None:
    """Credentials and media type are ours, whatever the HTTP client that was handed in would send by itself."""
    pbx = Recorder()
    client = pbx.client()
    client._http.headers.update({"Authorization": "Bearer other", "Content-Type": "text/plain"})  # type: ignore[attr-defined]  # httpx has them
    client.call_user(**BOB)

    assert pbx.requests[0].headers.get_list("authorization") == [
        "Basic " + base64.b64encode(f"{DOMAIN}:{TOKEN}".encode()).decode()
    ]
    assert pbx.requests[0].headers.get_list("content-type") == ["application/json"]


@pytest.mark.parametrize("token", ['päss:wörd% "x"', "トークン", "a" * 500])
def test_a_token_of_any_script_arrives_whole(token: str) -> None:
    """Credentials are written in UTF-8."""
    pbx = Recorder()
    pbx.client(token=token, domain="dömain").call_user(**BOB)

    credentials = pbx.requests[0].headers["authorization"].removeprefix("Basic ")
    assert base64.b64decode(credentials).decode() == f"dömain:{token}"


class Colour(StrEnum):
    """Text that is more than text."""

    RED = "red"


@pytest.mark.parametrize(
    ("call", "body"),
    [
        ({"destination": Destination(called_number="03")}, {"destination": {"called_number": "03"}}),
        (
            {"destination": Destination(called_number="03", end_user=EndUser(name="P", id=7))},
            {"destination": {"called_number": "03", "end_user": {"id": 7, "name": "P"}}},
        ),
        (
            {"destination": Destination(called_number="03", end_user={"name": "P"})},
            {"destination": {"called_number": "03", "end_user": {"name": "P"}}},
        ),
        (
            {"destination": {"called_number": "03", "end_user": EndUser(name="P"), "calling_number": None}},
            {"destination": {"called_number": "03", "end_user": {"name": "P"}}},
        ),
        (
            {"destination": {"called_number": "03", "end_user": {}}},
            {"destination": {"called_number": "03", "end_user": {}}},
        ),
        ({"destination": "03", "calling_name": None, "answer_timeout": None}, {"destination": "03"}),
        ({"destination": "03", "auto_answer": False}, {"destination": "03", "auto_answer": False}),
        ({"destination": "03", "user_email": ""}, {"destination": "03", "user_email": ""}),
        ({"destination": "03", "group_name": Colour.RED}, {"destination": "03", "group_name": "red"}),
        ({"destination": "03", "user_label": "ユーザ ☎ 𝄞"}, {"destination": "03", "user_label": "ユーザ ☎ 𝄞"}),
    ],
)
def test_each_form_of_a_value_becomes_the_documents(call: Any_call, body: Any_call) -> None:
    """Our classes, plain dicts and mixtures of them are the same object; what is None is left out, nothing else is."""
    pbx = Recorder()

    place({"user_name": "bob", **call}, pbx)

    assert pbx.bodies == [{"user_name": "bob", **body}]


@pytest.mark.parametrize(
    ("call", "pointers"),
    [
        ({"destination": "03"}, [""]),
        ({"destination": "03", "user_name": "", "user_email": ""}, [""]),
        ({"destination": "03", "user_name": None}, [""]),
        ({**BOB, "destination": None}, ["/destination"]),
        ({**BOB, "destination": ""}, ["/destination"]),
        ({**BOB, "destination": 312341234}, ["/destination"]),
        ({**BOB, "destination": ["03"]}, ["/destination"]),
        ({**BOB, "destination": {"calling_number": "05"}}, ["/destination/called_number"]),
        ({**BOB, "destination": {"called_number": ""}}, ["/destination/called_number"]),
        ({**BOB, "destination": {"called_number": "03", "enduser": {}}}, ["/destination"]),
        ({**BOB, "destination": {"called_number": "03", "end_user": {"nmae": ""}}}, ["/destination/end_user"]),
        ({**BOB, "destination": {"called_number": "03", "end_user": "Popeye"}}, ["/destination/end_user"]),
        ({**BOB, "destination": {3: "03", "called_number": "03"}}, ["/destination"]),
        ({**BOB, "user_id": True}, ["/user_id"]),
        ({**BOB, "user_id": 0}, ["/user_id"]),
        ({**BOB, "user_id": "12a"}, ["/user_id"]),
        ({**BOB, "user_id": "12\n"}, ["/user_id"]),
        ({**BOB, "answer_timeout": 0}, ["/answer_timeout"]),
        ({**BOB, "answer_timeout": 30.0}, ["/answer_timeout"]),
        ({**BOB, "answer_timeout": "30"}, ["/answer_timeout"]),
        ({**BOB, "auto_answer": 1}, ["/auto_answer"]),
        ({**BOB, "calling_name": "Zoë"}, ["/calling_name"]),
        ({**BOB, "calling_name": "a\r\nb"}, ["/calling_name"]),
        ({**BOB, "callback_url": "https:/somewhere.example/x"}, ["/callback_url"]),
        ({**BOB, "callback_url": "ftp://somewhere.example/x"}, ["/callback_url"]),
        ({**BOB, "group_resolver": "any"}, ["/group_resolver"]),
        ({**BOB, "group_id": -1, "group_did": b"05"}, ["/group_id", "/group_did"]),
        ({**BOB, "user_label": "\ud800"}, [""]),
    ],
)
def test_what_breaks_the_contract_is_refused(call: Any_call, pointers: list[str]) -> None:
    """A call that is none raises before anything is sent, saying where; it is a CallError and a ContractError."""
    pbx = Recorder()

    with pytest.raises(InvalidRequest) as refused:
        place(call, pbx)

    assert pbx.requests == []
    assert [violation.pointer for violation in refused.value.violations] == pointers
    assert isinstance(refused.value, CallError)
    assert isinstance(refused.value, ContractError)


def test_a_mistyped_member_is_told_its_right_name() -> None:
    """A misspelt member of a destination is named together with the nearest one."""
    with pytest.raises(InvalidRequest, match="no member 'caled_number': did you mean called_number"):
        place({**BOB, "destination": {"caled_number": "03"}}, Recorder())


def test_an_unknown_argument_is_a_type_error() -> None:
    """An argument that the document does not have is refused by Python itself."""
    with pytest.raises(TypeError, match="name_name"):
        place({**BOB, "name_name": "bob"}, Recorder())
