"""Whole messages: method, path, credentials, status, media type and body, each judged apart."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from basix_contract.errors import HarnessError
from basix_contract.messages import Headers, Request, Violation
from basix_contract.validation import (
    validate_callback,
    validate_callback_reply,
    validate_reply,
    validate_request,
)
from basix_contract.validation._openapi import _body_violations
from tests.validation.bodies import ANSWERED, CALL, ERROR, SUCCESS
from tests.validation.wire import BASIC, JSON, basic, call, callback, encoded, reply

GOOD = encoded(CALL)


def rules(violations: tuple[Violation, ...]) -> list[tuple[str, str]]:
    """Pointer and rule of each violation."""
    return [(violation.pointer, violation.rule) for violation in violations]


@pytest.mark.parametrize(
    "target",
    [
        "/call_user",
        "/basix/api/call_user",
        "/case-7/call_user?x=1",
        "https://bcs.brastel.com/basix/api/call_user",
    ],
)
def test_the_path_may_have_any_prefix(target: str) -> None:
    """A target's base URL is its own affair: what counts is how the path ends."""
    assert validate_request(call(GOOD, target=target)) == ()


@pytest.mark.parametrize(
    "target",
    ["/call_users", "/call_user/", "call_user", "/", "", "/CALL_USER", "/?/call_user", "/xcall_user"],
)
def test_another_path_is_named(target: str) -> None:
    """A path that does not end in the operation's is one violation, and the rest is still judged."""
    (violation,) = validate_request(call(GOOD, target=target))
    assert (violation.pointer, violation.rule, violation.value) == ("path", "path", target)
    assert violation.text == f"the path must end with /call_user, not {json.dumps(target)}"


@pytest.mark.parametrize("method", ["GET", "PUT", "post", "Post", "", "PARAMETERS", "BREW"])
def test_another_method_is_named(method: str) -> None:
    """Only POST, in capitals, is the method of a call; words of OpenAPI's own are no methods."""
    (violation,) = validate_request(call(GOOD, method=method))
    assert (violation.pointer, violation.rule) == ("method", "method")
    assert violation.text == f"the method must be POST, not {method}"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "Authorization is missing: send HTTP Basic with the domain name"),
        ("", "Authorization must begin with the word Basic"),
        ("Bearer c2VjcmV0OnNlY3JldA==", "Authorization must begin with the word Basic"),
        ("c2VjcmV0OnNlY3JldA==", "Authorization must begin with the word Basic"),
        ("Basic", "Authorization must hold a colon"),
        ("Basic secret:secret", "Authorization must hold base64 of domain:token"),
        ("Basic c2VjcmV0OnNlY3JldA", "Authorization must hold base64 of domain:token"),
        ("Basic sécrét", "Authorization must hold base64 of domain:token"),
        ("Basic c2VjcmV0", "Authorization must hold a colon between domain name and token"),
        (basic(":secret")[1], "Authorization holds no domain name"),
        (basic("secret:")[1], "Authorization holds no API token"),
        (basic(":")[1], "Authorization holds no domain name and no API token"),
    ],
)
def test_bad_credentials_are_named_and_never_shown(value: str | None, said: str) -> None:
    """The shape of the credentials is judged in words that repeat none of them."""
    headers: Headers = (JSON,) if value is None else (JSON, ("authorization", value))
    (violation,) = validate_request(call(GOOD, headers))
    assert violation.text.startswith(said)
    assert (violation.pointer, violation.rule, violation.value) == (
        "headers/Authorization",
        "authorization",
        None,
    )
    assert "c2VjcmV0" not in violation.text
    assert "secret" not in violation.text


@pytest.mark.parametrize("value", [BASIC[1].replace("Basic", "bAsIc"), BASIC[1].replace(" ", "   ")])
def test_credentials_may_be_spelled_as_the_rfc_allows(value: str) -> None:
    """The scheme has no case, and more than one space may follow it (RFC 7235)."""
    assert validate_request(call(GOOD, (JSON, ("Authorization", value)))) == ()


