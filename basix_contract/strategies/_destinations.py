"""The forms of a destination: a text, a text with an identity in front of it, an object and what it may hold."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

from hypothesis import strategies as st

from basix_contract.strategies._fields import Field, Level, field_of
from basix_contract.strategies._letters import text_of
from basix_contract.strategies._schemas import Schema, is_allowed
from basix_contract.strategies._wording import identity_fields, inline_field
from basix_contract.strategies._words import check_of

if TYPE_CHECKING:
    from basix_contract.profile import Destination
    from basix_contract.strategies._scope import Scope
    from basix_contract.strategies._words import Words

Names: TypeAlias = tuple[str, ...]

_OBJECT = "destination/object"

# Numbers for nobody in particular: national, an extension, with and without a leading zero, international, keys.
_NUMBERS = ("0312341234", "0377778888", "2003", "05068680000", "007", "+81312341234", "*67#0312341234")


def free_forms(scope: Scope) -> tuple[Field, ...]:
    """Return every form the schema allows, to whatever place."""
    words = scope.words
    plain = (_texts(words, words.text),) if words.text else ()
    numbers = st.sampled_from(_NUMBERS) | text_of("0123456789+*#", longest=30)
    inline = _inline(scope, _NUMBERS, numbers)
    return _of(scope, (*plain, *inline, *_objects(scope, tuple(_free_heads(scope, numbers)))))


def forms_to(scope: Scope, rows: Sequence[Destination]) -> tuple[Field, ...]:
    """Return the forms that a server must take, to the destinations of a profile."""
    plain = tuple(
        _form(kind, (row.value for row in rows if row.kind == kind), f"destination/{kind}")
        for kind in dict.fromkeys(row.kind for row in rows)
    )
    numbers = tuple(row for row in rows if row.kind == "pstn")
    values = tuple(row.value for row in numbers)
    inline = _inline(scope, values, st.sampled_from(values)) if values else ()
    objects = _objects(scope, tuple(_heads(scope, numbers)))
    forms = (*(plain if scope.words.text else ()), *inline, *objects)
    return _of(scope, (form for form in forms if scope.demands(form.check)))


def _texts(words: Words, schema: Schema) -> Field:
    """Return any text at all, beginning with numbers."""
    field = field_of(words, "", schema)
    numbers = Level("number", tuple(number for number in _NUMBERS if is_allowed(schema, number)))
    return replace(field, label="text", levels=tuple(level for level in (numbers, *field.levels) if level.values))


def _of(scope: Scope, forms: Iterable[Field]) -> tuple[Field, ...]:
    return tuple(replace(form, member=scope.words.destination) for form in forms if form.values)


def _form(label: str, values: Iterable[Any], check: str, others: st.SearchStrategy[Any] | None = None) -> Field:
    return Field(label=label, levels=(Level(label, tuple(values)),), others=others, check=check)


# ── objects ──


def _free_heads(scope: Scope, numbers: st.SearchStrategy[str]) -> Iterator[Field]:
    identity = scope.words.identity
    if identity is None:
        return
    yield _form(
        "object",
        ({identity.number: number} for number in _NUMBERS),
        "",
        st.fixed_dictionaries({identity.number: numbers}),
    )
    for name, schema in identity.texts.items():
        field = field_of(scope.words, name, schema)
        values = (
            {identity.number: number, name: text}
            for number, text in zip(itertools.cycle(_NUMBERS), field.values, strict=False)
        )
        others = st.fixed_dictionaries({identity.number: numbers, name: field.random})
        yield _form(f"object, {name}", values, "", others)


def _heads(scope: Scope, numbers: Sequence[Destination]) -> Iterator[Field]:
    """Yield objects without an end user: the number alone, and with each further text the profile gives for it."""
    identity = scope.words.identity
    if identity is None or not scope.demands(_OBJECT):
        return
    yield _form("object", ({identity.number: row.value} for row in numbers), _OBJECT)
    for name in identity.texts:
        check = check_of("destination", name)
        values = [{identity.number: row.value, name: text} for row in numbers if (text := getattr(row, name, ""))]
        if scope.demands(check):
            yield _form(f"object, {name}", values, check)


def _objects(scope: Scope, heads: Sequence[Field]) -> tuple[Field, ...]:
    """Return the heads that have values, and with an end user of one member, of several, and of all."""
    given = [head for head in heads if head.values]
    identity, fields = scope.words.identity, identity_fields(scope)
    if identity is None or not given or not fields:
        return tuple(given)
    several = [names for size in range(2, len(fields)) for names in itertools.combinations(fields, size)]
    shapes: dict[str, tuple[Field, list[Names]]] = {name: (given[0], [(name,)]) for name in fields}
    shapes |= {"several": (given[0], several)} if several else {}
    shapes |= {"whole": (given[-1], [tuple(fields)])}
    people = (
        _form(
            f"{identity.person}: {label}",
            _beside(head.values, identity.person, _in_turn(subsets, fields)),
            check_of("destination", identity.person),
            _random_person(head.random, identity.person, st.sampled_from(subsets), fields),
        )
        for label, (head, subsets) in shapes.items()
    )
    return (*given, *people)


def _in_turn(subsets: Sequence[Names], fields: Mapping[str, Field]) -> Iterator[dict[str, Any]]:
    """Yield end users until every text of every member has been in one."""
    used = {name for names in subsets for name in names}
    turns = {name: _from(fields[name].values, number) for number, name in enumerate(fields)}
    rounds = max(len(subsets), *(len(fields[name].values) for name in used))
    for names in itertools.islice(itertools.cycle(subsets), rounds):
        yield {name: next(turns[name]) for name in names}


def _from(values: Sequence[Any], number: int) -> Iterator[Any]:
    """Go round the values from another place for each member, so that no two are always alike."""
    start = number * len(values) // 5
    return itertools.cycle((*values[start:], *values[:start]))


def _beside(heads: Sequence[Any], person: str, people: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    return ({**head, person: one} for head, one in zip(itertools.cycle(heads), people, strict=False))


@st.composite
def _random_person(
    draw: st.DrawFn,
    heads: st.SearchStrategy[Any],
    person: str,
    subsets: st.SearchStrategy[Names],
    fields: Mapping[str, Field],
) -> dict[str, Any]:
    return {**draw(heads), person: {name: draw(fields[name].random) for name in draw(subsets)}}


# ── the inline form ──


def _inline(scope: Scope, numbers: Sequence[str], drawn: st.SearchStrategy[str]) -> tuple[Field, ...]:
    """Return one form for each set of keys: those the document shows and, where anything goes, the others too."""
    inline, field = scope.words.inline, inline_field(scope)
    if inline is None:
        return ()
    keys = inline.documented
    shapes = [names for size in range(1, len(keys) + 1) for names in itertools.combinations(keys, size)]
    if scope.is_free and inline.expected:
        shapes.append((*keys, *inline.expected))
    return tuple(
        _form(
            f"inline: {', '.join(names)}",
            (
                inline.write(pairs, number)
                for number, pairs in zip(itertools.cycle(numbers), _pairs(names, field), strict=False)
            ),
            "destination/inline",
            st.builds(inline.write, st.fixed_dictionaries(dict.fromkeys(names, field.random)), drawn),
        )
        for names in shapes
    )


def _pairs(names: Names, field: Field) -> Iterator[dict[str, str]]:
    turns = {name: _from(field.values, number) for number, name in enumerate(names)}
    return ({name: next(turns[name]) for name in names} for _ in field.values)
