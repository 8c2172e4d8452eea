"""Excerpts of what went over the wire: short, on one line, and safe to print."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from basix_contract.report._excerpts import (
    encodable,
    excerpt,
    excerpt_of_bytes,
    file_names,
    first_of,
    printable,
    shorten,
)
from basix_contract.report._journaled import sent_requests
from tests.report.runs import UUID, write_journal


@given(st.text())
def test_printable_text_is_printable(text: str) -> None:
    """Whatever a text holds, what is shown of it holds no character that steers a terminal."""
    assert printable(text).isprintable()


def test_what_is_printable_stays() -> None:
    """Letters of any script and blanks are left alone."""
    assert printable("ユーザ 1\N{SNOWMAN}") == "ユーザ 1\N{SNOWMAN}"
    assert printable("a\tb\x00c\u200bd") == "a\\tb\\x00c\\u200bd"


@given(st.text(), st.integers(min_value=1, max_value=50))
def test_a_short_text_is_short(text: str, limit: int) -> None:
    """No more characters come out than asked for, and what is cut shows as an ellipsis."""
    shown = shorten(text, limit)

    assert len(shown) <= limit
    assert shown == printable(text) or shown.endswith("…")


def test_uuids_and_urls_show_their_beginnings() -> None:
    """A uuid shows eight digits, a long URL its first part; a short URL shows whole."""
    value = {"uuids": [UUID], "callback_url": "http://127.0.0.1:39125/abcdefghijklmnopq?a=b", "at": "http://a/b"}

    assert excerpt(value, 200) == (
        '{"uuids": ["ede7b23e…"], "callback_url": "http://127.0.0.1:39125/abcdefgh…", "at": "http://a/b"}'
    )


@pytest.mark.parametrize(
    ("body", "told"),
    [(b'{"a":1}', '{"a": 1}'), (b"\xff<p>", "\\xff<p>"), (b"", "(empty)"), (b"[1,2", "[1,2"), (b"1e999", "Infinity")],
)
def test_a_body_is_told_as_what_it_is(body: bytes, told: str) -> None:
    """JSON is told as JSON, anything else as it came."""
    assert excerpt_of_bytes(body, 80) == told


def test_a_body_too_deep_to_read_is_told_as_it_came() -> None:
    """A body that no reader gets to the bottom of is told by its beginning."""
    assert excerpt_of_bytes(b"[" * 100_000, 10) == "[" * 9 + "…"


def test_a_value_too_deep_to_write_is_not_shown() -> None:
    """A value that no writer gets to the bottom of is named, not shown."""
    value: list[object] = []
    for _ in range(100_000):
        value = [value]

    assert excerpt(value, 80) == "(nested too deeply to be shown)"


def test_long_lists_show_their_beginning() -> None:
    """A list of names shows the first, and how many more there are."""
    assert first_of(("a", "b"), 2) == "a, b"
    assert first_of(("a", "b", "c", "d"), 2) == "a, b and 2 more"


def test_requests_come_from_the_journal(tmp_path: Path) -> None:
    """Each request is read as it was about to be sent, text or not; a line cut short is passed over."""
    journal = write_journal(tmp_path / "journal.ndjson", a={"text": "{}\ud800"}, b={"base64": "/w=="})
    journal.write_text(journal.read_text("utf-8") + '[1]\n{"event": "about-to', "utf-8")

    sent = sent_requests(journal)

    assert {name: request.body for name, request in sent.items()} == {"a": b"{}\xed\xa0\x80", "b": b"\xff"}
    assert sent["b"].whole_length == 1


def test_without_a_journal_there_are_no_requests(tmp_path: Path) -> None:
    """A run whose journal is gone can be told all the same."""
    assert sent_requests(tmp_path / "nothing") == {}


def test_files_are_named_by_their_folder() -> None:
    """Files of one folder are told together, and each folder once."""
    assert file_names((Path("a/x"), Path("a/y"), Path("b/z"))) == "a: x, y; b: z"


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", "→ ← ⇐ · … ユ"), ("ascii", "> < <= - ... \\u30e6"), ("latin-1", "> < <= - ... \\u30e6")],
)
def test_any_encoding_can_hold_a_text(encoding: str, told: str) -> None:
    """Where an encoding lacks a character, every arrow is a sign and every letter an escape."""
    assert encodable("→ ← ⇐ · … ユ", encoding) == told
