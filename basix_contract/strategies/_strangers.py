"""Selectors of users and groups who do not exist: proven absent by the profile or, where that is allowed, made up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from basix_contract.strategies._people import values_of
from basix_contract.strategies._schemas import is_allowed, types_of
from basix_contract.strategies._words import attribute_of

if TYPE_CHECKING:
    from basix_contract.profile import Group, User
    from basix_contract.strategies._scope import Scope

_TELLING = 3  # so many characters alike make two values resemble each other
_NO_ID = 99_999_999


def absent_values(scope: Scope, name: str) -> list[Any]:
    """Return the values of a selector that the profile has proven to name nobody."""
    if scope.profile is None:
        return []
    absent = scope.profile.absent
    rows = absent.users if name in scope.words.users else absent.groups
    values = (row[attribute_of(name)] for row in rows if attribute_of(name) in row)
    return [value for value in values if is_allowed(scope.words.schemas[name], value)]


def made_up(scope: Scope, name: str) -> list[Any]:
    """Return values of a selector that nobody has."""
    if scope.profile is None or not scope.allows_invention:
        return []
    is_number = types_of(scope.words.schemas[name])[0] == "integer"
    invented: tuple[Any, ...] = (_NO_ID, 2**31) if is_number else (f"nobody-{attribute_of(name)}", "誰もいない", "0")
    return _untaken(scope, name, invented)


def look_alikes(scope: Scope, name: str) -> list[Any]:
    """Return values of a selector that resemble somebody's and are nobody's, valid ones only."""
    taken = _taken(scope, name)
    absent = [value for value in absent_values(scope, name) if any(_resembles(value, other) for other in taken)]
    if not scope.allows_invention:
        return absent
    twisted = (value for own in taken for value in _twisted(own))
    others = (str(own) for other in scope.words.users if other != name for own in _taken(scope, other))
    invented = [*twisted, *(others if "string" in types_of(scope.words.schemas[name])[0] else ())]
    return [*absent, *_untaken(scope, name, invented)]


def short_of(scope: Scope, name: str) -> list[Any]:
    """Return numbers near somebody's id that can be no id at all."""
    if not scope.allows_invention:
        return []
    ids = [own for own in _taken(scope, name) if isinstance(own, int)]
    near = [value for own in ids for value in (-own, own + 0.5)]
    return [value for value in (*near, *((0,) if ids else ())) if not is_allowed(scope.words.schemas[name], value)]


def _taken(scope: Scope, name: str) -> list[Any]:
    rows = scope.profile.users if scope.profile else ()
    return [value for row in rows for value in values_of((name,), row).values()]


def _untaken(scope: Scope, name: str, values: Any) -> list[Any]:
    rows: tuple[User | Group, ...] = (*scope.profile.users, *scope.profile.groups) if scope.profile else ()
    taken = {str(value).strip().casefold() for row in rows for value in values_of((name,), row).values()}
    schema = scope.words.schemas[name]
    return [v for v in values if str(v).strip().casefold() not in taken and v and is_allowed(schema, v)]


def _resembles(value: Any, other: Any) -> bool:
    """Tell whether one is a part of the other, or they begin alike."""
    one, two = str(value), str(other)
    if min(len(one), len(two)) < _TELLING:
        return False
    return one in two or two in one or one[:_TELLING] == two[:_TELLING]


def _twisted(value: Any) -> Iterator[Any]:
    """Change a value a little: shorter, longer, a pattern that would find it, two in one."""
    if isinstance(value, int):
        yield from (value // 10, value * 10, value + 2**32)
        return
    yield from (value[:-1], value[1:], value + "x", "0" + value)
    yield from (value[:2] + "%", value[:2] + "*", ".*", value[:-1] + "?", value[:-1] + "_", value + "\\")
    yield from (f"{value},{value}", f"{value};{value}", "' OR '1'='1", value + "\0x", value + "\nx", f'{value}"')
