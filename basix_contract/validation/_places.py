"""The places of a body, each with what it takes in words: read from its schema, patterns from a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from basix_contract.validation._json import shown

Step: TypeAlias = str | int

# What no schema can say of itself in a few words.
_WORDS = {
    "": "a JSON object",
    "/callback_url": "an absolute http or https URL with a host and no spaces",
    "/calling_name": "printable ASCII text",
    "/destination": "text that is not empty, or an object with called_number",
    "/result_code": "an integer",
    "/uuids": "a list of at least one uuid",
    "/uuids/*": "a uuid (8-4-4-4-12 hexadecimal digits)",
    "/uuid": "a uuid (8-4-4-4-12 hexadecimal digits)",
    "/error": "an object with an id",
    "/error/id": "text that is not empty",
}
_UNITS = {"s": "seconds"}
_ALTERNATIVES = ("oneOf", "anyOf", "allOf")


@dataclass(frozen=True, slots=True)
class Place:
    """What stands at one place, and whether it may be left out."""

    words: str
    is_required: bool


def places_of(schema: Mapping[str, Any]) -> dict[tuple[str, ...], Place]:
    """Return every place a stand-alone schema knows, outermost first; `*` is any item of a list."""
    found: dict[tuple[str, ...], Place] = {}
    for path, node, is_required in _walk(schema.get("$defs", {}), schema, (), is_required=True):
        found.setdefault(path, Place(_words(path, node), is_required))
    return found


def _walk(
    definitions: Mapping[str, Any],
    schema: Any,
    path: tuple[str, ...],
    *,
    is_required: bool,
) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any], bool]]:
    node = _resolved(definitions, schema)
    yield path, node, is_required
    for name, member in node.get("properties", {}).items():
        is_needed = name in node.get("required", ())
        yield from _walk(definitions, member, (*path, name), is_required=is_needed)
    if "items" in node:
        yield from _walk(definitions, node["items"], (*path, "*"), is_required=True)
    for keyword in _ALTERNATIVES:
        for branch in node.get(keyword, ()):
            yield from _walk(definitions, branch, path, is_required=is_required)


def _resolved(definitions: Mapping[str, Any], schema: Any) -> Mapping[str, Any]:
    if not isinstance(schema, Mapping):
        return {}
    ref = str(schema.get("$ref", ""))
    target = definitions.get(ref.removeprefix("#/$defs/"), {})
    return {**(_resolved(definitions, target) if target else {}), **schema}


def _words(path: tuple[str, ...], node: Mapping[str, Any]) -> str:
    special = _WORDS.get("".join(f"/{step}" for step in path))
    if special:
        return special
    if "enum" in node:
        return "one of " + ", ".join(shown(choice) for choice in node["enum"])
    kinds = node.get("type", ())
    kinds = [kinds] if isinstance(kinds, str) else kinds
    unit = _UNITS.get(node.get("x-unit", ""))
    return (" or ".join(_kind(kind, node) for kind in kinds) or "as the contract has it") + (
        f" ({unit})" if unit else ""
    )


def _kind(kind: str, node: Mapping[str, Any]) -> str:
    words = {
        "string": _text_words(node),
        "integer": {1: "a positive integer", 0: "an integer from 0 up"}.get(node.get("minimum", -1), "an integer"),
        "boolean": "true or false",
        "object": "an object",
        "array": "a list",
        "null": "null",
        "number": "a number",
    }
    return words[kind]


def _text_words(node: Mapping[str, Any]) -> str:
    if str(node.get("pattern", "")).startswith("^[0-9]"):
        return "digits as text"
    return "text that is not empty" if node.get("minLength") else "text"
