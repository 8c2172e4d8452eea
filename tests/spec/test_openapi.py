"""The document itself: well-formed, complete, with examples that hold, and with its own keywords in order."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import validate

from tests.spec.judges import (
    ACCEPTED,
    CALLBACK,
    DOCUMENT,
    OPERATION,
    SCHEMAS,
    judge_callback,
    judge_reply,
    judge_request,
    receiver_may_answer,
    reply_may_be,
)

PARAMETERS: dict[str, dict[str, Any]] = SCHEMAS["CallUserRequest"]["properties"]
USER_SELECTORS = ["user_id", "user_name", "user_label", "user_extension", "user_did", "user_email"]
GROUP_SELECTORS = [
    "group_id",
    "group_name",
    "group_label",
    "group_extension",
    "group_did",
    "group_resolver",
]

UUIDS = '"uuids": ["ede7b23e-c172-445e-832e-963b11ba2b96", "1c46fc4b-a42f-410e-82b5-11aa2a1f69fe"]'
PRINTED_REQUESTS = {
    "example-1": '{"user_id": 10001001, "destination": "0312341234"}',
    "example-2": '{"user_name": "jessica", "calling_name": "Thomas Jenkins", "destination": "thomas"}',
    "example-3": '{"user_name": "bob", "destination": {"called_number": "0312341234", '
    '"calling_number": "05068680000", "end_user": {"name": "thomas"}}}',
    "example-4": '{"user_extension": "1001", "destination": "0312341234"}',
    "example-5": '{"user_email": "jones@abcd.com", '
    '"destination": "{name=Charles Xavier,organization=X-Men}0312341234", '
    '"callback_url": "https://somewhere.com/result_receiver"}',
    "example-6": '{"user_name": "james", "group_name": "sales", "destination": "0312341234"}',
}
PRINTED_REPLIES = dict.fromkeys(PRINTED_REQUESTS, f'{{"result_code": 0, {UUIDS}}}') | {
    "example-4": '{"result_code": 500, "error": {"id": "channel_limit_reached"}}'
}

KEYWORD_VALUES: dict[str, Any] = {
    "x-basix-role": {"user-selector", "group-selector", "destination", "option"},
    "x-basix-unknown": {"advice", "ignore"},
    "x-unit": {"s"},
    "x-internal": {False},
}


def content(message: dict[str, Any]) -> dict[str, Any]:
    """The one media type of a message, and it is JSON."""
    assert list(message["content"]) == ["application/json"]
    media_type = message["content"]["application/json"]
    assert isinstance(media_type, dict)
    return media_type


def values(message: dict[str, Any]) -> dict[str, Any]:
    """The examples of a message, by name."""
    return {name: example["value"] for name, example in content(message)["examples"].items()}


def listed_reply(status: str) -> dict[str, Any]:
    """The reply object for one status, whether it stands in place or is referred to."""
    reply: dict[str, Any] = OPERATION["responses"][status]
    name = reply.get("$ref", "").rpartition("/")[2]
    return DOCUMENT["components"]["responses"][name] if name else reply


def extensions(node: object, pointer: str = "") -> Iterator[tuple[str, str, Any]]:
    """Every extension keyword of the document: where, its name, its value."""
    children: dict[Any, Any] = dict(enumerate(node)) if isinstance(node, list) else {}
    children |= node if isinstance(node, dict) else {}
    for key, child in children.items():
        if str(key).startswith("x-"):
            yield pointer, key, child
        else:
            yield from extensions(child, f"{pointer}/{key}")


REQUEST_EXAMPLES = values(OPERATION["requestBody"])
REPLY_EXAMPLES = values(OPERATION["responses"]["200"])
CALLBACK_EXAMPLES = values(CALLBACK["post"]["requestBody"])


def test_it_is_an_openapi_3_1_1_document() -> None:
    """The document conforms to the OpenAPI version it names."""
    assert DOCUMENT["openapi"] == "3.1.1"
    validate(DOCUMENT)


def test_it_has_all_parameters_in_the_order_of_the_table() -> None:
    """The seventeen parameters are there, under the document's names and in its order."""
    options = ["answer_timeout", "destination", "callback_url", "auto_answer", "calling_name"]

    assert list(PARAMETERS) == [*USER_SELECTORS, *options, *GROUP_SELECTORS]
    assert SCHEMAS["CallUserRequest"]["required"] == ["destination"]


