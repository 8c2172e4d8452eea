"""The API page: the request, the three forms of a destination, the replies, the callback with both its bodies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from basix_contract.contract import Document, Parameter, Requirement
from basix_contract.docs._examples import Place, pretty, told_examples
from basix_contract.docs._shapes import Member, kind_of, members_of, resolved
from basix_contract.docs._sources import Sources

_ROLES = {
    "user-selector": "Who is rung",
    "destination": "Where the call leads",
    "option": "How it is placed",
    "group-selector": "On whose behalf",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One parameter, with where it is open and which requirements are about it."""

    parameter: Parameter
    kind: str
    default: str
    open_points: tuple[str, ...]
    requirements: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """One kind of body: what it means, its members, its open points, and an example of it."""

    title: str
    description: str
    members: tuple[Member, ...]
    open_points: tuple[str, ...]
    examples: tuple[tuple[str, str], ...]


def api_page(sources: Sources) -> dict[str, Any]:
    """Return what the template of the API page is given."""
    document = sources.document
    operation = document.raw["paths"][document.operation_path][document.operation_method.lower()]
    ((callback_url, callback),) = operation["callbacks"][document.callback_name].items()
    return {
        "document": document,
        "info": document.raw["info"],
        "server": document.raw["servers"][0],
        "operation": operation,
        "sign_in": [
            (name, resolved(document.raw, scheme))
            for name, scheme in document.raw["components"]["securitySchemes"].items()
        ],
        "groups": list(_groups(sources)),
        "request": resolved(document.raw, _schema(operation["requestBody"])),
        "forms": list(_forms(document)),
        "responses": list(_responses(document, operation)),
        "replies": list(_bodies(document, document.reply_pointer, document.reply_examples)),
        "callback_url": callback_url,
        "callback": next(value for key, value in callback.items() if key == "post"),
        "results": list(_bodies(document, document.callback_pointer, document.callback_examples)),
        "examples": list(told_examples(document, Place.of(document))),
        "place": Place.of(document),
    }


def _schema(carrier: Mapping[str, Any]) -> Mapping[str, Any]:
    (media_type,) = carrier["content"].values()
    schema: Mapping[str, Any] = media_type["schema"]
    return schema


def _groups(sources: Sources) -> Iterator[tuple[str, list[Row]]]:
    rows = [_row(sources, parameter) for parameter in sources.document.parameters]
    for role, title in _ROLES.items():
        yield title, [row for row in rows if row.parameter.role == role]


def _row(sources: Sources, parameter: Parameter) -> Row:
    open_points = tuple(parameter.schema.get("x-basix-open-points", ()))
    return Row(
        parameter=parameter,
        kind=kind_of(sources.document.raw, parameter.schema),
        default="" if parameter.default is None else pretty(parameter.default),
        open_points=open_points,
        requirements=tuple(row for row in sources.ledger if _is_about(row, parameter.name)),
    )


def _is_about(row: Requirement, name: str) -> bool:
    """Does the row come from the line of the table that has this parameter?"""
    wild = f"{name.partition('_')[0]}_*"
    return any(
        source.startswith("Parameters: ") and {name, wild} & set(source.replace(",", " ").split())
        for source in row.source
    )


def _forms(document: Document) -> Iterator[Body]:
    """Yield each form of a destination; text that may carry an identity in front is two of them."""
    schemas = next(parameter.schema for parameter in document.parameters if parameter.role == "destination")
    for branch in schemas["oneOf"]:
        schema = resolved(document.raw, branch)
        inline = schema.get("x-basix-inline")
        yield _form(document, schema, "text" if schema["type"] == "string" else "object", inline)
        if inline:
            yield _inline(document, schema, inline)


def _form(document: Document, schema: Mapping[str, Any], title: str, inline: Mapping[str, Any] | None) -> Body:
    kind = str if schema["type"] == "string" else dict
    return Body(
        title=f"As {'plain ' if inline else ''}{title}",
        description=str(schema["description"]),
        members=tuple(members_of(document.raw, schema)),
        open_points=tuple(schema.get("x-basix-open-points", ())),
        examples=_destinations(document, kind, inline["prefix"] if inline else "", is_inline=False),
    )


def _inline(document: Document, schema: Mapping[str, Any], inline: Mapping[str, Any]) -> Body:
    keys = inline["keys"]
    told = {"documented": "documented", "expected": "expected to work", "open": "open"}
    listed = "; ".join(f"{words}: " + ", ".join(f"`{key}`" for key in keys[name]) for name, words in told.items())
    unsafe = " ".join(f"`{mark}`" for mark in inline["unsafe_in_values"])
    return Body(
        title="As text with an identity in front",
        description=f"The keys, {listed}. Not safe in a value: {unsafe}.",
        members=(),
        open_points=tuple(schema.get("x-basix-open-points", ())),
        examples=_destinations(document, str, inline["prefix"], is_inline=True),
    )


def _destinations(document: Document, kind: type, prefix: str, *, is_inline: bool) -> tuple[tuple[str, str], ...]:
    """Return the destinations of the examples that have this form, each once."""
    name = next(parameter.name for parameter in document.parameters if parameter.role == "destination")
    found: dict[str, str] = {}
    for example in document.request_examples.values():
        value = example.value.get(name)
        starts = isinstance(value, str) and bool(prefix) and value.startswith(prefix)
        if isinstance(value, kind) and starts == is_inline:
            found.setdefault(pretty({name: value}), example.summary)
    return tuple((summary, text) for text, summary in found.items())


def _responses(document: Document, operation: Mapping[str, Any]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for status, raw in operation["responses"].items():
        response = resolved(document.raw, raw)
        yield status, str(response["description"]), tuple(response.get("x-basix-open-points", ()))


def _bodies(document: Document, pointer: str, examples: Mapping[str, Any]) -> Iterator[Body]:
    schema = resolved(document.raw, _at(document.raw, pointer))
    for branch in schema["oneOf"]:
        body = resolved(document.raw, branch)
        yield Body(
            title=str(body["title"]),
            description=str(body["description"]),
            members=tuple(members_of(document.raw, body)),
            open_points=tuple(body.get("x-basix-open-points", ())),
            examples=_fitting(body, examples),
        )


def _at(tree: Mapping[str, Any], pointer: str) -> Mapping[str, Any]:
    found: Any = tree
    for step in pointer.split("/")[1:]:
        found = resolved(tree, found)[step.replace("~1", "/").replace("~0", "~")]
    schema: Mapping[str, Any] = found
    return schema


def _fitting(body: Mapping[str, Any], examples: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return the examples that have every member this body requires, each once."""
    found: dict[str, str] = {}
    for example in examples.values():
        value = example.value
        if set(body["required"]) <= set(value):
            found.setdefault(pretty(value), example.summary)
    return tuple((summary, text) for text, summary in found.items())
