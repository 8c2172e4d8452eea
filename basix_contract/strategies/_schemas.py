"""JSON Schema as far as the document uses it: what a reference leads to, and whether a plain value is allowed.

Bodies are judged by the validation room. This is for the tables to draw from, which must follow any document that is
handed in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, TypeAlias

Schema: TypeAlias = Mapping[str, Any]


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern; a `$` at its end lets no final line feed pass, as in ECMAScript."""
    return re.compile(pattern[:-1] + r"\Z" if pattern.endswith("$") else pattern)


_ALTERNATIVES = ("oneOf", "anyOf")
_IS_OF_TYPE: Mapping[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, Mapping),
    "array": lambda value: isinstance(value, list | tuple),
    "null": lambda value: value is None,
}
_KEYWORDS: Mapping[str, Callable[[Any, Any], bool]] = {
    "enum": lambda value, choices: value in choices,
    "const": lambda value, only: type(value) is type(only) and value == only,
    "not": lambda value, schema: not is_allowed(schema, value),
    "minimum": lambda value, limit: not _IS_OF_TYPE["number"](value) or value >= limit,
    "maximum": lambda value, limit: not _IS_OF_TYPE["number"](value) or value <= limit,
    "minLength": lambda value, limit: not isinstance(value, str) or len(value) >= limit,
    "maxLength": lambda value, limit: not isinstance(value, str) or len(value) <= limit,
    "pattern": lambda value, pattern: not isinstance(value, str) or bool(_compiled(pattern).search(value)),
}


def resolved(schema: Schema, definitions: Schema) -> dict[str, Any]:
    """Return the schema with what its `$ref` leads to under its own keywords."""
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    below = resolved(definitions[name], definitions) if name else {}
    return {**below, **{key: value for key, value in schema.items() if key != "$ref"}}


def branches_of(schema: Schema, definitions: Schema) -> Iterator[dict[str, Any]]:
    """Yield the alternatives of a schema, resolved; the schema itself where it has none."""
    whole = resolved(schema, definitions)
    inner = [branch for keyword in _ALTERNATIVES for branch in whole.get(keyword, ())]
    if "type" in whole or not inner:
        yield whole
        return
    for branch in inner:
        yield from branches_of(branch, definitions)


def types_of(schema: Schema) -> tuple[str, ...]:
    """Return the JSON types a resolved schema names; every one where it names none."""
    named = schema.get("type", tuple(_IS_OF_TYPE))
    return (named,) if isinstance(named, str) else tuple(named)


def is_allowed(schema: Schema, value: Any) -> bool:
    """Tell whether a resolved schema allows a value, as far as the value itself goes and not its members."""
    if not any(_IS_OF_TYPE[name](value) for name in types_of(schema)):
        return False
    return all(judge(value, schema[keyword]) for keyword, judge in _KEYWORDS.items() if keyword in schema)
