"""Schemas in words: what a value may be, and the members of an object, down to the last."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]

_TYPES = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "object": "object",
    "array": "list",
    "null": "null",
}
_BOUNDS = {"minimum": "from", "exclusiveMinimum": "above", "maximum": "up to"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One member of an object: its path from the top, what it may be, and what it means."""

    path: str
    kind: str
    is_required: bool
    description: str
    default: str
    open_points: tuple[str, ...]


def resolved(root: Schema, schema: Schema) -> Schema:
    """Return a schema with what its `$ref` leads to under what stands beside it."""
    while "$ref" in schema:
        target: Any = root
        for step in str(schema["$ref"]).removeprefix("#/").split("/"):
            target = target[step]
        schema = {**target, **{key: value for key, value in schema.items() if key != "$ref"}}
    return schema


def kind_of(root: Schema, schema: Schema) -> str:
    """Say in a few words what a value may be."""
    schema = resolved(root, schema)
    if "const" in schema:
        return f"always {literal(schema['const'])}"
    if "enum" in schema:
        return "one of " + ", ".join(literal(value) for value in schema["enum"])
    for key in ("oneOf", "anyOf"):
        if key in schema and "type" not in schema:
            return " or ".join(dict.fromkeys(kind_of(root, branch) for branch in schema[key]))
    if schema.get("type") == "array":
        return f"list of {kind_of(root, schema.get('items', {}))}"
    names = schema.get("type", ())
    given = (names,) if isinstance(names, str) else tuple(names)
    told = ", or ".join(_TYPES[name] + _limits(schema, name) for name in given) or "any value"
    return told + _exception(schema)


def _limits(schema: Schema, name: str) -> str:
    if name == "string":
        least = schema.get("minLength", 0)
        return f" of at least {least} character{'s' if least > 1 else ''}" if least else ""
    if name in ("integer", "number"):
        return "".join(f" {words} {literal(schema[key])}" for key, words in _BOUNDS.items() if key in schema)
    return ""


def _exception(schema: Schema) -> str:
    excluded = schema.get("not", {})
    return f" other than {literal(excluded['const'])}" if "const" in excluded else ""


def literal(value: Any) -> str:
    """Write a value as JSON."""
    return json.dumps(value, ensure_ascii=False)


def members_of(root: Schema, schema: Schema, prefix: str = "") -> Iterator[Member]:
    """Yield the members of an object schema, each followed by its own members."""
    schema = resolved(root, schema)
    required = schema.get("required", ())
    for name, raw in schema.get("properties", {}).items():
        inner = resolved(root, raw)
        path = f"{prefix}{name}"
        default = literal(inner["default"]) if "default" in inner else ""
        yield Member(
            path=path,
            kind=kind_of(root, inner),
            is_required=name in required,
            description=str(inner.get("description", "")).strip(),
            default=default,
            open_points=tuple(inner.get("x-basix-open-points", ())),
        )
        yield from _below(root, inner, path)


def _below(root: Schema, schema: Schema, path: str) -> Iterator[Member]:
    if schema.get("type") == "array":
        yield from members_of(root, schema.get("items", {}), f"{path}[].")
    elif schema.get("type") == "object" or "properties" in schema:
        yield from members_of(root, schema, f"{path}.")
