"""parse_callback: every conforming body is read, everything else is a ContractError and nothing worse."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from basix_contract.client import Answered, NotAnswered, parse_callback
from basix_contract.contract import load_document
from basix_contract.errors import ContractError
from basix_contract.messages import Violation
from basix_contract.strategies import callbacks
from basix_contract.validation import parse_json, validate_callback_body

UUID = "ede7b23e-c172-445e-832e-963b11ba2b96"

# Bytes near the contract find more than bytes of any kind: members of the right name with wrong values.
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from([0, 500, UUID, "0", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "x"]) | st.text(), inner),
    max_leaves=6,
)
members = st.dictionaries(st.sampled_from(["result_code", "uuid", "error"]) | st.text(max_size=3), values, max_size=5)
near = (members | values).map(lambda value: json.dumps(value).encode())
torn = st.builds(lambda body, at: body[:at], near, st.integers(0, 40))


def is_parsed(body: bytes) -> bool:
    """Is this a result, or else the documented error?"""
    try:
        return isinstance(parse_callback(body), Answered | NotAnswered)
    except ContractError:
        return False


@given(st.binary(max_size=300) | near | torn)
@settings(max_examples=500, deadline=None)
@example(b"")
@example(b"\xef\xbb\xbf{}")
@example(b"\xff{}")
@example(b"NaN")
@example(b"1e999")
@example(b"9" * 5000)
@example(b"[" * 60_000)
@example(b'{"a":' * 12_000)
@example(b'{"result_code":' + b"9" * 5000 + b"}")
@example(b'{"result_code":500,"error":{"id":"\\ud800"}}')
@example(b'{"result_code":500,"error":[]}')
@example(b'{"result_code":0,"uuid":{}}')
@example(b'{"result_code":0.0,"uuid":""}')
def test_no_bytes_raise_anything_but_the_documented_error(body: bytes) -> None:
    """Whatever is posted is a result, or a ContractError with a violation."""
    broken: tuple[Violation, ...] = ()
    try:
        result: Any = parse_callback(body)
    except ContractError as error:
        result, broken = None, error.violations

    assert broken or isinstance(result, Answered | NotAnswered)
    assert all(violation.text for violation in broken)


@given(callbacks())
@settings(deadline=None)
def test_every_conforming_callback_is_read(body: dict[str, Any]) -> None:
    """What the contract allows is parsed, and says what the body says."""
    result = parse_callback(json.dumps(body).encode())

    if body["result_code"] == 0:
        assert result == Answered(uuid=body["uuid"])
    else:
        assert result == NotAnswered(result_code=body["result_code"], error_id=body["error"]["id"])


@given(near | torn | st.binary(max_size=60))
@settings(max_examples=200, deadline=None)
def test_whatever_is_refused_breaks_the_contract(body: bytes) -> None:
    """The parser, which needs no library, refuses nothing that the contract's own judge lets pass.

    But for a member that stands twice, and a code of which no reader can tell what integer it was.
    """
    read = parse_json(body)
    conforms = not read.problem and not validate_callback_body(read.value)
    code = read.value.get("result_code") if isinstance(read.value, dict) else None
    is_blurred = isinstance(code, float) and abs(code) >= 2**53

    assert is_parsed(body) or not conforms or read.duplicate_keys or is_blurred


@pytest.mark.parametrize("name", load_document().callback_examples)
def test_the_examples_are_read(name: str) -> None:
    """The document's callbacks are results."""
    body = load_document().callback_examples[name].value

    assert is_parsed(json.dumps(body).encode())


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (b"", ""),
        (b"<html>", ""),
        (b"[]", ""),
        (b"{}", "/result_code"),
        (b'{"result_code":"0"}', "/result_code"),
        (b'{"result_code":false,"uuid":"x"}', "/result_code"),
        (b'{"result_code":0.0,"uuid":"x"}', "/result_code"),
        (b'{"result_code":0}', "/uuid"),
        (b'{"result_code":0,"uuid":7}', "/uuid"),
        (b'{"result_code":500}', "/error"),
        (b'{"result_code":500,"error":"busy"}', "/error"),
        (b'{"result_code":500,"error":{"id":""}}', "/error/id"),
        (b'{"result_code":500,"error":{"id":null}}', "/error/id"),
    ],
)
def test_a_violation_says_where(body: bytes, pointer: str) -> None:
    """The error names the first place that is wrong, or lies within it."""
    with pytest.raises(ContractError) as refused:
        parse_callback(body)

    assert refused.value.violations[0].pointer.startswith(pointer)


def test_nothing_of_a_body_is_repeated() -> None:
    """An error that is logged shows nobody's data."""
    for body in (b'{"result_code":"Popeye"}', b'{"result_code":500,"error":{"id":["Popeye"]}}', b"Popeye"):
        with pytest.raises(ContractError) as refused:
            parse_callback(body)
        assert "Popeye" not in f"{refused.value}{refused.value.violations}"
