"""What a profile allows a request to name: people, groups, destinations, calling numbers, our own receiver."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from basix_contract.profile._numbers import looks_diallable, normal_form

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from basix_contract.profile._model import Destination, Group, Profile, User

SELECTORS = ("id", "name", "label", "extension", "did", "email")
USER, GROUP = "user_", "group_"
_NUMBERED = ("did",)
_EXACT = 2**53  # beyond it a server that reads numbers as floats takes one for its neighbour


@dataclass(frozen=True, slots=True)
class Column:
    """The values one parameter may take: texts letter for letter, telephone numbers in any spelling."""

    texts: frozenset[str] = field(default=frozenset(), repr=False)
    numbers: frozenset[str] = field(default=frozenset(), repr=False)

    def __contains__(self, value: object) -> bool:
        """Tell whether a text or whole number is one of them; a fraction never is, 2001.0 is not 2001."""
        if isinstance(value, bool) or not isinstance(value, str | int):
            return False
        if isinstance(value, int) and abs(value) > _EXACT:
            return False
        return str(value) in self.texts or normal_form(value) in self.numbers


@dataclass(frozen=True, slots=True)
class Allowed:
    """Columns by request parameter; what is in none of them is refused.

    `people` are those of `selectors` who exist and may ring, `willing` those among them for whom auto_answer may
    be switched on. `endless` are destinations that nobody has said will end a call by themselves.
    """

    selectors: Mapping[str, Column]
    people: Mapping[str, Column]
    willing: Mapping[str, Column]
    destinations: Column
    endless: Column
    calling_numbers: Column


def allowed_by(profile: Profile, *, is_remote: bool = False) -> Allowed:
    """Collect the allow-list of a profile; absent users and groups are on it, for they ring nobody.

    Where the target is not this machine a destination must say that it ends by itself, unless the run is attended.
    """
    open_ended = is_remote and not profile.live.attended
    endless = [row for row in profile.destinations if open_ended and not row.ends_by_itself]
    willing = [user for user in profile.users if user.auto_answer]
    unwilling = _columns(USER, [user for user in profile.users if not user.auto_answer])
    return Allowed(
        selectors=_columns(USER, profile.users, profile.absent.users)
        | _columns(GROUP, profile.groups, profile.absent.groups),
        people=_columns(USER, profile.users),
        willing={name: _without(column, unwilling[name]) for name, column in _columns(USER, willing).items()},
        destinations=_places(row for row in profile.destinations if row not in endless),
        endless=_places(endless),
        calling_numbers=_numbers(row.calling_number for row in profile.destinations if row.calling_number),
    )


def _columns(
    prefix: str, rows: Iterable[User] | Iterable[Group], absent: Iterable[Mapping[str, Any]] = ()
) -> dict[str, Column]:
    named: dict[str, list[Any]] = {
        name: [value for row in rows if (value := getattr(row, name)) not in (None, "")]
        for name in SELECTORS
        if name != "email" or prefix == USER
    }
    for row in absent:
        for name, value in row.items():
            named.get(name, []).append(value)
    return {prefix + name: _column(name, values) for name, values in named.items()}


def _column(name: str, values: Iterable[Any]) -> Column:
    if name in _NUMBERED:
        return _numbers(str(value) for value in values)
    return Column(frozenset(str(value) for value in values))


def _places(rows: Iterable[Destination]) -> Column:
    """Telephone numbers count in any spelling, names and extensions letter for letter."""
    listed = list(rows)
    numbers = _numbers(row.value for row in listed if row.kind == "pstn")
    return Column(numbers.texts | {row.value for row in listed}, numbers.numbers)


def _numbers(values: Iterable[str]) -> Column:
    texts = frozenset(values)
    return Column(texts, frozenset(normal_form(text) for text in texts if looks_diallable(text)))


def _without(column: Column, other: Column) -> Column:
    """Take out what names somebody else as well: a label that two users share rings both."""
    return Column(column.texts - other.texts, column.numbers - other.numbers)
