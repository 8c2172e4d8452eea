"""What is open about options, and about members that the document does not know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from basix_contract.strategies import _texts as texts
from basix_contract.strategies._schemas import Schema, types_of
from basix_contract.strategies._twists import Members, Twist, Variants, every, may_be_on
from basix_contract.strategies._words import camel, check_of, is_known

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
    """Yield what is open about options; for a parameter the ledger says nothing of, nothing is."""
    for name in scope.words.options:
        schema = scope.words.schemas[name]
        if "integer" in types_of(schema):
            twists = _seconds(name, schema)
        elif "boolean" in types_of(schema):
            twists = _switch(scope, name)
        else:
            twists = _text(name)
        yield from (twist for twist in twists if is_known(twist.check))
    yield from _members(scope)


def _option(name: str, label: str, tail: str, variants: Variants) -> Twist:
    check = f"{check_of('parameters', name)}-{tail}"
    return Twist(label=f"{name} {label}", pointer=f"/{name}", check=check, variants=variants)


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


def _switch(scope: Scope, name: str) -> Iterator[Twist]:
    """Spell off in other ways, and on where it may be on."""

    def variants(person: Person) -> list[Members]:
        values = (0, "", None, *(("false", "true", 1, "on", "1") if may_be_on(scope, person, name) else ()))
        return [{name: value} for value in values]

    yield _option(name, "is text or a number", "open", variants)


def _text(name: str) -> Iterator[Twist]:
    longer = tuple(texts.stretched("Long-name.", length) for length in texts.BEYOND)
    odd = ("", *longer, "トーマス", "Zoë", "line\r\nend", "tab\there", " padded ")
    yield _option(name, "is empty, longer or not ASCII", "open", _each(name, odd))


def _members(scope: Scope) -> Iterator[Twist]:
    check, known = "parameters/unknown", tuple(scope.words.schemas)
    yield Twist(label="an unknown parameter", pointer="", check=check, variants=every(*_UNKNOWN))
    if scope.may_invent:
        others = dict.fromkeys(spelt for name in known for spelt in (camel(name), name.upper()) if spelt not in known)
        variants = every(*({name: "x"} for name in others))
        yield Twist(label="a parameter in another spelling", pointer="", check=check, variants=variants)
