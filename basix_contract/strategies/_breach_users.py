"""Breaches in whom a body names: nobody, by nothing, by a value that can name nobody, or somebody who is not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from basix_contract.strategies._strangers import absent_values, look_alikes, made_up, short_of
from basix_contract.strategies._twists import Twist, every
from basix_contract.strategies._values import is_void
from basix_contract.strategies._words import attribute_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from basix_contract.strategies._people import Person
    from basix_contract.strategies._scope import Scope
    from basix_contract.strategies._twists import Members, Variants

_MISPRINT = "name_name"  # the document's prose has it for the name of a user (A03)
_NO_OBJECTS: Mapping[str, Any] = {"null": None, "a number": 42, "true": True, "text": "call_user"}
_NOBODY: Mapping[str, tuple[Any, ...]] = {
    "a boolean": (True, False),
    "a list": ([], [None], [[]], ["a"], [1]),
    "an object": ({}, {"": None}, {"a": 1}),
}


def user_breaches(scope: Scope) -> Iterator[Twist]:
    """Yield the breaches of the body as a whole, and of its user selectors."""
    yield from _nobody(scope)
    yield from _not_an_object(scope)
    for name in scope.words.users:
        yield from _wrong(scope, name)
        yield from _strangers(scope, name)


def _not_an_object(scope: Scope) -> Iterator[Twist]:
    for label, value in _NO_OBJECTS.items():
        yield _whole(label, lambda _, value=value: value)
    yield _whole("an empty list", lambda _: [])
    if scope.may_invent:
        yield _whole("a list around an object", lambda body: [body])


def _whole(label: str, wraps: Any) -> Twist:
    return Twist(label=f"the body is {label}", pointer="", check="body/not-an-object", variants=every({}), wraps=wraps)


def _nobody(scope: Scope) -> Iterator[Twist]:
    users = scope.words.users
    yield _instead(scope, "no user selector", "selectors/none", every({}))
    yield _instead(scope, "every user selector is empty", "selectors/empty", every(dict.fromkeys(users, "")))
    for name in users:
        if attribute_of(name) * 2 == _MISPRINT.replace("_", ""):
            yield _instead(scope, f"{_MISPRINT} instead of {name}", "selectors/name-name", _under(_MISPRINT, name))


def _under(member: str, name: str) -> Variants:
    """Return the values by which a person is named, under another member."""

    def variants(person: Person) -> Iterable[Members]:
        field = person.selectors.get(name)
        return [{member: value} for value in field.values] if field else []

    return variants


def _wrong(scope: Scope, name: str) -> Iterator[Twist]:
    yield _instead(scope, f"{name} is empty", "selectors/empty", every({name: ""}))
    yield _instead(scope, f"{name} is null", "selectors/empty", every({name: None}), f"/{name}")
    for kind, values in _NOBODY.items():
        allowed = [{name: value} for value in values if scope.may_invent or is_void(value)]
        yield _instead(scope, f"{name} is {kind}", "selectors/wrong-type", every(*allowed), f"/{name}")


def _strangers(scope: Scope, name: str) -> Iterator[Twist]:
    """Name somebody who is not there; without a profile nobody is known, and so nobody is a stranger."""
    families = {
        "names nobody": ("selectors/unknown", [*absent_values(scope, name), *made_up(scope, name)]),
        "resembles a user's": ("selectors/look-alike", look_alikes(scope, name)),
    }
    for label, (check, values) in families.items():
        variants = every(*({name: value} for value in values))
        yield _instead(scope, f"{name} {label}", check, variants, f"/{name}", is_beyond_schema=True)
    variants = every(*({name: value} for value in short_of(scope, name)))
    yield _instead(scope, f"{name} is no whole number from 1 up", "selectors/look-alike", variants, f"/{name}")


def _instead(
    scope: Scope, label: str, check: str, variants: Variants, pointer: str = "", *, is_beyond_schema: bool = False
) -> Twist:
    """Return a twist that replaces every user selector."""
    return Twist(
        label=label,
        pointer=pointer,
        check=check,
        drops=scope.words.users,
        variants=variants,
        is_beyond_schema=is_beyond_schema,
    )
