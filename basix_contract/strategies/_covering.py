"""A small set of bodies in which any two things that can stand together do so at least once.

Worked out without chance, in the order of the document, by adding the body that shows the most new pairs until none
is left.
"""

from __future__ import annotations

import itertools
from collections import Counter
from typing import TYPE_CHECKING, Any, TypeAlias

from basix_contract.strategies._people import people_of
from basix_contract.strategies._scope import scope_of
from basix_contract.strategies._values import fresh

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from basix_contract.contract import Document
    from basix_contract.profile import Profile
    from basix_contract.strategies._fields import Field
    from basix_contract.strategies._people import Person

Trait: TypeAlias = tuple[str, str]  # a factor and one of its levels
Pair: TypeAlias = tuple[Trait, Trait]
Members: TypeAlias = "Mapping[str, Any]"
Ways: TypeAlias = "Mapping[Trait, Sequence[Members]]"  # what a body holds that has the trait, one way after the other

_ABSENT = "absent"
_NOTHING: tuple[Members, ...] = ({},)


def covering(
    profile: Profile | None = None,
    *,
    document: Document | None = None,
    callback_url: str = "",
    allows_invention: bool = False,
) -> tuple[dict[str, Any], ...]:
    """Return a small set of bodies of `requests` in which every two traits that can meet in one body do so.

    Traits are the kind of user selector (each alone, the vendor's pair and, without a profile, all together), the
    kind of group, the form of the destination, and each option's absence and classes of values, boundaries among
    them. The arguments are those of `requests`; the same arguments give the same bodies.

    >>> from basix_contract.strategies import covering
    >>> covering()[0]
    {'user_id': 1, 'destination': '0312341234'}
    """
    scope = scope_of(profile, document=document, callback_url=callback_url, allows_invention=allows_invention)
    ways = [_ways(person) for person in people_of(scope)]
    able = _able(ways)
    turns: Counter[object] = Counter()
    return tuple(_body(ways, able, row, turns) for row in _rows(able))


def _ways(person: Person) -> Ways:
    """Return every trait this person's bodies can have."""
    ways: dict[Trait, Sequence[Members]] = {}
    for names in person.kinds:
        ways[("user", ", ".join(names))] = _together([person.selectors[name] for name in names])
    ways[("group", _ABSENT)] = _NOTHING
    for field in person.groups:
        ways[("group", field.label)] = _one_by_one(field.member, field.values)
    for field in person.forms:
        ways[("destination", field.label)] = _one_by_one(field.member, field.values)
    for field in person.options:
        ways[(field.member, _ABSENT)] = _NOTHING
        for level in field.levels:
            ways[(field.member, level.label)] = _one_by_one(field.member, level.values)
    return ways


def _one_by_one(member: str, values: tuple[Any, ...]) -> tuple[Members, ...]:
    return tuple({member: value} for value in values)


def _together(fields: Sequence[Field]) -> tuple[Members, ...]:
    rounds = max(len(field.values) for field in fields)
    return tuple({field.member: field.values[turn % len(field.values)] for field in fields} for turn in range(rounds))


def _able(ways: Sequence[Ways]) -> dict[Trait, frozenset[int]]:
    """Return for each trait the people whose bodies can have it; who has no way at all goes without."""
    factors = dict.fromkeys(factor for own in ways for factor, _ in own)
    able: dict[Trait, set[int]] = {trait: set() for own in ways for trait in own}
    for number, own in enumerate(ways):
        known = {factor for factor, _ in own}
        for trait in (*own, *((factor, _ABSENT) for factor in factors if factor not in known)):
            able.setdefault(trait, set()).add(number)
    return {trait: frozenset(numbers) for trait, numbers in able.items()}


def _rows(able: Mapping[Trait, frozenset[int]]) -> Iterator[tuple[Trait, ...]]:
    """Yield rows, a trait of each factor in one order, until no pair that somebody's body can show is left."""
    factors = tuple(dict.fromkeys(factor for factor, _ in able))
    levels = {factor: [trait for trait in able if trait[0] == factor] for factor in factors}
    left = {
        pair: None
        for one, other in itertools.combinations(factors, 2)
        for pair in itertools.product(levels[one], levels[other])
        if able[pair[0]] & able[pair[1]]
    }
    while left:
        tries = (_row(able, left, levels, factors[start:] + factors[:start]) for start in range(len(factors)))
        row = max(tries, key=lambda found: _shown(found, left))
        for pair in itertools.combinations(row, 2):
            left.pop(pair, None)
        yield row


def _row(
    able: Mapping[Trait, frozenset[int]],
    left: Mapping[Pair, None],
    levels: Mapping[str, Sequence[Trait]],
    order: Sequence[str],
) -> tuple[Trait, ...]:
    """Make a row around the first pair that is left, factor by factor, always by the trait that shows the most."""
    chosen = {trait[0]: trait for trait in next(iter(left))}
    people = frozenset.intersection(*(able[trait] for trait in chosen.values()))
    for factor in order:
        if factor not in chosen:
            fitting = [trait for trait in levels[factor] if able[trait] & people]
            chosen[factor] = max(fitting, key=lambda trait: _gain(trait, chosen.values(), left))
            people &= able[chosen[factor]]
    return tuple(chosen[factor] for factor in levels)


def _gain(trait: Trait, beside: Iterable[Trait], left: Mapping[Pair, None]) -> int:
    return sum((trait, other) in left or (other, trait) in left for other in beside)


def _shown(row: Sequence[Trait], left: Mapping[Pair, None]) -> int:
    return sum(pair in left for pair in itertools.combinations(row, 2))


def _body(
    ways: Sequence[Ways], able: Mapping[Trait, frozenset[int]], row: Sequence[Trait], turns: Counter[Any]
) -> dict[str, Any]:
    """Write a row as the body of whoever has been rung least; what is written one way now is written another next."""
    people = sorted(frozenset.intersection(*(able[trait] for trait in row)))
    who = min(people, key=lambda number: turns[number])
    turns[who] += 1
    body: dict[str, Any] = {}
    for trait in row:
        values = ways[who].get(trait, _NOTHING)
        body.update(fresh(dict(values[turns[who, trait] % len(values)])))
        turns[who, trait] += 1
    return body
