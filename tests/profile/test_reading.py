"""Bytes to members: every reader of JSON finds the same ones, or the body is no JSON object."""

from __future__ import annotations

import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from basix_contract.profile._reading import Members, is_void, plain_name, read_members, scalars

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def _plain(value: object) -> object:
    if isinstance(value, Members):
        return {name: _plain(part) for name, part in value}
    return [_plain(part) for part in value] if isinstance(value, list) else value


@given(st.dictionaries(st.text(max_size=8), _VALUES, max_size=4), st.booleans())
def test_an_object_is_read_as_json_reads_it(body: dict[str, object], is_ascii: bool) -> None:  # noqa: FBT001 - drawn by Hypothesis
    """Whatever the spelling of its letters, an object comes back as it was."""
    members = read_members(json.dumps(body, ensure_ascii=is_ascii).encode("utf-8", "replace"))

    assert members is not None
    if is_ascii:
        assert _plain(members) == body


def test_repeated_members_stay() -> None:
    """None of two equal names is lost, at any depth."""
    members = read_members(b'{"a": 1, "a": {"b": 2, "b": 3}}')

    assert members == [("a", 1), ("a", [("b", 2), ("b", 3)])]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]
)
def test_ascii_is_read_in_every_encoding(encoding: str) -> None:
    """Of ASCII text no reading makes other letters."""
    assert read_members('{"a": "b"}'.encode(encoding)) == [("a", "b")]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b'"x"',
        b"1",
        b"null",
        b"{",
        b'{"a": 1,}',
        b'{"a": 1} x',
        b'{"a": 1}{}',
        b"{'a': 1}",
        b'{"a": "\x01"}',
        b'{"a": "\xff"}',
        b'{"a": "\xed\xa0\x80"}',
        b"\xef\xbb\xbf\xef\xbb\xbf{}",
        '{"a": "é"}'.encode("utf-16"),
        '{"a": "é"}'.encode("latin-1"),
        b'\x00{"a": 1}',
        b"\xff\xfe{",
        b'{"a": ' + b"9" * 5_000 + b"}",
        b'{"a":' * 100_000,
    ],
)
def test_what_readers_could_disagree_about_is_no_object(raw: bytes) -> None:
    """Broken, doubled, foreign or too deep: then nothing in it is read."""
    assert read_members(raw) is None


@pytest.mark.parametrize("value", [None, True, False, "", " \t\r\n", [], [[]], [None, [""]], Members()])
def test_what_names_nobody_is_void(value: object) -> None:
    """Nulls, booleans, blanks and lists of them."""
    assert is_void(value)
    assert list(scalars(value)) == []


@pytest.mark.parametrize("value", [0, 0.0, "x", "\u3000", ["", "x"], Members([("", None)]), [Members([("a", None)])]])
def test_what_could_name_somebody_is_not_void(value: object) -> None:
    """A zero is a number, and an object with members a question."""
    assert not is_void(value)


def test_every_text_and_number_in_a_value_is_found() -> None:
    """The names of members too, and a value as deep as JSON goes."""
    deep: object = "bottom"
    for _ in range(50_000):
        deep = [deep]

    assert sorted(map(str, scalars(Members([("a", [1, "b"]), ("", deep)])))) == ["1", "a", "b", "bottom"]
    assert not is_void(deep)


@given(st.text(string.ascii_letters + string.digits + "_-. []", max_size=30))
def test_a_plain_name_has_letters_and_digits_only(name: str) -> None:
    """Case and punctuation are gone, nothing else is."""
    assert plain_name(name) == "".join(letter for letter in name.lower() if letter.isalnum())


@pytest.mark.parametrize(
    "name", ["user_name", "USER-NAME", "Ｕｓｅｒ＿Ｎａｍｅ", "uſer_name", "ùser_námè", "u\u200bser_name", "usêr name"]
)
def test_a_name_is_unaccented_and_folded(name: str) -> None:
    """Compatible letters, marks and what is not seen make no other name."""
    assert plain_name(name) == "username"