@pytest.mark.parametrize(
    "value",
    [
        "application/json",
        "APPLICATION/JSON",
        "application/json; charset=utf-8",
        "application/json;",
        "application/json; charset",
        'application/json; a="b=c"',
    ],
)
def test_parameters_of_the_media_type_do_not_matter(value: str) -> None:
    """JSON is JSON with a charset, without, or with a stray semicolon."""
    assert validate_request(call(GOOD, (BASIC, ("content-type", value)))) == ()


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("text/plain", 'Content-Type must be application/json, not "text/plain"'),
        (
            "application/x-www-form-urlencoded; charset=UTF-8",
            'Content-Type must be application/json, not "application/x-www-form-urlencoded; charset=UTF-8"',
        ),
        ("application/*", 'Content-Type must be application/json, not "application/*"'),
        ("", "Content-Type is missing: it must be application/json"),
        (None, "Content-Type is missing: it must be application/json"),
    ],
)
def test_another_media_type_is_named(value: str | None, said: str) -> None:
    """The media type is judged apart from the body, which is judged all the same."""
    headers: Headers = (BASIC,) if value is None else (BASIC, ("Content-Type", value))
    (violation,) = validate_request(call(GOOD, headers))
    assert (violation.pointer, violation.rule, violation.text) == ("headers/Content-Type", "media-type", said)
    assert rules(validate_request(call(b"{}", headers)))[1:] == [
        ("", "user-selector"),
        ("/destination", "required"),
    ]


def test_a_missing_body_is_said_to_be_missing() -> None:
    """No bytes at all is another fault than bytes that are no JSON."""
    (violation,) = validate_request(call(b""))
    assert (violation.rule, violation.text) == (
        "missing-body",
        "the request body is missing: send a JSON object",
    )
    (violation,) = validate_reply(reply(b""))
    assert (violation.rule, violation.text) == (
        "missing-body",
        "the reply body is missing: send a JSON object",
    )


def test_malformed_json_is_located() -> None:
    """Example 2 as printed lacks a quotation mark, and the sentence says where."""
    printed = b'{"user_name": "jessica", "calling_name": "Thomas Jenkins", destination": "thomas"}'
    (violation,) = validate_request(call(printed))
    assert (violation.pointer, violation.rule) == ("", "malformed-json")
    assert violation.text.startswith("the request body is not JSON: ")
    assert "line 1, column 60" in violation.text


def test_open_points_of_json_are_no_violations() -> None:
    """Repeated keys and a byte order mark pass; the last of two values counts."""
    assert validate_request(call(b"\xef\xbb\xbf" + GOOD)) == ()
    assert validate_request(call(b'{"user_name": "", "user_name": "bob", "destination": "x"}')) == ()


def test_one_pass_names_everything() -> None:
    """Whatever is wrong at once is named at once, from the outside in."""
    broken = Request("GET", "/call", (("Content-Type", "text/html"),), b'{"destination": ""}')
    assert rules(validate_request(broken)) == [
        ("path", "path"),
        ("method", "method"),
        ("headers/Authorization", "authorization"),
        ("headers/Content-Type", "media-type"),
        ("", "user-selector"),
        ("/destination", "minLength"),
    ]


@pytest.mark.parametrize("status", [200, 400, 404, 422, 500, 503])
@pytest.mark.parametrize("body", [SUCCESS, ERROR])
def test_the_body_decides_under_any_documented_status(status: int, body: object) -> None:
    """An envelope that conforms, conforms under 200 as under an error status (A19)."""
    assert validate_reply(reply(encoded(body), status)) == ()
    assert rules(validate_reply(reply(b'{"result_code": 0}', status))) == [("/uuids", "required")]


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("body", [b"", b"<html>", b"{", encoded({"result_code": 0.0}), encoded(ERROR)])
def test_a_refusal_of_credentials_may_look_like_anything(status: int, body: bytes) -> None:
    """Under 401 and 403 the document says nothing of a body (A18)."""
    assert validate_reply(reply(body, status, (("Content-Type", "text/html"),))) == ()


