"""The JSON Schema of a profile, made from the same classes and bounds that read it."""

from __future__ import annotations

import dataclasses
import types
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from basix_contract.profile._allowed import SELECTORS
from basix_contract.profile._keys import KEYS
from basix_contract.profile._model import Profile
from basix_contract.profile._ranges import RANGES

_PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean", types.NoneType: "null"}


def profile_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a profile, read as TOML or JSON.

    It holds keys, types and bounds; what only the whole profile can show is said by `check_profile`.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Profile of basix-contract: whom and what the kit may call",
        **_table(Profile, ""),
    }


def _table(kind: type, path: str) -> dict[str, Any]:
    hints = get_type_hints(kind)
    spots = dataclasses.fields(kind)
    keys = {spot.name: f"{path}.{spot.name}".lstrip(".") for spot in spots}
    required = [spot.name for spot in spots if _is_required(spot)]
    return {
        "type": "object",
        "properties": {spot.name: _described(hints[spot.name], keys[spot.name], spot) for spot in spots},
        **({"required": required} if required else {}),
        **({"anyOf": [{"required": [name]} for name in SELECTORS if name in keys]} if "did" in keys else {}),
        "additionalProperties": False,
    }


def _is_required(spot: dataclasses.Field[Any]) -> bool:
    return spot.default is dataclasses.MISSING and spot.default_factory is dataclasses.MISSING


def _described(hint: Any, key: str, spot: dataclasses.Field[Any]) -> dict[str, Any]:
    schema = {"description": KEYS[key], **_schema(hint, key)}
    if isinstance(spot.default, str | int | float) and not dataclasses.is_dataclass(hint):
        schema["default"] = spot.default
    return schema


def _schema(hint: Any, key: str) -> dict[str, Any]:
    if dataclasses.is_dataclass(hint):
        return _table(hint if isinstance(hint, type) else type(hint), key)
    if get_origin(hint) is tuple:
        return {"type": "array", "items": _schema(get_args(hint)[0], key)}
    if get_origin(hint) is dict:
        return _absence(key)
    choices = _choices(hint)
    if choices:
        return {"enum": choices}
    return {"type": _type(hint), **_bounds(key)}


def _choices(hint: Any) -> list[Any]:
    if get_origin(hint) is Literal:
        return list(get_args(hint))
    return [choice for part in get_args(hint) for choice in _choices(part)]


def _type(hint: Any) -> str:
    """Return the type of a value that is there: what may be None in Python is left out in TOML."""
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(part for part in get_args(hint) if part is not types.NoneType)
    return _PLAIN[hint]


def _absence(key: str) -> dict[str, Any]:
    names = [name for name in SELECTORS if name != "email" or key.endswith("users")]
    value = {"anyOf": [{"type": "string", "minLength": 1}, {"type": "integer"}]}
    return {
        "type": "object",
        "properties": dict.fromkeys(names, value),
        "minProperties": 1,
        "additionalProperties": False,
    }


def _bounds(key: str) -> dict[str, Any]:
    if key == "destinations.value":
        return {"minLength": 1}
    if key not in RANGES:
        return {}
    bounds = RANGES[key]
    return {"exclusiveMinimum" if bounds.is_open else "minimum": bounds.low, "maximum": bounds.high}
