"""Values of one call in the request of another: found where nothing was given that could be there."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from basix_contract.checks._client_values import defaults, is_same, kinds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from basix_contract.checks._client_history import ClientHistory

    _Leaf = tuple[tuple[str, ...], Any]

_SHORTEST_MARK = 8


class Leftovers:
    """Knows which values were given for which calls, as far as they are telling enough to be known again.

    A value that a client sent before anybody gave it is its own invention, and left over from nowhere.
    """

    def __init__(self, history: ClientHistory) -> None:
        self._owners: dict[_Leaf, list[str]] = {}
        since_s: dict[_Leaf, float] = {}
        for call in history.calls:
            for leaf in _leaves(call.params or {}):
                self._owners.setdefault(leaf, []).append(call.id)
                given_at_s = math.inf if call.given_at_s is None else call.given_at_s
                since_s[leaf] = min(since_s.get(leaf, math.inf), given_at_s)
        for call, params, body in history.given():
            for leaf in _leaves(body):
                if not _is_given(params, leaf[0]) and (call.given_at_s or 0.0) < since_s.get(leaf, 0.0):
                    self._owners.pop(leaf, None)

    def found_in(self, params: Mapping[str, Any], body: Mapping[str, Any]) -> str:
        """Say what in a body is left over from another call; a value that was changed is another matter."""
        for path, value in _leaves(body):
            is_changed = path[0] in params and type(params[path[0]]) is not type(body[path[0]])
            owners = self._owners.get((path, value))
            if owners and not is_changed and not _is_given(params, path):
                return f"{'.'.join(path)} is left over from {owners[0]}"
        return ""


def is_default(name: str, value: Any) -> bool:
    """Tell whether a value is the documented default of a parameter."""
    return name in defaults() and is_same(kinds()[name], defaults()[name], value)


def _leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[_Leaf]:
    """Yield places and values, without those that say little: flags, choices, short texts, numbers but timeouts."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, (*path, key))
    elif path and _is_telling(path[-1], value):
        yield path, value


def _is_telling(name: str, value: Any) -> bool:
    if isinstance(value, str):
        return kinds().get(name) != "choice" and len(value) >= _SHORTEST_MARK
    return kinds().get(name) == "number" and type(value) is int and not is_default(name, value)


def _is_given(params: Any, path: tuple[str, ...]) -> bool:
    for name in path:
        if not isinstance(params, dict) or name not in params:
            return False
        params = params[name]
    return True
