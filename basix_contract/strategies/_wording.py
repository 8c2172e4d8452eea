"""The texts that a conforming server must take: shown to people, not empty, of no surprising length."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import strategies as st

from basix_contract.strategies import _texts as texts
from basix_contract.strategies._fields import Field, Level, field_of
from basix_contract.strategies._letters import text_of
from basix_contract.strategies._schemas import Schema, is_allowed, types_of
from basix_contract.strategies._scope import Scope

_PICTURES = (
    "https://pictures.example/olive.png",
    "http://pictures.example/a/b_c-d.jpg",
    "https://img.pictures.example/",
)
_UNICODE = "destination/end-user-unicode"
_ACTED_UPON = '<>|;&[]$"'
_IDS = ("11223344", "1", "00012345", "a-b-C", "x", "00000007", "end-user")


def identity_fields(scope: Scope) -> Mapping[str, Field]:
    """Return what the members of an end user may hold: all the schema allows, or what any server must take."""
    identity = scope.words.identity
    members = identity.members if identity else {}
    if scope.is_free:
        return {name: field_of(scope.words, name, schema) for name, schema in members.items()}
    pictures = identity.pictures if identity else ()
    return {name: _member(scope, name, schema, is_picture=name in pictures) for name, schema in members.items()}


def inline_field(scope: Scope) -> Field:
    """Return the texts that may stand in an inline identity: ASCII, and nothing with a meaning of its own there."""
    inline = scope.words.inline
    unsafe = (*(inline.unsafe if inline else ()), *_ACTED_UPON)
    listed = (*texts.PLAIN, *(texts.FOREIGN if scope.is_free else ()))
    values = tuple(text for text in listed if text[0].isalpha() and not any(mark in text for mark in unsafe))
    letters = "".join(letter for letter in texts.alphabet(is_free=False, is_ascii=True) if letter not in unsafe)
    return Field(label="inline", levels=(Level("plain", values),), others=_text_of(scope, letters))


def displayed(scope: Scope, schema: Schema) -> tuple[Level, ...]:
    """Return the classes of ASCII texts that every display must be able to show."""
    marks = "".join(letter for letter in texts.PRINTABLE if not letter.isalnum() and letter != " ")
    numbers = {row.calling_number for row in scope.profile.destinations if row.calling_number} if scope.profile else ()
    classes = {
        "words": ("Thomas Jenkins", "Olive"),
        "one character": ("J", "_"),
        "longest": tuple(texts.stretched("Long-name.", length) for length in texts.LENGTHS),
        "punctuation": (marks, *(text for text in texts.PLAIN if not text.replace(" ", "").isalnum())),
        "number": tuple(sorted(numbers)),
    }
    levels = (Level(label, _fit(values, schema)) for label, values in classes.items())
    return tuple(level for level in levels if level.values)


def any_text(scope: Scope, *, is_ascii: bool = False) -> st.SearchStrategy[str]:
    """Return a strategy for texts that every server must take."""
    return _text_of(scope, texts.alphabet(is_free=scope.may_invent, is_ascii=is_ascii))


def _text_of(scope: Scope, letters: str) -> st.SearchStrategy[str]:
    drawn = text_of(letters, longest=texts.LONGEST).map(str.strip)
    names = () if scope.may_invent else tuple(scope.words.schemas)
    return drawn.filter(lambda text: texts.is_showable(text) and not texts.names_one_of(text, names))


def _member(scope: Scope, name: str, schema: Schema, *, is_picture: bool) -> Field:
    if is_picture:
        return Field(label=name, levels=(Level("url", _fit(_PICTURES, schema)),))
    if "integer" in types_of(schema):
        return Field(label=name, levels=(Level("key", _fit(_IDS, schema)),))
    levels = tuple(Level(label, _fit(values, schema)) for label, values in _classes(scope))
    others = any_text(scope, is_ascii=not scope.demands(_UNICODE))
    return Field(label=name, levels=tuple(level for level in levels if level.values), others=others)


def _classes(scope: Scope) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield classes of texts; those that could be a number, an address or a parameter only where all may be made up."""
    inline = scope.words.inline
    yield "plain", texts.PLAIN
    if scope.demands(_UNICODE):
        yield "foreign", (*texts.FOREIGN, *(texts.stretched("長いなまえ", length) for length in texts.LENGTHS))
    yield "separated", tuple(f"a{mark}b{mark}c" for mark in (inline.unsafe if inline else ()))
    yield "long", tuple(texts.stretched("Long-name.", length) for length in texts.LENGTHS)
    if scope.may_invent:
        yield "numeric", texts.NUMERIC
        yield "hostile", (*texts.HOSTILE, *texts.look_alikes(scope.words.schemas))


def _fit(values: tuple[Any, ...], schema: Schema) -> tuple[Any, ...]:
    return tuple(
        value
        for value in values
        if is_allowed(schema, value) and texts.is_showable(value) and len(value) <= texts.LONGEST
    )
