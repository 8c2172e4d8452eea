"""Breaches in where an answered call goes: nowhere, to no destination, to an object without a number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from basix_contract.strategies._twists import Twist, every
from basix_contract.strategies._values import is_void
from basix_contract.strategies._words import camel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from basix_contract.strategies._people import Person
    from basix_contract.strategies._scope import Scope
    from basix_contract.strategies._twists import Members, Variants
    from basix_contract.strategies._words import Identity

_LACKING, _NONE = "destination/no-called-number", "destination/not-a-destination"
_NO_DESTINATIONS: Mapping[str, tuple[Any, ...]] = {
    "empty": ("",),
    "null": (None,),
    "a boolean": (True, False),
    "a list": ([], [None], ["0"], [{}]),
    "a number": (0, -1, 1.5),
}


def place_breaches(scope: Scope) -> Iterator[Twist]:
    """Yield the breaches of the destination."""
    yield from _no_destination(scope)
    identity = scope.words.identity
    if identity is not None:
        yield from _no_number(scope, identity)


def _no_destination(scope: Scope) -> Iterator[Twist]:
    name = scope.words.destination
    pointer = f"/{name}"
    yield Twist(label=f"no {name}", pointer=pointer, check="destination/absent", drops=(name,), variants=every({}))
    for kind, values in _NO_DESTINATIONS.items():
        allowed = [{name: value} for value in values if scope.may_invent or is_void(value)]
        yield Twist(label=f"{name} is {kind}", pointer=pointer, check=_NONE, variants=every(*allowed))


def _no_number(scope: Scope, identity: Identity) -> Iterator[Twist]:
    number = identity.number
    families = {
        f"no {number}": _without(scope, number, ""),
        f"{number} is misspelt": _without(scope, number, camel(number)),
        f"{number} is empty": _with(scope, number, ""),
        f"{number} is null": _with(scope, number, None),
    }
    pointer = f"/{scope.words.destination}/{number}"
    for label, variants in families.items():
        yield Twist(label=label, pointer=pointer, check=_LACKING, variants=variants)


def _with(scope: Scope, number: str, value: Any) -> Variants:
    """Return a person's objects with another number to call."""
    place = scope.words.destination
    return lambda person: ({place: {**known, number: value}} for known in person.objects)


def _without(scope: Scope, number: str, other: str) -> Variants:
    """Return a person's objects without the number to call, or with it under another name."""

    def variants(person: Person) -> Iterable[Members]:
        for known in person.objects:
            rest = {name: value for name, value in known.items() if name != number}
            yield {scope.words.destination: {**rest, other: known[number]} if other else rest}

    return variants