def test_it_has_the_documented_defaults_and_units() -> None:
    """Only answer_timeout (180 seconds) and auto_answer (false) have a default."""
    defaults = {name: schema["default"] for name, schema in PARAMETERS.items() if "default" in schema}

    assert defaults == {"answer_timeout": 180, "auto_answer": False}
    assert [name for name, schema in PARAMETERS.items() if schema.get("x-unit") == "s"] == ["answer_timeout"]


@pytest.mark.parametrize(
    ("role", "names"),
    [
        ("user-selector", USER_SELECTORS),
        ("group-selector", GROUP_SELECTORS),
        ("destination", ["destination"]),
        ("option", ["answer_timeout", "callback_url", "auto_answer", "calling_name"]),
    ],
)
def test_each_parameter_says_what_it_is_for(role: str, names: list[str]) -> None:
    """Code can take the selectors from the document, by role."""
    assert [name for name, schema in PARAMETERS.items() if schema["x-basix-role"] == role] == names


def test_the_selector_rule_names_every_user_selector() -> None:
    """One branch for each user selector: it is given, and it is not an empty text."""
    assert [(branch["required"], branch["properties"]) for branch in SCHEMAS["CallUserRequest"]["anyOf"]] == [
        ([name], {name: {"minLength": 1}}) for name in USER_SELECTORS
    ]


def test_every_parameter_and_every_schema_is_described() -> None:
    """A reader finds a description everywhere, and a title on every named schema."""
    assert [name for name, schema in PARAMETERS.items() if not schema.get("description")] == []
    assert [name for name, schema in SCHEMAS.items() if not schema.get("description")] == []
    assert [name for name, schema in SCHEMAS.items() if not schema.get("title")] == []


@pytest.mark.parametrize(("name", "printed"), PRINTED_REQUESTS.items(), ids=PRINTED_REQUESTS)
def test_a_request_example_is_the_documents(name: str, printed: str) -> None:
    """The request of each numbered example is the printed one, its mistakes mended."""
    assert REQUEST_EXAMPLES[name] == json.loads(printed)


@pytest.mark.parametrize(("name", "printed"), PRINTED_REPLIES.items(), ids=PRINTED_REPLIES)
def test_a_reply_example_is_the_documents(name: str, printed: str) -> None:
    """The reply of each numbered example is the printed one."""
    assert REPLY_EXAMPLES[name] == json.loads(printed)


def test_example_5_has_both_its_callbacks() -> None:
    """The result for answered and for not answered are both shown."""
    assert list(CALLBACK_EXAMPLES) == ["example-5-answered", "example-5-not-answered"]
    assert CALLBACK_EXAMPLES["example-5-answered"]["uuid"] in REPLY_EXAMPLES["example-5"]["uuids"]
    assert CALLBACK_EXAMPLES["example-5-not-answered"] == {
        "result_code": 500,
        "error": {"id": "SOME_ERROR_ID"},
    }


@pytest.mark.parametrize("example", REQUEST_EXAMPLES.values(), ids=REQUEST_EXAMPLES)
def test_each_request_example_holds(example: object) -> None:
    """What is shown as a request is one, for both engines."""
    assert judge_request(json.dumps(example)) == ACCEPTED


@pytest.mark.parametrize(
    ("status", "name"),
    [(status, name) for status in ("200", "4XX", "5XX") for name in values(listed_reply(status))],
)
def test_each_reply_example_holds(status: str, name: str) -> None:
    """What is shown as a reply is one, for both engines and under the status it is shown for."""
    text = json.dumps(values(listed_reply(status))[name])

    assert judge_reply(text, status=int(status.replace("XX", "22"))) == ACCEPTED


@pytest.mark.parametrize("example", CALLBACK_EXAMPLES.values(), ids=CALLBACK_EXAMPLES)
def test_each_callback_example_holds(example: object) -> None:
    """What is shown as a result is one, for both engines."""
    assert judge_callback(json.dumps(example)) == ACCEPTED


