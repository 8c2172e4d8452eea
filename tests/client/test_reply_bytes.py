"""Whatever a server sends, reading it ends in a success or in one of the documented errors."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from basix_contract.client import (
    ApiError,
    CallOutcomeUnknown,
    ContractError,
    CredentialsRefused,
    SuccessReply,
    UnexplainedError,
    UnreadableReply,
)
from basix_contract.strategies import responses
from basix_contract.validation import parse_json, validate_reply_body
from tests.client.flavours import BOB
from tests.client.recording import Recorder

STATUSES = st.sampled_from([200, 201, 302, 400, 401, 403, 404, 429, 500, 502, 503])
CODES = st.one_of(st.integers(-2, 600), st.booleans(), st.none(), st.floats(), st.text(max_size=3), st.lists(st.none()))
ODD = st.recursive(
    st.one_of(CODES, st.text(max_size=5)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
NEAR = st.fixed_dictionaries(
    {}, optional={"result_code": CODES, "uuids": ODD, "error": st.one_of(ODD, st.fixed_dictionaries({"id": ODD}))}
)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A reply that conforms, with a few bytes cut out, repeated or replaced."""
    body = bytearray(json.dumps(draw(responses())).encode())
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(body)))
        end = draw(st.integers(start, min(len(body), start + 10)))
        body[start:end] = draw(st.sampled_from([b"", bytes(body[start:end]) * 2, draw(st.binary(max_size=4))]))
    return bytes(body)


def end_of(body: bytes, status: int = 200) -> SuccessReply | Exception:
    """What a call ends with that is answered so; whatever is not documented fails the test."""
    try:
        return Recorder(body, status).client().call_user(**BOB)
    except (ApiError, CallOutcomeUnknown) as error:
        return error


@settings(suppress_health_check=[HealthCheck.too_slow])  # the first draw waits for the contract to be loaded
@given(st.one_of(st.binary(), damaged(), NEAR.map(lambda value: json.dumps(value).encode())), STATUSES)
@example(b"[" * 100_000, 200)
@example(b'{"a":' * 100_000, 200)
@example(b'{"result_code":' + b"9" * 5_000 + b"}", 200)
@example(b'{"result_code":1e999,"uuids":[]}', 200)
@example(b'{"result_code":-0,"uuids":["a"]}', 200)
@example(b'{"result_code":NaN}', 200)
@example(b'\xef\xbb\xbf{"result_code":0,"uuids":["a"]}', 200)
@example('{"result_code":0,"uuids":["a"]}'.encode("utf-16"), 200)
@example(b'{"result_code":0,"uuids":["\\ud800"]}', 200)
@example(b'{"result_code":500,"error":{"id":"\\ud800\\u0000"}}', 500)
@example(b'"{\\"result_code\\":0}"', 200)
def test_no_bytes_end_in_anything_undocumented(body: bytes, status: int) -> None:
    """No byte string and no status ends in another exception, or in one whose text cannot be printed."""
    end = end_of(body, status)

    assert isinstance(end, SuccessReply | ApiError | CallOutcomeUnknown)
    str(end).encode()
    if isinstance(end, UnreadableReply | UnexplainedError):
        assert isinstance(end, ContractError)
        assert end.violations


@given(responses(), STATUSES)
def test_what_conforms_is_understood(body: Any, status: int) -> None:
    """Every reply that the contract allows is a success with its uuids, or an error with its code and id."""
    end = end_of(json.dumps(body).encode(), status)

    if body["result_code"] == 0:
        assert end == SuccessReply(uuids=tuple(body["uuids"]))
    else:
        assert isinstance(end, ApiError)
        assert (end.error_id, end.result_code, end.http_status) == (body["error"]["id"], body["result_code"], status)


@given(st.one_of(NEAR.map(lambda value: json.dumps(value).encode()), damaged()))
def test_success_is_never_made_up(body: bytes) -> None:
    """A success that the client reports is one by the schema too, the form of its uuids apart: they are opaque."""
    end = end_of(body)
    if not isinstance(end, SuccessReply):
        return

    parsed = parse_json(body)
    breaches = [found.pointer for found in validate_reply_body(parsed.value)]
    assert all(pointer.startswith("/uuids") for pointer in breaches)
    assert end.uuids == tuple(parsed.value["uuids"])


@pytest.mark.parametrize("status", [200, 400, 401, 403, 500])
def test_only_401_and_403_excuse_a_reply_that_is_no_envelope(status: int) -> None:
    """Bare refusals of credentials are documented; under any other status the same bytes leave the outcome unknown."""
    end = end_of(b"<html>", status)

    assert type(end) is (CredentialsRefused if status in {401, 403} else UnreadableReply)


@pytest.mark.parametrize("code", [1, -1, 500, 500.0, 10**30])
def test_any_other_whole_number_is_an_error(code: float) -> None:
    """A result_code that is not 0 is an error, however it is written and however large it is."""
    end = end_of(json.dumps({"result_code": code, "error": {"id": "x"}, "uuids": ["a"]}).encode())

    assert isinstance(end, ApiError)
    assert end.result_code == code


def test_a_long_body_is_read_in_one_pass() -> None:
    """A name that stands twice among a great many is found without looking through them once for each."""
    names = ",".join(f'"n{number}":0' for number in range(60_000))
    began_s = time.monotonic()

    end = end_of(f'{{"result_code":0,{names},"result_code":500}}'.encode())

    assert isinstance(end, UnreadableReply)
    assert "more than once" in str(end)
    assert time.monotonic() - began_s < 10
