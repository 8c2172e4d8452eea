"""A small set of bodies in which any two things that can stand together do so at least once.

Worked out without chance, in the order of the document, by adding the body that shows the most new pairs until none
is left.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from basix_contract.strategies._people import people_of
from basix_contract.strategies._scope import fresh, scope_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from basix_contract.contract import Document
    from basix_contract.profile import Profile
    from basix_contract.strategies._people import Person

Trait: TypeAlias = tuple[str, str]
Pair: TypeAlias = frozenset[Trait]

_ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Way:
    """How one person's body gets one trait: the members it may be written as, one after the other."""

    members: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Space:
    """Factors with their labels, and what each person has for them."""

    labels: Mapping[str, tuple[str, ...]]
    ways: Sequence[Mapping[Trait, Way]]
    able: Mapping[Trait, frozenset[int]]


def covering(
    profile: Profile | None = None,
    *,
    document: Document | None = None,
    callback_url: str = "",
    allows_invention: bool = False,
) -> tuple[dict[str, Any], ...]:
    """Return bodies."""
    scope = scope_of(profile, document=document, callback_url=callback_url, allows_invention=allows_invention)
    space = _space([_ways(person) for person in people_of(scope)])
    turns: Counter[tuple[int, Trait]] = Counter()
    return tuple(_body(space, row, turns) for row in _rows(space))


def _ways(person: Person) -> dict[Trait, Way]:
    """Return every trait this person's bodies can have; each factor has one at least."""
    ways = {("user", ", ".join(names)): _selected(person, names) for names in person.kinds}
    ways[("group", _ABSENT)] = Way(({},))
    ways |= {("group", field.label): _way(field.member, field.values) for field in person.groups}
    ways |= {("destination", field.label): _way(field.member, field.values) for field in person.forms}
    for field in person.options:
        ways[(field.member, _ABSENT)] = Way(({},))
        ways |= {(field.member, level.label): _way(field.member, level.values) for level in field.levels}
    return ways


def _selected(person: Person, names: tuple[str, ...]) -> Way:
    fields = [person.selectors[name] for name in names]
    rounds = max(len(field.values) for field in fields)
    return Way(
        tuple({field.member: field.values[turn % len(field.values)] for field in fields} for turn in range(rounds))
    )


def _way(member: str, values: tuple[Any, ...]) -> Way:
    return Way(tuple({member: value} for value in values))


def _space(ways: Sequence[Mapping[Trait, Way]]) -> Space:
    labels: dict[str, dict[str, None]] = {}
    able: dict[Trait, set[int]] = {}
    for number, own in enumerate(ways):
        for factor, label in own:
            labels.setdefault(factor, {})[label] = None
            able.setdefault((factor, label), set()).add(number)
    _fill(labels, able, range(len(ways)))
    return Space(
        labels={factor: tuple(own) for factor, own in labels.items()},
        ways=ways,
        able={trait: frozenset(numbers) for trait, numbers in able.items()},
    )
