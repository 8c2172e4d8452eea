"""The values of one place of a body, class by class, read from its schema."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from basix_contract.strategies import _texts as texts
from basix_contract.strategies._addresses import URLS, UUIDS, urls, uuids
from basix_contract.strategies._letters import all_letters, text_of
from basix_contract.strategies._sample import sample
from basix_contract.strategies._schemas import Schema, is_allowed, types_of

if TYPE_CHECKING:
    from basix_contract.strategies._words import Words

_LONGEST_OTHER = 120  # of a random text; longer ones stand in the tables
_LARGE = (2**31 - 1, 2**31, 2**32 + 1, 2**53 - 1, 2**53 + 1, 2**63 - 1, 2**63, 10**20)
_SAMPLED = 5
_USUAL = (1234, 10001001, 999, 100, 1, 0)
_DIGITS = "0123456789"


@dataclass(frozen=True, slots=True)
class Level:
    """One class of values: code that treats one of them right most likely treats all of them right."""

    label: str
    values: tuple[Any, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class Field:
    """The values of one place: classes, simplest first, and a strategy for any others there may be.

    `member` is the parameter they are for, `check` the check that judges whether a server takes them.
    """

    label: str
    levels: tuple[Level, ...]
    others: st.SearchStrategy[Any] | None = None
    member: str = ""
    check: str = ""

    def __repr__(self) -> str:
        return f"Field({self.label!r})"

    @property
    def values(self) -> tuple[Any, ...]:
        """The values of all classes."""
        return tuple(value for level in self.levels for value in level.values)

    @cached_property
    def listed(self) -> st.SearchStrategy[Any]:
        """Draws one of the values of the classes."""
        return st.sampled_from(self.values)

    @cached_property
    def random(self) -> st.SearchStrategy[Any]:
        """Draws from the other strategy; one of the values where there is none."""
        return self.listed if self.others is None else self.others


def field_of(words: Words, name: str, schema: Schema) -> Field:
    """Return every plain value that a resolved schema allows."""
    if "const" in schema or "enum" in schema:
        only = (schema["const"],) if "const" in schema else tuple(schema["enum"])
        return Field(label=name, member=name, levels=tuple(Level(str(value), (value,)) for value in only))
    fields = [_BY_TYPE[kind](words, schema) for kind in types_of(schema) if kind in _BY_TYPE]
    levels = tuple(level for field in fields for level in field.levels if level.values)
    drawn = [field.others for field in fields if field.others is not None]
    others = st.one_of(drawn) if drawn else None
    if others is not None and not levels:  # no table holds what this pattern asks for
        levels = (Level("other", tuple(sample(others, _SAMPLED, 0))),)
    return Field(label=name, member=name, levels=levels, others=others)


def integer_levels(schema: Schema) -> Iterator[Level]:
    """Yield the integers on which code turns: the bound and the default of a schema, and their neighbours."""
    lowest, usual = schema.get("minimum"), schema.get("default")
    if lowest is not None:
        yield Level("minimum", (lowest, lowest + 1))
    if usual is None:
        yield Level("usual", tuple(value for value in _USUAL if is_allowed(schema, value)))
        return
    between = (3, 10, 5, 30, 59, 60, 61, 100)
    yield Level("between", tuple(value for value in between if (lowest or 0) + 1 < value < usual - 1))
    yield Level("default", (usual, usual - 1))


def text_levels(words: Words, schema: Schema) -> Iterator[Level]:
    """Yield the classes of telling texts, as far as the schema allows them."""
    if "integer" in types_of(schema):
        yield _allowed("numeric", texts.NUMERIC, schema)
    yield _allowed("plain", texts.PLAIN, schema)
    yield _allowed("foreign", texts.FOREIGN, schema)
    if "integer" not in types_of(schema):
        yield _allowed("numeric", texts.NUMERIC, schema)
    names = texts.look_alikes(words.schemas)
    unsafe = words.inline.unsafe if words.inline else ()
    separated = tuple(f"{mark}a{mark}{mark}b{mark}" for mark in unsafe)
    yield _allowed("hostile", (*texts.HOSTILE, *separated, *names), schema)
    yield _allowed("unprintable", texts.UNPRINTABLE, schema)
    longest = next((text for text in ("Long ", "0123456789") if is_allowed(schema, text)), "")
    lengths = (*texts.LENGTHS, *texts.BEYOND) if longest else ()
    yield _allowed("long", tuple(texts.stretched(longest, length) for length in lengths), schema)


def _text(words: Words, schema: Schema) -> Field:
    levels = [level for level in text_levels(words, schema) if level.values]
    letters = "".join(letter for letter in texts.alphabet(is_free=True) if is_allowed(_unmeasured(schema), letter))
    is_plain = bool(letters) and is_allowed(_unmeasured(schema), letters)
    if not is_plain:
        levels += [
            level for level in (_allowed("url", URLS, schema), _allowed("channel", UUIDS, schema)) if level.values
        ]
    others = _any_text(schema, letters) if is_plain else _special(schema, {level.label for level in levels})
    return Field(label="", levels=tuple(levels), others=others)


def _any_text(schema: Schema, letters: str) -> st.SearchStrategy[str]:
    shortest, longest = schema.get("minLength", 0), schema.get("maxLength", _LONGEST_OTHER)
    if "pattern" in schema:
        return text_of(letters, shortest=max(shortest, 1), longest=longest)
    if "integer" in types_of(schema):
        return text_of(_DIGITS + "*#+", shortest=max(shortest, 1), longest=min(longest, 30))
    return text_of(all_letters(), shortest=max(shortest, 1), longest=longest)


def _special(schema: Schema, labels: set[str]) -> st.SearchStrategy[str]:
    """Make what no alphabet can: URLs, uuids, and whatever else a pattern asks for."""
    makers = [make for label, make in (("url", urls), ("channel", uuids)) if label in labels]
    drawn = makers[0]() if makers else st.from_regex(str(schema["pattern"]))
    return drawn.filter(lambda text: is_allowed(schema, text))


def _integers(_words: Words, schema: Schema) -> Field:
    usual, lowest = schema.get("default"), schema.get("minimum")
    above = (Level("above", (usual + 1, usual * 20)),) if usual is not None else ()
    listed = (*integer_levels(schema), *above, Level("large", _LARGE))
    levels = tuple(_allowed(level.label, level.values, schema) for level in listed)
    others = st.integers(lowest, schema.get("maximum"))
    is_bounded = "not" not in schema
    return Field(
        label="",
        levels=levels,
        others=others if is_bounded else others.filter(lambda value: is_allowed(schema, value)),
    )


def _booleans(_words: Words, schema: Schema) -> Field:
    usual = bool(schema.get("default", False))
    return Field(label="", levels=tuple(Level(str(value).lower(), (value,)) for value in (usual, not usual)))


def _allowed(label: str, values: Iterable[Any], schema: Schema) -> Level:
    return Level(label, tuple(value for value in values if is_allowed(schema, value)))


def _unmeasured(schema: Schema) -> Schema:
    return {key: value for key, value in schema.items() if key not in ("minLength", "maxLength")}


_BY_TYPE: Mapping[str, Callable[[Words, Schema], Field]] = {
    "integer": _integers,
    "string": _text,
    "boolean": _booleans,
}
