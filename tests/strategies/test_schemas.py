"""The reading of JSON Schema agrees with a validator, value by value."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from basix_contract.strategies._schemas import branches_of, is_allowed, resolved, types_of

SCHEMAS: list[dict[str, Any]] = [
    {},
    {"type": "string"},
    {"type": "string", "minLength": 1, "maxLength": 2},
    {"type": "string", "pattern": "^[0-9]*$"},
    {"type": ["integer", "string"], "minimum": 1, "pattern": "^[0-9]*(?!\\n)$"},
    {"type": "integer", "maximum": 3},
    {"type": "integer", "not": {"const": 0}},
    {"type": "number", "minimum": 0.5},
    {"type": "boolean"},
    {"type": "null"},
    {"type": "array"},
    {"type": "object"},
    {"enum": ["a", "12"]},
    {"const": "a"},
]
VALUES: list[Any] = [
    "",
    "a",
    "12",
    "12\n",
    "abc",
    0,
    1,
    3,
    4,
    10**20,
    0.25,
    2.5,
    True,
    False,
    None,
    [],
    [1],
    {},
    {"a": 1},
]


@pytest.mark.parametrize("schema", SCHEMAS, ids=str)
def test_it_allows_what_a_validator_allows(schema: dict[str, Any]) -> None:
    """Every value gets the verdict that jsonschema-rs gives."""
    validator = jsonschema_rs.Draft202012Validator(schema)

    assert [value for value in VALUES if is_allowed(schema, value)] == [
        value for value in VALUES if validator.is_valid(value)
    ]


def test_references_are_followed() -> None:
    """What stands beside a `$ref` stands over what it leads to, however long the way."""
    definitions = {"A": {"$ref": "#/$defs/B", "minimum": 2}, "B": {"type": "integer", "minimum": 1, "maximum": 9}}

    assert resolved({"$ref": "#/$defs/A", "maximum": 5}, definitions) == {"type": "integer", "minimum": 2, "maximum": 5}


def test_alternatives_are_told_apart() -> None:
    """Alternatives of alternatives are branches of their own; a schema with a type is one."""
    definitions = {"A": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/B"}]}, "B": {"type": "string"}}
    schema = {"oneOf": [{"$ref": "#/$defs/A"}, {"type": "object", "anyOf": [{"required": ["x"]}]}]}

    assert [types_of(branch) for branch in branches_of(schema, definitions)] == [("null",), ("string",), ("object",)]
