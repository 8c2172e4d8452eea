"""What is open about naming users and groups: several at once, other JSON types and spellings, no membership."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from basix_contract.strategies._people import groups_of, values_of
from basix_contract.strategies._twists import Twist, every

if TYPE_CHECKING:
    from basix_contract.strategies._people import Person
    from basix_contract.strategies._scope import Scope
    from basix_contract.strategies._twists import Members, Variants

Spell: TypeAlias = "Callable[[Any], Iterable[Any]]"


def user_openings(scope: Scope) -> Iterator[Twist]:
    """Yield what is open about naming a user."""
    several = "selectors/all-agree"
    yield _user(scope, "every user selector", several, lambda person: [_own(scope, person)])
    yield _user(scope, "several user selectors", several, lambda person: _several(scope, person))
    for good, empty in scope.words.excused:
        beside = _beside_nothing(scope, good, empty)
        yield _user(scope, f"{empty} is empty beside {good}", "selectors/empty-beside-good", beside, f"/{empty}")
    for name in scope.words.users:
        for label, (check, spell) in _SPELLINGS.items():
            variants = _spelt(scope, name, spell)
            if scope.allows_invention or spell is not _respelt:
                yield _user(scope, f"{name} {label}", check, variants, f"/{name}")


def group_openings(scope: Scope) -> Iterator[Twist]:
    """Yield what is open about naming a group."""
    rules = {name: schema["enum"] for name in scope.words.groups if "enum" in (schema := scope.words.schemas[name])}
    named = [name for name in scope.words.groups if name not in rules]
    several, outside = "groups/several", "groups/not-a-member"
    yield _group(scope, "several group selectors", several, lambda person: _all_of(scope, person, named))
    for name, values in rules.items():
        both = _with_rule(scope, named, name, values[0])
        yield _group(scope, f"{name} beside a group", several, both, f"/{name}")
        alone = _if_in_no_group(scope, [{name: value} for value in values])
        yield _group(scope, f"{name} for a user in no group", "groups/resolver-without-group", alone, f"/{name}")
    for name in named:
        yield _group(scope, f"{name} of a group without the user", outside, _foreign(scope, name), f"/{name}")
        yield _group(scope, f"{name} is not ASCII", "selectors/label-unicode", _foreign_script(scope, name), f"/{name}")
    for name in scope.words.groups:
        yield _group(scope, f"{name} is null or empty", "groups/empty", every({name: None}, {name: ""}), f"/{name}")


# ── users ──


def _user(scope: Scope, label: str, check: str, variants: Variants, pointer: str = "") -> Twist:
    return Twist(label=label, pointer=pointer, check=check, drops=scope.words.users, variants=variants)


def _own(scope: Scope, person: Person) -> Mapping[str, Any]:
    """Return every selector of a person, those too that a server need not take; one value each for nobody special."""
    if person.row is not None:
        return values_of(scope.words.users, person.row)
    return {name: field.values[0] for name, field in person.selectors.items()}


def _several(scope: Scope, person: Person) -> Iterator[Members]:
    """Yield each set of selectors that is no single one and no pair that must be taken."""
    own = _own(scope, person)
    for size in range(2, len(own)):
        for names in itertools.combinations(own, size):
            if names not in scope.words.pairs:
                yield {name: own[name] for name in names}


def _beside_nothing(scope: Scope, good: str, empty: str) -> Variants:
    def variants(person: Person) -> list[Members]:
        own = _own(scope, person)
        return [{good: own[good], empty: ""}] if good in own else []

    return variants


def _spelt(scope: Scope, name: str, spell: Spell) -> Variants:
    def variants(person: Person) -> list[Members]:
        own = _own(scope, person)
        return [{name: value} for value in spell(own[name])] if name in own else []

    return variants


def _foreign_text(value: Any) -> list[Any]:
    return [] if str(value).isascii() else [value]


def _retyped(value: Any) -> list[Any]:
    """Write a number as text, and text as a number where no leading zero is lost."""
    if isinstance(value, int):
        return [str(value)]
    is_number = value.isascii() and value.isdigit() and not value.startswith("0")
    return [int(value)] if is_number else []


def _respelt(value: Any) -> list[Any]:
    if isinstance(value, int):
        return []
    return [spelt for spelt in (value.swapcase(), f" {value}", f"{value} ", f"\t{value}\n") if spelt != value]


_SPELLINGS: Mapping[str, tuple[str, Spell]] = {
    "is not ASCII": ("selectors/label-unicode", _foreign_text),
    "is of another JSON type": ("selectors/other-json-type", _retyped),
    "is in another case or padded": ("selectors/case-and-blanks", _respelt),
}


# ── groups ──


def _group(scope: Scope, label: str, check: str, variants: Variants, pointer: str = "") -> Twist:
    return Twist(label=label, pointer=pointer, check=check, drops=scope.words.groups, variants=variants)


def _all_of(scope: Scope, person: Person, named: Iterable[str]) -> list[Members]:
    """Return, for each group of a person, every selector of it at once."""
    if person.row is None:
        return [{field.member: field.values[0] for field in person.groups if field.member in named}]
    found = [values_of(named, group) for group in groups_of(scope, person.row)]
    return [members for members in found if len(members) > 1]


def _with_rule(scope: Scope, named: Iterable[str], name: str, rule: str) -> Variants:
    def variants(person: Person) -> list[Members]:
        return [
            {member: value, name: rule}
            for members in _all_of(scope, person, named)
            for member, value in members.items()
        ]

    return variants


def _if_in_no_group(scope: Scope, members: list[Members]) -> Variants:
    return lambda person: members if person.row is not None and not groups_of(scope, person.row) else []


def _foreign(scope: Scope, name: str) -> Variants:
    def variants(person: Person) -> list[Members]:
        if scope.profile is None or person.row is None:
            return []
        foreign = [group for group in scope.profile.groups if group.name not in person.row.groups]
        return [members for group in foreign if (members := values_of((name,), group))]

    return variants


def _foreign_script(scope: Scope, name: str) -> Variants:
    def variants(person: Person) -> list[Members]:
        groups = groups_of(scope, person.row) if person.row is not None else ()
        own = [members for group in groups if (members := values_of((name,), group))]
        return [members for members in own if not str(members[name]).isascii()]

    return variants
