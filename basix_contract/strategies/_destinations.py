"""The forms of a destination: a text, a text with an identity in front of it, an object and what it may hold."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from basix_contract.strategies import _texts as texts
from basix_contract.strategies._fields import Field, Level, field_of
from basix_contract.strategies._wording import any_text, identity_fields, inline_texts

if TYPE_CHECKING:
    from basix_contract.profile import Destination
    from basix_contract.strategies._scope import Scope

_NUMBERS = ("0312341234", "0377778888", "2003", "05068680000", "+81312341234", "117*#")


def free_forms(scope: Scope) -> tuple[Field, ...]:
    """Return every form the schema allows, to whatever place."""
    words = scope.words
    plain = (replace(field_of(words, "text", words.text), label="text"),) if words.text else ()
    identity = words.identity
    heads: list[Field] = []
    if identity:
        called = _random_head(scope, ())
        heads.append(Field(label="object", levels=_level({identity.number: number} for number in _NUMBERS), others=called))
    for name in identity.texts if identity else ():
        values = ({identity.number: number, name: "05068680000"} for number in _NUMBERS)
        heads.append(Field(label=f"object, {name}", levels=_level(values), others=_random_head(scope, (name,))))
    return _named(scope, (*plain, *_inline(scope, _NUMBERS), *_objects(scope, heads)))


def forms_to(scope: Scope, rows: Sequence[Destination]) -> tuple[Field, ...]:
    """Return the forms that a server must take, to the destinations of a profile."""
    kinds = dict.fromkeys(row.kind for row in rows)
    plain = (
        Field(label=kind, levels=_level(row.value for row in rows if row.kind == kind), check=f"destination/{kind}")
        for kind in kinds
    )
    numbers = tuple(row for row in rows if row.kind == "pstn")
    inline = _inline(scope, tuple(row.value for row in numbers)) if numbers else ()
    forms = (*(plain if scope.words.text else ()), *inline, *_objects(scope, list(_heads(scope, numbers))))
    return _named(scope, (form for form in forms if scope.demands(form.check)))


def _heads(scope: Scope, numbers: Sequence[Destination]) -> Iterator[Field]:
    """Yield objects without an end user: the number alone, and with each further text that the profile gives for it."""
    identity = scope.words.identity
    if identity is None or not numbers:
        return
    yield Field(label="object", levels=_level({identity.number: row.value} for row in numbers), check="destination/object")
    for name in identity.texts:
        given = [(row, value) for row in numbers if (value := getattr(row, name, ""))]
        values = ({identity.number: row.value, name: value} for row, value in given)
        if given:
            yield Field(label=f"object, {name}", levels=_level(values), check=f"destination/{name.replace('_', '-')}")


def _objects(scope: Scope, heads: list[Field]) -> Iterator[Field]:
    """Yield the heads, and with an end user of one member, several, or all: each member's texts in turn."""
    yield from heads
    fields = identity_fields(scope)
    if not heads or not fields:
        return
    plain, fullest = heads[0], heads[-1]
    several = [names for size in range(2, len(fields)) for names in itertools.combinations(fields, size)]
    for name in fields:
        yield _with_person(scope, plain, f"{scope.words.identity.person} {name}", [(name,)], fields)
    yield _with_person(scope, plain, "several", several, fields)
    yield _with_person(scope, fullest, "whole", [tuple(fields)], fields)


def _with_person(scope, head, label, subsets, fields):
    ...
