"""What a profile allows a request to name: people, groups, destinations, calling numbers, our own receiver."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from basix_contract.profile._numbers import normal_form

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from basix_contract.profile._model import Group, Profile, User

_SELECTORS = ("id", "name", "label", "extension", "did", "email")
RESOLVERS = frozenset({"", "*", "**", "any", "any:", "any:CALL_CENTER", "CALL_CENTER"})
"""Resolvers that can name no group outside the user's own: the two documented ones, and broken forms of them."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """Normal forms by request parameter; what is in none of them is refused."""

    selectors: Mapping[str, frozenset[str]]
    destinations: frozenset[str]
    calling_numbers: frozenset[str]
    auto_answer: frozenset[str]
    everything: frozenset[str] = field(repr=False)


def allowed_by(profile: Profile) -> Allowed:
    """Collect the allow-list of a profile; the ids of absent users and groups are on it, for they ring nobody."""
    selectors = {
        **_column("user_", profile.users, profile.absent.users),
        **_column("group_", profile.groups, profile.absent.groups),
    }
    destinations = frozenset(normal_form(row.value) for row in profile.destinations)
    calling = frozenset(normal_form(row.calling_number) for row in profile.destinations if row.calling_number)
    willing = frozenset(
        f"user_{name}={normal_form(value)}"
        for user in profile.users
        if user.auto_answer
        for name in _SELECTORS
        if (value := getattr(user, name)) not in (None, "")
    )
    everything = frozenset.union(destinations, calling, *selectors.values())
    return Allowed(selectors, destinations, calling, willing, everything)


def _column(
    prefix: str, rows: Iterable[User] | Iterable[Group], absent: Iterable[Mapping[str, Any]]
) -> dict[str, frozenset[str]]:
    named = {
        f"{prefix}{name}": [value for row in rows if (value := getattr(row, name, None)) not in (None, "")]
        for name in _SELECTORS
    }
    for row in absent:
        for name, value in row.items():
            named.setdefault(f"{prefix}{name}", []).append(value)
    return {name: frozenset(normal_form(value) for value in values) for name, values in named.items()}
