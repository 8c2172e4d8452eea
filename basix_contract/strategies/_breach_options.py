"""Breaches in the groups and options of a body: who is not there, numbers out of bounds, no URL, wrong JSON types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from basix_contract.strategies._schemas import Schema, is_allowed, types_of
from basix_contract.strategies._strangers import absent_values, made_up
from basix_contract.strategies._twists import Twist, every, may_be_on
from basix_contract.strategies._values import is_void
from basix_contract.strategies._words import check_of, is_known

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from basix_contract.strategies._scope import Scope
    from basix_contract.strategies._twists import Variants

_TYPE = "parameters/wrong-type"
_PLACE = "receiver.example/result"  # stands for a receiver where none is given
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


def option_breaches(scope: Scope) -> Iterator[Twist]:
    """Yield the breaches of groups and options."""
    schemas = scope.words.schemas
    for name in scope.words.groups:
        yield from _group(scope, name, schemas[name])
    for name in scope.words.options:
        if name == scope.words.callback:
            yield from _callback(scope, name)
        elif "integer" in types_of(schemas[name]):
            yield from _seconds(name, schemas[name])
        elif "boolean" in types_of(schemas[name]):
            yield from _wrong(name, {kind: _switched(scope, name, values) for kind, values in _SWITCHES.items()})
        else:
            yield from _wrong(name, {kind: _each(name, values) for kind, values in _CONTAINERS.items()})


def _group(scope: Scope, name: str, schema: Schema) -> Iterator[Twist]:
    """Replace whatever group a body has: by one of a wrong type, by one that is not there, by no known rule."""
    groups, pointer = scope.words.groups, f"/{name}"
    harmless = {kind: _each(name, _harmless(scope, values)) for kind, values in _CONTAINERS.items()}
    yield from (replace(twist, drops=groups) for twist in _wrong(name, harmless))
    if "enum" in schema:
        label, check, values = "is no known rule", "groups/resolver-other", _other_rules(schema["enum"])
    else:
        label, check, values = "names no group", "groups/unknown", [*absent_values(scope, name), *made_up(scope, name)]
    yield Twist(
        label=f"{name} {label}",
        pointer=pointer,
        check=check,
        drops=groups,
        variants=_each(name, values),
        is_beyond_schema="enum" not in schema,
    )


def _other_rules(known: Sequence[str]) -> list[str]:
    """Break the known rules: one of a single word is doubled, of another one half is taken."""
    halves = [half for rule in known if ":" in rule for half in (rule.partition(":")[0], rule.partition(":")[2])]
    opened = [rule.partition(":")[0] + ":" for rule in known if ":" in rule]
    doubled = [rule * 2 for rule in known if ":" not in rule]
    return [rule for rule in (*halves, *opened, *doubled) if rule and rule not in known]


def _callback(scope: Scope, name: str) -> Iterator[Twist]:
    """Replace the URL by one that is none; where it names a host, the host is our own receiver."""
    place = scope.callback_place or (_PLACE if scope.is_free else "")
    schema, check = scope.words.schemas[name], _check_of(name, "invalid")
    kinds: dict[str, Sequence[Any]] = {
        kind: [text.format(place) for text in texts if place or "{" not in text] for kind, texts in _ADDRESSES.items()
    }
    for kind, values in {**kinds, "a number": [7, 80]}.items():
        wrong = _each(name, (value for value in values if not is_allowed(schema, value)))
        yield Twist(label=f"{name} is {kind}", pointer=f"/{name}", check=check, variants=wrong)
    containers = {kind: _each(name, _harmless(scope, values)) for kind, values in _CONTAINERS.items()}
    yield from _wrong(name, containers)


def _seconds(name: str, schema: Schema) -> Iterator[Twist]:
    lowest = schema.get("minimum")
    below = {} if lowest is None else {"below its minimum": (lowest - 1, -1, -180, -(2**31))}
    for kind, values in {**below, **_SECONDS}.items():
        wrong = _each(name, (value for value in values if not is_allowed(schema, value)))
        yield Twist(label=f"{name} is {kind}", pointer=f"/{name}", check=_check_of(name, "invalid"), variants=wrong)


def _wrong(name: str, kinds: Mapping[str, Variants]) -> Iterator[Twist]:
    for kind, variants in kinds.items():
        yield Twist(label=f"{name} is {kind}", pointer=f"/{name}", check=_TYPE, variants=variants)


def _switched(scope: Scope, name: str, values: Sequence[Any]) -> Variants:
    """Return values that a lenient server could take for on; so only for those who may have it switched on."""
    return lambda person: [{name: value} for value in values] if may_be_on(scope, person, name) else []


def _each(name: str, values: Iterable[Any]) -> Variants:
    return every(*({name: value} for value in values))


def _harmless(scope: Scope, values: Iterable[Any]) -> list[Any]:
    return [value for value in values if scope.may_invent or is_void(value)]


def _check_of(name: str, tail: str) -> str:
    """Return the id of a check about a parameter, and of the one about JSON types where the ledger has none."""
    check = f"{check_of('parameters', name)}-{tail}"
    return check if is_known(check) else _TYPE
