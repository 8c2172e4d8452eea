"""JSON as it comes over the wire."""

from __future__ import annotations

import pytest

from basix_contract.validation import ParsedJson, parse_json
from basix_contract.validation._json import shown, tamed

EXAMPLE_2 = b'{"user_name": "jessica", "calling_name": "Thomas Jenkins", destination": "thomas"}'


def test_a_good_body_has_a_value_and_no_problem() -> None:
    """What is JSON comes out as Python's own values."""
    assert parse_json(b'{"a": [1, 1.5, true, null, "\xe5\x96\xb6"]}') == ParsedJson(
        value={"a": [1, 1.5, True, None, "営"]}
    )


def test_zero_keeps_its_type() -> None:
    """0 and 0.0 are told apart, as the contract needs it."""
    assert [type(item) for item in parse_json(b"[0, 0.0, -0, 0e0]").value] == [int, float, int, float]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "expecting value at line 1, column 1"),
        (b"  \n", "expecting value at line 2, column 1"),
        (b'{"a": 1', "at line 1, column 8, near "),
        (EXAMPLE_2, "at line 1, column 60, near "),
        (b"{}x", "extra data at line 1, column 3"),
        (b'"\x01"', "at line 1, column 2"),
        (b"\xff{}", "it is not UTF-8: byte 0xff at offset 0"),
        ('{"a": "é"}'.encode("latin-1"), "it is not UTF-8: byte 0xe9 at offset 7"),
        ("{}".encode("utf-16"), "it is not UTF-8: byte 0xff at offset 0"),
        (b'{"a": NaN}', "NaN is not a JSON number"),
        (b"[-Infinity]", "-Infinity is not a JSON number"),
        (b"[1e400]", "the number 1e400 is too large to be read"),
        (b"1" * 5000, "the number 11111111111111111111… is too long to be read"),
        (b"[" * 150 + b"]" * 150, "it is nested more than 100 levels deep"),
        (b'{"a":' * 150 + b"1" + b"}" * 150, "it is nested more than 100 levels deep"),
        (b"[" * 200_000, "it is nested more than 100 levels deep"),
    ],
)
def test_what_is_no_json_is_said_in_one_clause(body: bytes, problem: str) -> None:
    """The problem says what is wrong and where, and there is no value."""
    parsed = parse_json(body)
    assert problem in parsed.problem
    assert parsed.value is None


def test_wide_is_not_deep() -> None:
    """A body of many brackets side by side is read."""
    assert parse_json(b"[" + b"{}," * 500 + b"{}]").value == [{}] * 501


@pytest.mark.parametrize("depth", [99, 100])
def test_a_hundred_levels_are_enough_for_anybody(depth: int) -> None:
    """Up to the limit a body is read, however deep."""
    assert parse_json(b"[" * depth + b"]" * depth).problem == ""


def test_repeated_keys_are_data() -> None:
    """Keys given twice are reported once each, wherever they stand; the last value counts (open point)."""
    parsed = parse_json(b'{"a": 1, "b": {"c": 1, "c": 2, "c": 3}, "a": 2, "d": 1}')
    assert sorted(parsed.duplicate_keys) == ["a", "c"]
    assert parsed.value == {"a": 2, "b": {"c": 3}, "d": 1}
    assert parsed.problem == ""


def test_a_byte_order_mark_is_data() -> None:
    """A mark in front is reported and passed over (open point); inside a body it is a fault."""
    parsed = parse_json(b"\xef\xbb\xbf{}")
    assert parsed == ParsedJson(value={}, has_byte_order_mark=True)
    assert parse_json(b"{\xef\xbb\xbf}").problem


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", '"0"'),
        (False, "false"),
        (None, "null"),
        (0.0, "0.0"),
        ({"a": "営"}, '{"a": "営"}'),
        ("\x00\u2028\ud800\x7f", '"\\u0000\\u2028\\ud800\\u007f"'),
        (b"x", "a value of Python type bytes"),
        pytest.param(10**5000, "a value of Python type int", id="long-integer"),
    ],
)
def test_a_value_is_shown_as_json(value: object, text: str) -> None:
    """Values are shown as JSON, control characters spelled out; what JSON cannot say is named by its type."""
    assert shown(value) == text


@pytest.mark.parametrize("value", ["x" * 500, ["y"] * 500, "\x01" * 79, "\u2028" * 79])
def test_a_long_value_is_cut(value: object) -> None:
    """At most 80 characters, the last of which says that there is more."""
    text = shown(value)
    assert len(text) == 80
    assert text.endswith("…")


def test_what_is_exactly_long_enough_is_shown_whole() -> None:
    """Eighty characters are not cut."""
    assert shown("x" * 78) == '"' + "x" * 78 + '"'


def test_taming_keeps_what_json_can_say() -> None:
    """Plain values come through as they are, tuples as lists."""
    value = {"a": [1, 1.5, True, None, "営"], "b": ("x",)}
    assert tamed(value) == {"a": [1, 1.5, True, None, "営"], "b": ["x"]}


def test_taming_replaces_what_json_cannot_say() -> None:
    """Lone surrogates, foreign types, nameless members and endless depth are replaced."""
    endless: list[object] = []
    endless.append(endless)
    assert tamed({"a": "\ud800", 5: "x", "c": {1, 2}}) == {"a": "\ufffd", "c": None}
    assert tamed("\U0001f600") == "\U0001f600"
    assert tamed(endless, depth=2) == [[None]]
