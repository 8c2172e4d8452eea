"""JSON values as such: copies, repeats, nothingness, and a place within one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

V = TypeVar("V")


def fresh(value: Any) -> Any:
    """Return a copy that the caller may change; tables are drawn from more than once."""
    if isinstance(value, dict):
        return {name: fresh(member) for name, member in value.items()}
    return [fresh(item) for item in value] if isinstance(value, list) else value


def distinct(values: Iterable[V]) -> list[V]:
    """Return the values without repeats; 0 and false are told apart, as they are in JSON."""
    return list({json.dumps(value, sort_keys=True): value for value in values}.values())


def is_void(value: Any) -> bool:
    """Tell whether a value can name nobody for any server: null, a boolean, an empty text, and lists of such."""
    if isinstance(value, list):
        return all(is_void(item) for item in value)
    return value is None or isinstance(value, bool) or value in ("", {})


def placed(tree: Mapping[str, Any], path: Sequence[str], value: Any) -> dict[str, Any]:
    """Return the tree with a value set at this place."""
    name, *rest = path
    inner = tree.get(name)
    return {**tree, name: placed(inner if isinstance(inner, Mapping) else {}, rest, value) if rest else value}
