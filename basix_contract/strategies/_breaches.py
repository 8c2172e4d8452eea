"""The breaches that invalid bodies have: each breaks one row of the ledger, in one place.

Values that could name somebody are the profile's own; where that is allowed, others are made up.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from basix_contract.strategies._schemas import is_allowed, types_of
from basix_contract.strategies._strangers import strange_groups, strangers
from basix_contract.strategies._twists import Members, Twist, every
from basix_contract.strategies._words import attribute_of

if TYPE_CHECKING:
    from basix_contract.strategies._people import Person
    from basix_contract.strategies._scope import Scope
    from basix_contract.strategies._twists import Variants

_MISPRINT = "name_name"  # the document's prose has it for the name of a user (A03)
_PLACE = "receiver.example/result"  # stands for our receiver where none is given
_NO_OBJECTS: Mapping[str, Any] = {"null": None, "a number": 42, "true": True, "text": "call_user", "an empty list": []}
_NOBODY: Mapping[str, tuple[Any, ...]] = {
    "a boolean": (True, False),
    "a list": ([], [None], [[]], ["a"]),
    "an object": ({}, {"": None}, {"a": 1}),
}
_CONTAINERS: Mapping[str, tuple[Any, ...]] = {"a list": ([], ["x"], [None]), "an object": ({}, {"x": "y"})}
_SWITCHES: Mapping[str, tuple[Any, ...]] = {"a list": ([], [True], [False]), "an object": ({}, {"on": True})}
_SECONDS: Mapping[str, tuple[Any, ...]] = {
    "a fraction": (1.5, 0.5, 29.9, 179.5),
    "text": ("soon", "a minute", "-", "thirty"),
    "a boolean": (True, False),
    "a list": ([30], [[]], [1, 2]),
    "an object": ({"seconds": 30}, {"x": 1}),
}
_ADDRESSES: Mapping[str, tuple[str, ...]] = {
    "of another scheme": ("ftp://{}", "mailto:{}"),
    "without a scheme": ("{}", "//{}"),
    "with one slash": ("http:/{}", "https:/{}"),
    "without a host": ("http://", "https://"),
    "a path": ("/result_receiver", "/"),
    "words": ("not a url", "callback please"),
}
_NO_DESTINATIONS: Mapping[str, tuple[Any, ...]] = {
    "empty": ("",),
    "null": (None,),
    "a boolean": (True, False),
    "a list": ([], [None], ["0"]),
    "a number": (0, -1, 1.5),
}


def breaches(scope: Scope) -> Iterator[Twist]:
    """Yield every breach there is a requirement for; labels are unique and say what is wrong."""
    for family in (_not_an_object, _nobody, strangers, _no_destination, _objects, strange_groups, _resolvers, _options):
        yield from family(scope)


# ── the body, and whom it names ──


def _not_an_object(scope: Scope) -> Iterator[Twist]:
    wraps: dict[str, Any] = {label: lambda _, value=value: value for label, value in _NO_OBJECTS.items()}
    if scope.may_invent:
        wraps["a list around an object"] = lambda body: [body]
    for label, wrap in wraps.items():
        yield Twist(
            label=f"the body is {label}", pointer="", check="body/not-an-object", variants=every({}), wraps=wrap
        )


def _nobody(scope: Scope) -> Iterator[Twist]:
    users = scope.words.users
    yield Twist(label="no user selector", pointer="", check="selectors/none", drops=users, variants=every({}))
    for label, variants in _misprints(scope).items():
        yield Twist(label=label, pointer="", check="selectors/name-name", drops=users, variants=variants)
    everything = every(dict.fromkeys(users, ""))
    yield Twist(
        label="every user selector is empty", pointer="", check="selectors/empty", drops=users, variants=everything
    )
    for name in users:
        yield _selector(scope, name, "empty", "selectors/empty", [""], pointer="")
        yield _selector(scope, name, "null", "selectors/empty", [None])
        for kind, values in _NOBODY.items():
            yield _selector(scope, name, kind, "selectors/wrong-type", values)


def _selector(
    scope: Scope, name: str, kind: str, check: str, values: Iterable[Any], pointer: str | None = None
) -> Twist:
    return Twist(
        label=f"{name} is {kind}",
        pointer=f"/{name}" if pointer is None else pointer,
        check=check,
        drops=scope.words.users,
        variants=every(*({name: value} for value in values if scope.may_invent or _is_void(value))),
    )


def _misprints(scope: Scope) -> dict[str, Variants]:
    """Put the name of a user under the member that the document misprints."""
    name = next((name for name in scope.words.users if attribute_of(name) * 2 == _MISPRINT.replace("_", "")), "")
    if not name:
        return {}
    return {
        f"{_MISPRINT} instead of {name}": lambda person: (
            {_MISPRINT: value} for value in (person.selectors[name].values if name in person.selectors else ())
        )
    }


# ── the destination ──


def _no_destination(scope: Scope) -> Iterator[Twist]:
    name = scope.words.destination
    yield Twist(label=f"no {name}", pointer=f"/{name}", check="destination/absent", drops=(name,), variants=every({}))
    for kind, values in _NO_DESTINATIONS.items():
        fitting = [value for value in values if scope.may_invent or _is_void(value)]
        variants = every(*({name: value} for value in fitting if not is_allowed(scope.words.schemas[name], value)))
        yield Twist(
            label=f"{name} is {kind}", pointer=f"/{name}", check="destination/not-a-destination", variants=variants
        )


def _objects(scope: Scope) -> Iterator[Twist]:
    identity = scope.words.identity
    if identity is None:
        return
    place = scope.words.destination
    lacking, pointer = "destination/no-called-number", f"/{place}/{identity.number}"
    for label, value in {"empty": "", "null": None}.items():
        yield Twist(
            label=f"{identity.number} is {label}",
            pointer=pointer,
            check=lacking,
            variants=_with(scope, identity.number, value),
        )
    yield Twist(label=f"no {identity.number}", pointer=pointer, check=lacking, variants=_renamed(scope, ""))
    yield Twist(
        label=f"{identity.number} is misspelt",
        pointer=pointer,
        check=lacking,
        variants=_renamed(scope, _camel(identity.number)),
    )
    for name in (*identity.texts, identity.person):
        for kind, values in _CONTAINERS.items():
            ...
