"""The people, groups and numbers of a profile, and what their telephones do; every server here looks them up.

No rule of the API stands here: what a parameter may hold and who is refused is for each server to decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from basix_contract.profile import Group, Profile, User

USER_SELECTORS = ("user_id", "user_name", "user_label", "user_extension", "user_did", "user_email")
GROUP_SELECTORS = ("group_id", "group_name", "group_label", "group_extension", "group_did")
LONGEST_S = 180.0

Cause = Literal["", "no_answer", "rejected", "busy"]
Row = TypeVar("Row", User, Group)


@dataclass(frozen=True, slots=True)
class Hunt:
    """How ringing somebody ends: after so many seconds, for this cause; an answered call has none."""

    after_s: float
    cause: Cause


@dataclass(frozen=True, slots=True)
class Directory:
    """Everybody and everything a PBX knows."""

    profile: Profile

    @property
    def credentials(self) -> tuple[str, str]:
        """The domain and the API token."""
        return self.profile.target.domain, self.profile.target.token

    def user(self, selector: str, value: Any) -> User | None:
        """The user whose `user_…` has just this value, of just this type."""
        return _first(self.profile.users, selector, value)

    def group(self, selector: str, value: Any) -> Group | None:
        """The group whose `group_…` has just this value, of just this type."""
        return _first(self.profile.groups, selector, value)

    def groups_of(self, user: User) -> list[Group]:
        """The groups the user belongs to."""
        return [group for group in self.profile.groups if group.name in user.groups]

    def legs(self, user: User) -> int:
        """How many terminals ring when the user is called."""
        return user.terminals or 1

    def hunt(self, user: User, answer_timeout_s: float) -> Hunt:
        """How the attempt to call the user ends, counted from the first ringing."""
        causes: dict[str, Cause] = {"answers": "", "unknown": "", "rejects": "rejected", "busy": "busy"}
        if user.outcome not in causes or user.outcome_after_s >= answer_timeout_s:
            return Hunt(answer_timeout_s, "no_answer")
        return Hunt(user.outcome_after_s, causes[user.outcome])

    def can_reach(self, destination: str) -> bool:
        """Does this text name a destination, a user or a group?"""
        known = {place.value for place in self.profile.destinations}
        for row in self._rows():
            known |= {row.name, row.extension, row.did}
        return destination != "" and destination in known

    def owns(self, number: str) -> bool:
        """May calls go out under this number?"""
        own = {place.calling_number for place in self.profile.destinations}
        own |= {row.did for row in self._rows()}
        return number != "" and number in own

    def _rows(self) -> Iterator[User | Group]:
        yield from self.profile.users
        yield from self.profile.groups


def _first(rows: Iterable[Row], selector: str, value: Any) -> Row | None:
    column = selector.partition("_")[2]
    for row in rows:
        held = getattr(row, column, None)
        if held and type(held) is type(value) and held == value:
            return row
    return None