@pytest.mark.parametrize("status", [100, 201, 204, 302, 600])
def test_another_status_is_named_beside_the_body(status: int) -> None:
    """A status the document does not have is one violation; the body is judged as under 200."""
    (violation,) = validate_reply(reply(encoded(SUCCESS), status))
    assert (violation.pointer, violation.rule, violation.value) == ("status", "status", status)
    assert violation.text == f"the HTTP status must be one of 200, 401, 403, 4XX, 5XX, not {status}"
    assert rules(validate_reply(reply(b"{}", status)))[1:] == [("/result_code", "required")]


def test_a_reply_of_another_media_type_is_judged_all_the_same() -> None:
    """A good envelope under text/html breaks one rule, not two."""
    html = (("Content-Type", "text/html"),)
    assert rules(validate_reply(reply(encoded(SUCCESS), headers=html))) == [("headers/Content-Type", "media-type")]
    assert rules(validate_reply(reply(b"<html>", headers=html)))[1:] == [("", "malformed-json")]


def test_a_zero_of_the_wrong_type_is_noticed_here_too() -> None:
    """0.0 is no violation to openapi-core, and one to the contract."""
    (violation,) = validate_reply(reply(b'{"result_code": 0.0, "uuids": ["ede7b23e-c172-445e-832e-963b11ba2b96"]}'))
    assert violation.text == "result_code must be the integer 0, not 0.0"


def test_a_callback_may_go_anywhere_and_needs_no_credentials() -> None:
    """A callback is judged by method, media type and body alone."""
    assert validate_callback(callback(encoded(ANSWERED))) == ()
    assert validate_callback(callback(encoded(ERROR), (BASIC, JSON))) == ()


def test_what_is_wrong_with_a_callback_is_named() -> None:
    """Method, media type and body of a callback are judged apart."""
    assert rules(validate_callback(callback(b'{"result_code": 0}', (), method="GET"))) == [
        ("method", "method"),
        ("headers/Content-Type", "media-type"),
        ("/uuid", "required"),
    ]
    assert rules(validate_callback(callback(b""))) == [("", "missing-body")]
    assert rules(validate_callback(callback(b"result_code=0"))) == [("", "malformed-json")]


def test_a_body_is_never_taken_for_the_other_kind() -> None:
    """A reply's body is no callback, and a callback's is no reply."""
    assert rules(validate_callback(callback(encoded(SUCCESS)))) == [("/uuid", "required")]
    assert rules(validate_reply(reply(encoded(ANSWERED)))) == [("/uuids", "required")]


@pytest.mark.parametrize("status", [200, 202, 204, 299, 404])
@pytest.mark.parametrize("body", [b"", b"OK", b"{"])
def test_a_receiver_may_answer_anything_documented(status: int, body: bytes) -> None:
    """A receiver takes note with any 2xx, and any body or none."""
    assert validate_callback_reply(reply(body, status, ())) == ()


@pytest.mark.parametrize("status", [302, 500])
def test_a_receiver_must_not_answer_otherwise(status: int) -> None:
    """A redirect or a server error is no documented answer to a callback."""
    (violation,) = validate_callback_reply(reply(b"", status, ()))
    assert violation.text == f"the HTTP status must be one of 2XX, 4XX, not {status}"


def test_what_openapi_core_alone_knows_is_our_fault() -> None:
    """An error of a kind we have no sentence for is a HarnessError, never the target's violation."""
    with pytest.raises(HarnessError, match="openapi-core stopped at a reply with KeyError"):
        _body_violations("reply", b"{}", KeyError("x"))


def test_openapi_core_is_loaded_by_the_first_message_only() -> None:
    """The room and its hot path do without openapi-core; a whole message loads it."""
    code = (
        "import sys\n"
        "from basix_contract.messages import Request\n"
        "from basix_contract.validation import validate_reply_body, validate_request, validate_request_body\n"
        "validate_request_body({}); validate_reply_body({'result_code': 0})\n"
        "print('openapi_core' in sys.modules, 'jsonschema' in sys.modules)\n"
        "validate_request(Request('GET', '/', ()))\n"
        "print('openapi_core' in sys.modules)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "False", "True"]
