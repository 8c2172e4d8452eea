"""What is open about options, and about members that the document does not know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from basix_contract.strategies import _texts as texts
from basix_contract.strategies._schemas import Schema, types_of
from basix_contract.strategies._twists import Members, Twist, Variants, every
from basix_contract.strategies._words import check_of

if TYPE_CHECKING:
    from basix_contract.strategies._people import Person
    from basix_contract.strategies._scope import Scope

_UNKNOWN: tuple[Members, ...] = (
    {"note": "x"},
    {"priority": 1},
    {"trace": {"deep": [1, None]}},
    {"verbose": True},
    {"": None},
)


def option_openings(scope: Scope) -> Iterator[Twist]:
    """Yield what is open about options; a parameter without a row about what is open in it has none."""
    for name in scope.words.options:
        schema = scope.words.schemas[name]
        if name == scope.words.callback:
            continue
        if "integer" in types_of(schema):
            yield from _seconds(name, schema)
        elif "boolean" in types_of(schema):
            yield _option(name, "is text or a number", "open", lambda person, name=name: _switched(scope, name, person))
        else:
            yield from _text(name)
    yield from _members(scope)


def _option(name: str, label: str, tail: str, variants: Variants) -> Twist:
    return Twist(
        label=f"{name} {label}", pointer=f"/{name}", check=f"{check_of('parameters', name)}-{tail}", variants=variants
    )


def _each(name: str, values: Iterable[Any]) -> Variants:
    return every(*({name: value} for value in values))


def _seconds(name: str, schema: Schema) -> Iterator[Twist]:
    usual = schema.get("default")
    if usual is not None:
        above = _each(name, (usual + 1, usual * 2, usual * 20))
        yield _option(name, f"is above {usual}", f"above-{usual}", above)
        huge = _each(name, (2**31 - 1, 2**31, 2**63, 10**20))
        yield Twist(label=f"{name} is huge", pointer=f"/{name}", check="robustness/unusual-values", variants=huge)
    yield _option(name, "is text, or whole with a fraction", "open", _each(name, ("30", 30.0, "", None)))


def _switched(scope: Scope, name: str, person: Person) -> list[Members]:
    """Spell off in other ways, and on where it may be on."""
    may_be_on = scope.may_invent or any(True in option.values for option in person.options if option.member == name)
    values = (0, "", None, *(("false", "true", 1, "on", "1") if may_be_on else ()))
    return [{name: value} for value in values]


def _text(name: str) -> Iterator[Twist]:
    longer = tuple(texts.stretched("Long-name.", length) for length in texts.BEYOND)
    odd = ("", *longer, "トーマス", "Zoë", "line\r\nend", "tab\there", " padded ")
    yield _option(name, "is empty, longer or not ASCII", "open", _each(name, odd))


def _members(scope: Scope) -> Iterator[Twist]:
    yield Twist(label="an unknown parameter", pointer="", check="parameters/unknown", variants=every(*_UNKNOWN))
    if scope.may_invent:
        camel = (
            "".join(part.title() if at else part for at, part in enumerate(name.split("_")))
            for name in scope.words.schemas
        )
        others = every(
            *({name: "x"} for name in camel if name not in scope.words.schemas),
            *({name.upper(): "x"} for name in scope.words.schemas),
        )
        yield Twist(label="a parameter in another spelling", pointer="", check="parameters/unknown", variants=others)
