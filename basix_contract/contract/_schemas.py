"""A schema of the document as a JSON Schema that stands alone."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from basix_contract.contract._tree import Spot, pointer_of, steps_of, thawed
from basix_contract.errors import UsageError

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_COMPONENTS = ("components", "schemas")

# What stands under these keywords is data, and what stands under those is a schema for each name
# (JSON Schema 2020-12, core 10 and validation 6, 9).
_DATA = frozenset({"const", "enum", "default", "example", "examples"})
_BY_NAME = frozenset({"properties", "patternProperties", "dependentSchemas", "$defs"})


def bundled(root: Spot, name_or_pointer: str) -> dict[str, Any]:
    """Return the schema with every component it reaches under `$defs`; nothing in it points outside.

    Raises UsageError naming the nearest component when there is none of that name or at that place,
    SpecError when a `$ref` leads elsewhere than to a component.
    """
    spot = _spot(root, name_or_pointer)
    names: dict[str, None] = {}
    schema = _rewritten(spot, names)
    definitions: dict[str, Any] = {}
    while pending := [name for name in names if name not in definitions]:
        for name in pending:
            definitions[name] = _rewritten(root.at(*_COMPONENTS).child(name), names)
    body = schema if isinstance(schema, dict) else {"allOf": [schema]}
    return {"$schema": _DIALECT, **body, **({"$defs": definitions} if definitions else {})}


def merged(spot: Spot) -> Mapping[str, Any]:
    """Return what stands here over what its `$ref` leads to: types and limits beside their description."""
    own = {key: value for key, value in spot.value.items() if key != "$ref"}
    return {**spot.followed().value, **own}


def _spot(root: Spot, name_or_pointer: str) -> Spot:
    is_pointer = name_or_pointer.startswith(("/", "#"))
    steps = steps_of(name_or_pointer) if is_pointer else (*_COMPONENTS, name_or_pointer)
    spot: Spot | None = root
    for step in steps:
        spot = spot.child(step) if spot is not None and spot.has(step) else None
    if spot is None or not isinstance(spot.value, Mapping | bool):
        raise _unknown(root, pointer_of(steps) if is_pointer else name_or_pointer)
    return spot


def _unknown(root: Spot, asked: str) -> UsageError:
    components = root.find(*_COMPONENTS)
    names = list(components.value) if components else []
    near = difflib.get_close_matches(asked.rpartition("/")[2], names, n=1, cutoff=0.5)
    fix = f"did you mean {near[0]}?" if near else f"known here: {', '.join(names)}"
    return UsageError(f"no schema {asked}", where=root.source, fix=fix)


def _rewritten(spot: Spot, names: dict[str, None]) -> Any:
    if isinstance(spot.value, tuple):
        return [_rewritten(spot.child(str(index)), names) for index in range(len(spot.value))]
    if not isinstance(spot.value, Mapping):
        return spot.value
    return {key: _keyword(spot, key, names) for key in spot.value}


def _keyword(spot: Spot, key: str, names: dict[str, None]) -> Any:
    if key == "$ref":
        return _local(spot, names)
    child = spot.child(key)
    if key in _DATA:
        return thawed(child.value)
    if key in _BY_NAME:
        return {name: _rewritten(child.child(name), names) for name in child.names()}
    return _rewritten(child, names)


def _local(spot: Spot, names: dict[str, None]) -> str:
    *parents, name = spot.reference() or ("",)
    if tuple(parents) != _COMPONENTS:
        raise spot.error(f"$ref must point to #{pointer_of(_COMPONENTS)}/…, not to {spot.value['$ref']}")
    names[name] = None
    return f"#/$defs/{name}"
