"""The directory: who can be rung, in which groups they are, and what can be reached."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from operator import eq
from typing import TypeAlias, TypeVar

from basix_contract.errors import UsageError
from basix_contract.mock._magic import MAGIC
from basix_contract.profile import Destination, Group, Profile, User

Value: TypeAlias = str | int
Same: TypeAlias = Callable[[Value, Value], bool]
_Entry = TypeVar("_Entry", User, Group)


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """The users, groups and destinations of one PBX domain, and the credentials that open it.

    `channel_limit` bounds the channels that ring or talk at the same time; None: no bound.
    """

    domain: str
    token: str = field(repr=False)
    users: tuple[User, ...] = ()
    groups: tuple[Group, ...] = ()
    destinations: tuple[Destination, ...] = ()
    channel_limit: int | None = None

    @classmethod
    def from_profile(cls, profile: Profile, *, has_magic: bool = True, channel_limit: int | None = None) -> Directory:
        """Build the directory a profile describes; `unknown` users of the profile are not in it.

        The profile's entries come first, so that they win over magic ones of the same name. Raises UsageError
        when the profile holds no domain or no token.
        """
        target = profile.target
        if not (target.domain and target.token):
            raise UsageError(
                "the mock PBX needs a domain and a token", where="profile", fix="set target.domain and .token"
            )
        magic = tuple(MAGIC.values()) if has_magic else ()
        return cls(
            domain=target.domain,
            token=target.token,
            users=(
                *(user for user in profile.users if user.outcome != "unknown"),
                *(entry.as_user() for entry in magic if entry.kind == "user"),
            ),
            groups=profile.groups,
            destinations=(
                *profile.destinations,
                *(entry.as_destination() for entry in magic if entry.kind == "destination"),
            ),
            channel_limit=channel_limit,
        )

    def users_with(self, attribute: str, value: Value, same: Same = eq) -> tuple[User, ...]:
        """Return the users whose `id`, `name`, `label`, `extension`, `did` or `email` is this."""
        return _with(self.users, attribute, value, same)

    def groups_with(self, attribute: str, value: Value, same: Same = eq) -> tuple[Group, ...]:
        """Return the groups whose `id`, `name`, `label`, `extension` or `did` is this."""
        return _with(self.groups, attribute, value, same)

    def groups_of(self, user: User) -> tuple[Group, ...]:
        """Return the groups this user is a member of, in the directory's order."""
        return tuple(group for group in self.groups if group.name in user.groups)

    def destination(self, value: str) -> Destination | None:
        """Return the destination listed under exactly this text, if any."""
        return next((entry for entry in self.destinations if entry.value == value), None)

    def owned_numbers(self) -> frozenset[str]:
        """Return the numbers of the PBX's own that a call may show as its calling number."""
        numbers = (
            *(user.did for user in self.users),
            *(group.did for group in self.groups),
            *(entry.calling_number for entry in self.destinations),
        )
        return frozenset(number for number in numbers if number)


def _with(entries: tuple[_Entry, ...], attribute: str, value: Value, same: Same) -> tuple[_Entry, ...]:
    """Compare value and type, and take an empty or absent attribute for no match."""
    found = []
    for entry in entries:
        own: Value | None = getattr(entry, attribute)
        if own not in ("", None) and type(own) is type(value) and same(own, value):
            found.append(entry)
    return tuple(found)
