"""Whom a body may name, and what may stand beside that name: groups, destinations, options."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import floor
from typing import TYPE_CHECKING, Any, TypeAlias

from hypothesis import strategies as st

from basix_contract.errors import UsageError
from basix_contract.strategies._destinations import forms_to, free_forms
from basix_contract.strategies._fields import Field, Level, field_of, integer_levels
from basix_contract.strategies._schemas import is_allowed, types_of
from basix_contract.strategies._values import distinct
from basix_contract.strategies._wording import any_text, displayed
from basix_contract.strategies._words import attribute_of, check_of

if TYPE_CHECKING:
    from basix_contract.profile import Destination, Group, User
    from basix_contract.strategies._scope import Scope

Names: TypeAlias = tuple[str, ...]

_FAVOUR = 8  # so often a single selector is listed, that half of the random bodies have just one
_LONGEST_RANDOM_S = 30
_MOST_OBJECTS = 8
_MARGIN_S = 0.5  # between the moment a user is said to answer and the end of the hunt


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Person:
    """Somebody to ring, as the profile's row or, without a profile, as nobody in particular.

    `kinds` are the sets of selectors worth telling apart, `sets` those that random bodies choose from.
    """

    row: User | None
    kinds: tuple[Names, ...]
    sets: tuple[Names, ...]
    selectors: Mapping[str, Field]
    groups: tuple[Field, ...]
    forms: tuple[Field, ...]
    options: tuple[Field, ...]

    def __repr__(self) -> str:
        return "Person()"

    @cached_property
    def any_set(self) -> st.SearchStrategy[Names]:
        """Draws which selectors name this person."""
        return st.sampled_from(self.sets)

    @cached_property
    def any_group(self) -> st.SearchStrategy[Field | None]:
        """Draws on whose behalf, if on anybody's."""
        return st.sampled_from((None, *self.groups))

    @cached_property
    def any_form(self) -> st.SearchStrategy[Field]:
        """Draws the form of the destination."""
        return st.sampled_from(self.forms)

    @cached_property
    def objects(self) -> tuple[Mapping[str, Any], ...]:
        """Some of this person's destinations in the object form, of every kind there is."""
        found = distinct(value for form in self.forms for value in form.values if isinstance(value, Mapping))
        return tuple(found[:: len(found) // _MOST_OBJECTS + 1])

    @cached_property
    def any_options(self) -> st.SearchStrategy[tuple[Field, ...]]:
        """Draws which options are given."""
        sizes = range(len(self.options) + 1)
        return st.sampled_from([some for size in sizes for some in itertools.combinations(self.options, size)])


def people_of(scope: Scope) -> tuple[Person, ...]:
    """Return everybody a body may name.

    Raises UsageError when the profile has nobody who answers, or nowhere to connect them to.
    """
    if scope.profile is None:
        return (_anybody(scope),)
    found = tuple(_person(scope, row) for row in scope.profile.users_who("answers"))
    people = tuple(person for person in found if person.kinds and person.forms)
    if not people:
        raise UsageError(
            "the profile has nobody to ring",
            where="profile",
            fix='give a [[users]] row with outcome "answers" a name or an id, and add [[destinations]]',
        )
    return people


def silent(person: Person) -> Person:
    """Return the person with no switch that can be on."""
    options = [
        replace(field, levels=tuple(lv for lv in field.levels if True not in lv.values)) for field in person.options
    ]
    return replace(person, options=tuple(field for field in options if field.levels))


# ── without a profile ──


def _anybody(scope: Scope) -> Person:
    words = scope.words
    selectors = {name: field_of(words, name, words.schemas[name]) for name in words.users}
    sets = [names for size in range(1, len(words.users) + 1) for names in itertools.combinations(words.users, size)]
    sets = [names for names in sets if not words.alone or any(set(names) >= set(needed) for needed in words.alone)]
    singles = tuple(names for names in sets if len(names) == 1)
    groups = (field_of(words, name, words.schemas[name]) for name in words.groups)
    return Person(
        row=None,
        kinds=tuple(dict.fromkeys((*singles, *words.pairs, words.users))),
        sets=(*singles * _FAVOUR, *sets),
        selectors=selectors,
        groups=tuple(single for group in groups for single in _one_by_one(scope, group)),
        forms=free_forms(scope),
        options=tuple(
            _callback(scope)
            if name == words.callback and scope.callback_url
            else field_of(words, name, words.schemas[name])
            for name in words.options
        ),
    )


def _one_by_one(scope: Scope, group: Field) -> Iterator[Field]:
    """Tell the rules of a resolver apart; a group named otherwise is one kind of its own."""
    if "enum" not in scope.words.schemas[group.member]:
        yield group
        return
    for level in group.levels:
        yield Field(label=f"{group.member} {level.label}", member=group.member, levels=(level,))


# ── with a profile ──


def _person(scope: Scope, row: User) -> Person:
    own = {name: value for name, value in values_of(scope.words.users, row).items() if _is_sure(scope, name, value)}
    sets: tuple[Names, ...] = tuple((name,) for name in own)
    if scope.demands("selectors/vendor-pair"):
        sets += tuple(pair for pair in scope.words.pairs if all(name in own for name in pair))
    return Person(
        row=row,
        kinds=sets,
        sets=sets,
        selectors={name: _just(name, (value,)) for name, value in own.items()},
        groups=tuple(_groups(scope, row)),
        forms=forms_to(scope, destinations_for(scope, row)),
        options=tuple(option for option in _options(scope, row) if option.values and scope.demands(option.check)),
    )


def values_of(names: Iterable[str], row: User | Group) -> dict[str, Any]:
    """Return the selectors that a row of the profile gives, as members of a request."""
    values = {name: getattr(row, attribute_of(name), None) for name in names}
    return {name: value for name, value in values.items() if value not in (None, "")}


def destinations_for(scope: Scope, row: User) -> tuple[Destination, ...]:
    """Return the destinations that do not lead back to the user who is rung."""
    own = {str(value) for value in values_of(scope.words.users, row).values()}
    rows = scope.profile.destinations if scope.profile else ()
    return tuple(destination for destination in rows if destination.value not in own)


def groups_of(scope: Scope, row: User) -> tuple[Group, ...]:
    """Return the groups of the profile that a user belongs to."""
    groups = scope.profile.groups if scope.profile else ()
    return tuple(group for group in groups if group.name in row.groups)


def _is_sure(scope: Scope, name: str, value: Any) -> bool:
    """Tell whether a server must find somebody by this selector: ASCII, and nobody else's (A05)."""
    rows = scope.profile.users if scope.profile else ()
    shared = Counter(getattr(row, attribute_of(name)) for row in rows)[value] > 1
    is_taken = is_allowed(scope.words.schemas[name], value) and scope.demands(check_of("selectors", name))
    return is_taken and str(value).isascii() and not shared


def _groups(scope: Scope, row: User) -> Iterator[Field]:
    groups = groups_of(scope, row)
    for name in scope.words.groups:
        schema = scope.words.schemas[name]
        if "enum" in schema:
            yield from _resolvers(scope, name, groups)
            continue
        values = tuple(
            value for group in groups for value in values_of((name,), group).values() if str(value).isascii()
        )
        check = check_of("groups", name)
        if values and scope.demands(check):
            yield _just(name, tuple(value for value in values if is_allowed(schema, value)), check)


def _resolvers(scope: Scope, name: str, groups: Iterable[Group]) -> Iterator[Field]:
    """Yield the rules that fit a group of the user's: `*` any, `any:KIND` one of that kind."""
    kinds = {group.kind for group in groups}
    for rule in scope.words.schemas[name]["enum"]:
        kind = rule.partition(":")[2]
        check = check_of("groups", f"resolver-{kind.lower() or 'any'}")
        if scope.demands(check) and (kind in kinds or (not kind and kinds)):
            yield replace(_just(name, (rule,), check), label=f"{name} {rule}")


def _options(scope: Scope, row: User) -> Iterator[Field]:
    for name in scope.words.options:
        schema, check = scope.words.schemas[name], check_of("parameters", name)
        if name == scope.words.callback:
            yield replace(_callback(scope), check=check)
        elif "boolean" in types_of(schema):
            values = (False, True) if getattr(row, name, False) else (False,)
            yield Field(label=name, member=name, check=check, levels=tuple(Level(str(v).lower(), (v,)) for v in values))
        elif "integer" in types_of(schema):
            yield _seconds(name, schema, row)
        else:
            yield Field(
                label=name,
                member=name,
                check=check,
                levels=displayed(scope, schema),
                others=any_text(scope, is_ascii=True),
            )


def _seconds(name: str, schema: Mapping[str, Any], row: User) -> Field:
    """Take the bounds of what must be accepted, and leave the user the time they need to answer."""
    soonest = max(schema.get("minimum", 1), floor(row.outcome_after_s + _MARGIN_S) + 1)
    latest = schema.get("maximum", schema.get("default", soonest))
    levels = tuple(
        Level(level.label, tuple(value for value in level.values if soonest <= value <= latest))
        for level in integer_levels(schema)
    )
    others = st.integers(soonest, max(soonest, min(latest, _LONGEST_RANDOM_S)))
    return Field(
        label=name,
        member=name,
        check=check_of("parameters", name),
        levels=tuple(lv for lv in levels if lv.values),
        others=others,
    )


def _callback(scope: Scope) -> Field:
    levels = (Level("given", (scope.callback_url,)),) if scope.callback_url else ()
    return Field(label=scope.words.callback, member=scope.words.callback, levels=levels)


def _just(name: str, values: tuple[Any, ...], check: str = "") -> Field:
    return Field(label=name, member=name, check=check, levels=(Level(name, values),))
