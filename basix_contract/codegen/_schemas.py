"""Schemas of the document with their references followed, and what kind of value each of them is for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from basix_contract.contract import Document

Schema: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Schemas:
    """Looks schemas up in a document."""

    document: Document

    def at(self, pointer: str) -> Schema:
        """Return what stands at a JSON pointer, followed."""
        value: Any = self.document.raw
        for step in pointer.removeprefix("#").split("/")[1:]:
            value = self.followed(value)[step.replace("~1", "/").replace("~0", "~")]
        return self.followed(value)

    def followed(self, schema: Schema) -> Schema:
        """Return a schema with what its `$ref` leads to beneath its own keywords."""
        if "$ref" not in schema:
            return schema
        own = {key: value for key, value in schema.items() if key != "$ref"}
        return {**self.at(str(schema["$ref"])), **own}

    def branches(self, schema: Schema) -> tuple[Schema, ...]:
        """Return the alternatives of a schema; itself where there are none."""
        followed = self.followed(schema)
        if "oneOf" not in followed:
            return (followed,)
        return tuple(branch for part in followed["oneOf"] for branch in self.branches(part))

    def properties(self, schema: Schema) -> Iterator[tuple[str, Schema, bool]]:
        """Yield name, schema and whether it is required of each member of an object."""
        followed = self.followed(schema)
        for name, part in followed.get("properties", {}).items():
            yield name, self.followed(part), name in followed.get("required", ())


def types_of(schema: Schema) -> tuple[str, ...]:
    """Return the JSON types a schema names, in its order."""
    types = schema.get("type", ())
    return (types,) if isinstance(types, str) else tuple(types)
