"""What changed between two JSON Schemas, keyword by keyword: fewer values allowed, more, or others."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from basix_contract.contract._tree import steps_of
from basix_contract.contract.changes._parties import Effect

Found = tuple[str, Effect, str]
"""A place below the message, what happened there, and how it is told."""

_SAID_ONLY = ("title", "description", "examples", "example", "deprecated", "externalDocs", "$comment", "readOnly")
_ABSENT = object()


def resolved(schema: Any, root: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a schema with its reference followed; what stands beside the reference goes before it."""
    if schema in (True, False):
        return MappingProxyType({} if schema else {"not": {}})
    if "$ref" not in schema:
        return dict(schema)
    beside = {name: value for name, value in schema.items() if name != "$ref"}
    return {**resolved(_referred_to(str(schema["$ref"]), root), root), **beside}


def _referred_to(reference: str, root: Mapping[str, Any]) -> Any:
    found: Any = root
    try:
        for step in steps_of(reference if reference.startswith("#") else ""):
            found = found[step]
    except (LookupError, TypeError):
        found = root
    if found is root:
        raise ValueError(f"$ref {reference!r} leads nowhere in this file")
    return found


class SchemaChanges:
    """Compares schemas of two documents; references are followed in the document they stand in."""

    def __init__(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        self._old = old
        self._new = new
        self._open: list[tuple[str, str]] = []

    def between(self, old: Any, new: Any, place: str = "") -> Iterator[Found]:
        """Yield every change; a schema that contains itself is compared once."""
        pair = (_text(old), _text(new))
        if pair in self._open:
            return
        self._open.append(pair)
        before, after = resolved(old, self._old), resolved(new, self._new)
        for keyword in dict.fromkeys((*before, *after)):
            one, other = before.get(keyword, _ABSENT), after.get(keyword, _ABSENT)
            if keyword in _SAID_ONLY or keyword.startswith("x-"):
                continue
            if keyword in self._deeper:
                yield from self._deeper[keyword](self, one, other, place)
            elif _text(one) != _text(other):
                yield from _compared(keyword, one, other, place)
        self._open.pop()

    def _properties(self, one: Any, other: Any, place: str) -> Iterator[Found]:
        old, new = ({} if found is _ABSENT else found for found in (one, other))
        for name in dict.fromkeys((*old, *new)):
            spot = f"{place}/{name}"
            if name in old and name in new:
                yield from self.between(old[name], new[name], spot)
            elif name in new:
                yield (spot, "member added", "new member")
            else:
                yield (spot, "member removed", "member gone")

    def _required(self, one: Any, other: Any, place: str) -> Iterator[Found]:
        old, new = ({*()} if found is _ABSENT else {*found} for found in (one, other))
        for name in sorted(new - old):
            yield (f"{place}/{name}", "narrowed", "required now")
        for name in sorted(old - new):
            yield (f"{place}/{name}", "widened", "no longer required")

    def _items(self, one: Any, other: Any, place: str) -> Iterator[Found]:
        old, new = (True if found is _ABSENT else found for found in (one, other))
        yield from self.between(old, new, f"{place}[]")

    def _choices(self, one: Any, other: Any, place: str) -> Iterator[Found]:
        if one is _ABSENT or other is _ABSENT:
            yield (place, "narrowed" if one is _ABSENT else "widened", "a choice of forms " + _came(one))
            return
        yield from self._branches(one, other, place, ("widened", "narrowed"))

    def _conjunction(self, one: Any, other: Any, place: str) -> Iterator[Found]:
        old, new = (() if found is _ABSENT else found for found in (one, other))
        yield from self._branches(old, new, place, ("narrowed", "widened"))

    def _branches(
        self, one: Sequence[Any], other: Sequence[Any], place: str, effects: tuple[Effect, Effect]
    ) -> Iterator[Found]:
        """Compare branches of one name; what one side alone has adds to or takes from what is allowed."""
        old, new = (self._named(found, root) for found, root in ((one, self._old), (other, self._new)))
        for name in dict.fromkeys((*old, *new)):
            if name in old and name in new:
                yield from self.between(old[name], new[name], place)
            elif name in new:
                yield (place, effects[0], f"new form: {name}")
            else:
                yield (place, effects[1], f"form gone: {name}")

    @staticmethod
    def _named(branches: Sequence[Any], root: Mapping[str, Any]) -> dict[str, Any]:
        return {str(resolved(branch, root).get("title", _text(branch))): branch for branch in branches}

    def _default(self, one: Any, other: Any, place: str) -> Iterator[Found]:
        if _text(one) != _text(other):
            yield (place, "default changed", f"default {_shown(one)} → {_shown(other)}")

    _deeper: Mapping[str, Callable[..., Iterator[Found]]] = MappingProxyType(
        {
            "properties": _properties,
            "required": _required,
            "items": _items,
            "anyOf": _choices,
            "oneOf": _choices,
            "allOf": _conjunction,
            "default": _default,
        }
    )


_UPWARD = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains")
_DOWNWARD = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains")


def _compared(keyword: str, one: Any, other: Any, place: str) -> Iterator[Found]:
    """Yield what a keyword that holds no further schema does to the values that are allowed."""
    told = f"{keyword} {_shown(one)} → {_shown(other)}"
    if keyword in ("type", "enum") and _ABSENT not in (one, other):
        old, new = _allowed(keyword, one), _allowed(keyword, other)
        if new - old:
            yield (place, "widened", f"{keyword}: {', '.join(sorted(new - old))} allowed now")
        if old - new:
            yield (place, "narrowed", f"{keyword}: {', '.join(sorted(old - new))} no longer allowed")
    elif one is _ABSENT or other is _ABSENT:
        yield (place, "narrowed" if one is _ABSENT else "widened", told)
    elif keyword in (*_UPWARD, *_DOWNWARD):
        yield (place, "narrowed" if (other > one) == (keyword in _UPWARD) else "widened", told)
    elif isinstance(one, bool) and isinstance(other, bool):
        is_stricter = other if keyword == "uniqueItems" else not other
        yield (place, "narrowed" if is_stricter else "widened", told)
    else:
        yield (place, "altered", told)


def _allowed(keyword: str, value: Any) -> set[str]:
    """Return the types or values a keyword allows, each as a text; every integer is a number."""
    listed = (value,) if isinstance(value, str) and keyword == "type" else value
    found = {str(item) if keyword == "type" else _text(item) for item in listed}
    return found | {"integer"} if keyword == "type" and "number" in found else found


def _came(one: Any) -> str:
    return "is prescribed now" if one is _ABSENT else "is no longer prescribed"


def _shown(value: Any) -> str:
    return "(none)" if value is _ABSENT else _text(value)


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=_plain, ensure_ascii=False)


def _plain(value: Any) -> Any:
    if value is _ABSENT:
        return "(absent)"
    return dict(value) if isinstance(value, Mapping) else list(value)