def test_a_request_needs_credentials() -> None:
    """Basic auth is asked of a call request, and of no other part of the document."""
    text = json.dumps(REQUEST_EXAMPLES["example-1"])

    assert judge_request(text, authorization="Bearer api-token")["openapi-core"] is False
    assert DOCUMENT["security"] == [{"basicAuth": []}]
    assert CALLBACK["post"]["security"] == []


@pytest.mark.parametrize("status", [401, 403])
def test_an_authentication_answer_may_have_any_body(status: int) -> None:
    """Where the credentials fail, a page, a text, an empty answer or the envelope will all do (A18)."""
    assert reply_may_be(status, b"<h1>Unauthorized</h1>", "text/html")
    assert reply_may_be(status, b"", "text/plain")
    assert reply_may_be(status, b'{"detail": "no"}', "application/json")


@pytest.mark.parametrize("status", [200, 400, 422, 500, 503])
def test_any_other_reply_is_the_json_envelope(status: int) -> None:
    """Whatever the status, a reply is the same envelope, as application/json."""
    envelope = json.dumps(REPLY_EXAMPLES["example-4"]).encode()

    assert reply_may_be(status, envelope, "application/json")
    assert not reply_may_be(status, b'{"detail": "no"}', "application/json")
    assert not reply_may_be(status, b"<h1>Error</h1>", "text/html")


def test_a_receiver_answers_2xx() -> None:
    """Any 2xx takes note of a result, a 4xx refuses it, and nothing else is foreseen."""
    answers = {status: receiver_may_answer(status) for status in (200, 202, 204, 410, 302, 500)}

    assert answers == {200: True, 202: True, 204: True, 410: True, 302: False, 500: False}


def test_its_extension_keywords_are_in_order() -> None:
    """Each keyword of our own is a known one, and has a known value."""
    for pointer, keyword, value in extensions(DOCUMENT):
        if keyword == "x-basix-open-points":
            assert value == sorted(set(value)), pointer
            assert all(re.fullmatch(r"A(0[1-9]|[1-5]\d|6[0-4])", point) for point in value), pointer
        elif keyword != "x-basix-inline":
            assert value in KEYWORD_VALUES[keyword], pointer


def test_nothing_forbids_keys_that_are_not_listed() -> None:
    """No object is closed: unknown keys are open (A14, A33, A55); each object says who deals with them."""
    objects = {name: schema for name, schema in SCHEMAS.items() if schema.get("type") == "object"}

    assert "additionalProperties" not in json.dumps(DOCUMENT)
    assert "unevaluatedProperties" not in json.dumps(DOCUMENT)
    assert {name: schema["x-basix-unknown"] for name, schema in objects.items()} == dict.fromkeys(
        ("CallUserRequest", "DestinationObject", "EndUser"), "advice"
    ) | dict.fromkeys(("CallUserSuccess", "CallUserError", "CallAnswered", "CallNotAnswered", "ErrorDetail"), "ignore")


def test_no_rule_rests_on_a_format() -> None:
    """The engines check formats differently, so every rule about a text is a pattern."""
    assert '"format":' not in json.dumps(DOCUMENT)


def test_the_inline_grammar_reads_the_documented_example() -> None:
    """The text form of Example 5 comes apart by the grammar the document gives for it."""
    grammar = SCHEMAS["DestinationText"]["x-basix-inline"]
    text = REQUEST_EXAMPLES["example-5"]["destination"]
    identity, _, number = text.removeprefix(grammar["prefix"]).partition(grammar["suffix"])
    pairs = dict(pair.split(grammar["key_separator"]) for pair in identity.split(grammar["pair_separator"]))

    assert pairs == {"name": "Charles Xavier", "organization": "X-Men"}
    assert number == "0312341234"
    assert list(pairs) == grammar["keys"]["documented"]


def test_the_inline_keys_are_those_of_the_object_form() -> None:
    """The grammar knows the keys of an end user, and calling_number; each of them once."""
    grammar = SCHEMAS["DestinationText"]["x-basix-inline"]
    keys = [key for group in grammar["keys"].values() for key in group]

    assert sorted(keys) == sorted([*SCHEMAS["EndUser"]["properties"], "calling_number"])
    assert grammar["followed_by"] in SCHEMAS["DestinationObject"]["required"]
