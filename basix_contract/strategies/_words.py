"""What the document calls things, and which of them go together; no parameter's name stands in this room's source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from basix_contract.contract import Document, load_ledger
from basix_contract.strategies._schemas import Schema, branches_of, resolved, types_of

_URL = re.compile(r"https?://", re.IGNORECASE)
_CALLBACK = re.compile(r"\{\$request\.body#/(.+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Inline:
    """The grammar of the text form that carries an identity in front of the number (`x-basix-inline`).

    `documented` keys must be taken, `expected` ones should be; `unsafe` characters have no known escape.
    """

    prefix: str
    suffix: str
    pair_separator: str
    key_separator: str
    documented: tuple[str, ...]
    expected: tuple[str, ...]
    unsafe: tuple[str, ...]

    def write(self, identity: Mapping[str, str], number: str) -> str:
        """Return the text form of a number with an identity."""
        pairs = self.pair_separator.join(key + self.key_separator + value for key, value in identity.items())
        return f"{self.prefix}{pairs}{self.suffix}{number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The object form of a destination: its number, its other texts, and who is called with the members of that.

    `person` is empty where the document has no such member; `pictures` are the members shown with a URL.
    """

    number: str
    texts: Mapping[str, Schema]
    person: str
    members: Mapping[str, Schema]
    pictures: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Words:
    """A document's request body by the roles of its parameters, every schema resolved.

    `alone` are the sets of parameters of which a body must hold one, `pairs` the user selectors that an example shows
    together, `excused` those it shows empty beside a good one.
    """

    schemas: Mapping[str, Schema]
    users: tuple[str, ...]
    groups: tuple[str, ...]
    options: tuple[str, ...]
    destination: str
    text: Schema | None
    identity: Identity | None
    inline: Inline | None
    callback: str
    alone: tuple[tuple[str, ...], ...]
    pairs: tuple[tuple[str, ...], ...]
    excused: tuple[tuple[str, str], ...]


@lru_cache(maxsize=8)
def words_of(document: Document) -> Words:
    """Read the words of a document, once for each."""
    whole = document.schema(document.request_pointer)
    definitions = whole.get("$defs", {})
    schemas = {name: resolved(schema, definitions) for name, schema in whole["properties"].items()}
    roles = {parameter.name: parameter.role for parameter in document.parameters}
    destination = next(name for name, role in roles.items() if role == "destination")
    branches = list(branches_of(schemas[destination], definitions))
    text = next((branch for branch in branches if "string" in types_of(branch)), None)
    details = next((branch for branch in branches if "object" in types_of(branch)), None)
    bodies = [example.value for example in document.request_examples.values()]
    shown = [body.get(destination) for body in bodies]
    return Words(
        schemas=schemas,
        users=document.user_selectors,
        groups=document.group_selectors,
        options=tuple(name for name, role in roles.items() if role == "option"),
        destination=destination,
        text=text,
        identity=_identity(details, definitions, shown) if details else None,
        inline=_inline(text) if text and "x-basix-inline" in text else None,
        callback=_callback(document),
        alone=tuple(tuple(branch.get("required", ())) for branch in whole.get("anyOf", ())),
        pairs=tuple(dict.fromkeys(_together(document, bodies))),
        excused=tuple(dict.fromkeys(_empty_beside(document, bodies))),
    )


def _identity(details: Schema, definitions: Schema, shown: list[Any]) -> Identity:
    members = {name: resolved(schema, definitions) for name, schema in details["properties"].items()}
    person = next((name for name, schema in members.items() if types_of(schema) == ("object",)), "")
    inside = members[person]["properties"] if person else {}
    examples = [value.get(person, {}) for value in shown if isinstance(value, Mapping)]
    number = str(details["required"][0])
    return Identity(
        number=number,
        texts={name: schema for name, schema in members.items() if name not in (number, person)},
        person=person,
        members={name: resolved(schema, definitions) for name, schema in inside.items()},
        pictures=frozenset(name for example in examples for name, value in example.items() if _URL.match(str(value))),
    )


def _inline(text: Schema) -> Inline:
    grammar = text["x-basix-inline"]
    return Inline(
        **{name: grammar[name] for name in ("prefix", "suffix", "pair_separator", "key_separator")},
        documented=tuple(grammar["keys"]["documented"]),
        expected=tuple(grammar["keys"]["expected"]),
        unsafe=tuple(grammar["unsafe_in_values"]),
    )


def _callback(document: Document) -> str:
    """Read the parameter that a callback's address is taken from out of the callback's own key."""
    item = document.raw["paths"][document.operation_path][document.operation_method.lower()]
    (expression,) = item["callbacks"][document.callback_name]
    found = _CALLBACK.fullmatch(expression)
    name = found[1].replace("~1", "/").replace("~0", "~") if found else ""
    return name if any(parameter.name == name for parameter in document.parameters) else ""


def _together(document: Document, bodies: list[Any]) -> Iterator[tuple[str, ...]]:
    for body in bodies:
        given = tuple(name for name in document.user_selectors if body.get(name) not in (None, ""))
        if len(given) > 1:
            yield given


def _empty_beside(document: Document, bodies: list[Any]) -> Iterator[tuple[str, str]]:
    for body in bodies:
        given = [name for name in document.user_selectors if body.get(name) not in (None, "")]
        yield from ((good, name) for good in given for name in document.user_selectors if body.get(name) == "")


def attribute_of(selector: str) -> str:
    """Return what a selector speaks of, which is the profile's word for it: the part behind `user_` or `group_`."""
    return selector.partition("_")[2]


def camel(name: str) -> str:
    """Return a name as other APIs would spell it."""
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)


@cache
def is_known(check: str) -> bool:
    """Tell whether a row of the ledger names this check."""
    return any(check in row.checks for row in load_ledger())


def check_of(family: str, name: str) -> str:
    """Return the id of the check that judges a parameter, as the ledger spells it."""
    return f"{family}/{name.replace('_', '-')}"
