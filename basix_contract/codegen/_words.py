"""What a value has to be, in words for whoever handed in another."""

from __future__ import annotations

from basix_contract.codegen._schemas import Schema, types_of

_UNITS = {"s": "seconds"}


def wanted(branches: tuple[Schema, ...], description: str) -> str:
    """Return the words for the alternatives of one place; the description tells a form that no keyword can."""
    words = list(dict.fromkeys(_words(branch, kind, description) for branch in branches for kind in types_of(branch)))
    return ", or ".join(words)


def _words(schema: Schema, kind: str, description: str) -> str:
    if "enum" in schema:
        return "one of " + ", ".join(repr(choice) for choice in schema["enum"])
    if kind == "object":
        required = schema.get("required", ())
        return "an object" + (f" with {' and '.join(required)}" if required else "")
    if kind == "array":
        return "a list" + (f" of at least {schema['minItems']}" if "minItems" in schema else "")
    if kind == "integer":
        return _number(schema)
    return _text(schema, description) if kind == "string" else {"boolean": "True or False"}.get(kind, kind)


def _number(schema: Schema) -> str:
    unit = _UNITS.get(schema.get("x-unit", ""), "")
    return (
        "a whole number"
        + (f" of {unit}" if unit else "")
        + (f" from {schema['minimum']} up" if "minimum" in schema else "")
    )


def _text(schema: Schema, description: str) -> str:
    if "pattern" not in schema:
        return "text that is not empty" if schema.get("minLength") else "text"
    if "integer" in types_of(schema):
        return "its digits as text"
    _, colon, form = description.partition(". ")[0].partition(": ")
    return form.rstrip(".") if colon else f"text ({schema.get('title', schema['pattern']).lower()})"
