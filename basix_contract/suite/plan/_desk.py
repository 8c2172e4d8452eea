"""The planner's desk: picks users, numbers and selectors from the profile and writes steps out of them."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from basix_contract.checks import Intent
from basix_contract.contract import load_document
from basix_contract.suite._scenario import CALLBACK_SLASHES, CALLBACK_URL, Scenario, Step

if TYPE_CHECKING:
    from collections.abc import Iterable

    from basix_contract.checks import Expect, HuntResult
    from basix_contract.profile import Destination, Group, Profile, User

_USER_PREFIX = "user_"
_GROUP_PREFIX = "group_"
_LINES = 4
_DEFAULT_RING_S = 180
_TIMEOUT = "answer_timeout"
_RINGING_TOLERANCE_S = 2.0  # ringing is never asserted to the second (A35)


class Desk:
    """Everything a family of scenarios needs to be written down; it sends nothing."""

    def __init__(self, profile: Profile, *, is_embedded: bool, is_remote: bool = False) -> None:
        self.profile = profile
        self.is_embedded = is_embedded
        self.is_remote = is_remote
        self.longest_ring_s = profile.live.longest_ring_s if is_remote else _DEFAULT_RING_S
        document = load_document()
        self.user_selectors = document.user_selectors
        self.group_selectors = document.group_selectors
        answering = profile.users_who("answers")
        self._turns = itertools.cycle(answering) if answering else None
        self._counted: dict[str, int] = {}

    # ── picking ──

    def next_user(self) -> User | None:
        """Take the next user who answers, in turn, so that no telephone bears the whole run."""
        return next(self._turns) if self._turns else None

    def next_user_but(self, destination: Destination) -> User | None:
        """Take the next user in turn who is not the destination: nobody is connected to himself."""
        for _ in self.profile.users:
            user = self.next_user()
            if user and destination.value not in (user.name, user.extension):
                return user
        return None

    def alias(self, user: User) -> str:
        """Name a user without naming the person: the row of the profile."""
        return f"users[{self.profile.users.index(user)}]"

    def selectors_of(self, user: User) -> dict[str, Any]:
        """Return every selector the profile gives for a user, as request members."""
        return _members(user, self.user_selectors, _USER_PREFIX)

    def group_members(self, group: Group) -> dict[str, Any]:
        """Return every selector the profile gives for a group, as request members."""
        return _members(group, self.group_selectors, _GROUP_PREFIX)

    def base_selector(self, user: User) -> dict[str, Any]:
        """Return the one selector that plain calls use: the first the profile gives."""
        name, value = next(iter(self.selectors_of(user).items()))
        return {name: value}

    def user_of(self, body: object) -> User | None:
        """Return the first user of the profile whom a selector of a body names."""
        named = {name: body[name] for name in self.user_selectors if name in body} if isinstance(body, dict) else {}
        return next((user for user in self.profile.users if named.items() & self.selectors_of(user).items()), None)

    def numbers(self) -> tuple[Destination, ...]:
        """Return the telephone numbers a call may be connected to."""
        return self.profile.destinations_of("pstn")

    def destination(self) -> Destination | None:
        """Return the destination that plain calls use: the first number, else the first of any kind."""
        return next(iter((*self.numbers(), *self.profile.destinations)), None)

    def groups_of(self, user: User) -> tuple[Group, ...]:
        """Return the groups of the profile that a user belongs to."""
        return tuple(group for group in self.profile.groups if group.name in user.groups)

    # ── writing ──

    def call(self, user: User, **members: object) -> dict[str, Any]:
        """Write a plain call of a user, with further members beside it; a member that is None is left out."""
        destination = self.destination()
        named = {name: value for name, value in members.items() if name in self.user_selectors}
        plain = {"destination": destination.value if destination else ""}
        body = {**self.base_selector(user), **named, **plain, **self._brief(), **members}
        return {name: value for name, value in body.items() if value is not None}

    def destination_in(self, body: object) -> Destination | None:
        """Return the destination of the profile that a body names; that of plain calls for bytes."""
        if not isinstance(body, dict):
            return self.destination() if body else None
        named = body.get("destination")
        value = named.get("called_number") if isinstance(named, dict) else named
        text = value.rpartition("}")[2] if isinstance(value, str) else ""
        return next((row for row in self.profile.destinations if row.value == text), None)

    def step(  # noqa: PLR0913 - one keyword for each thing a step may say
        self,
        probe: str,
        title: str,
        body: object,
        *,
        expect: Expect = "accept",
        user: User | None = None,
        control: str = "",
        owes_envelope: bool = True,
        judged_by: tuple[str, ...] = (),
        result: HuntResult | None = None,
        answer_timeout_s: float | None = None,
        hunt_s: float | None = None,
        callback_of: str = "",
        **wire: Any,
    ) -> Step:
        """Write one step; what its user's phone does is taken from the profile."""
        body = self._shortened(body) if user else body
        asks = _asks_callback(body)
        intent = Intent(
            probe=probe,
            expect=expect,
            owes_envelope=owes_envelope,
            control=control,
            user=self.alias(user) if user else "",
            is_plainly_named=user is not None and self._is_plainly_named(user, body),
            terminals=user.terminals if user else None,
            asks_callback=asks,
            result=result if result is not None else _result_of(user),
            hunt_s=_hunt_s(user, answer_timeout_s or self._ring_s(body)) if hunt_s is None else hunt_s,
            answer_timeout_s=answer_timeout_s,
            callback_of=callback_of,
            judged_by=judged_by,
        )
        place = self.destination_in(body)
        talk_s = place.ends_after_s if place and user and user.outcome in ("answers", "unknown") else None
        return Step(id=self._number(probe), title=title, intent=intent, body=body, talk_s=talk_s or 0.0, **wire)

    def control(self, family: str, user: User, body: object, **wire: Any) -> Step:
        """Write a positive control: a good call from which the refusals beside it differ in one thing each."""
        return self.step(f"{family}/control", f"{family}: the good call beside the refusals", body, user=user, **wire)

    def family(self, name: str, steps: Iterable[Step], **how: Any) -> tuple[Scenario, ...]:
        """Bind steps into one scenario; nothing when there are none."""
        listed = tuple(steps)
        return (Scenario(id=name, steps=listed, **how),) if listed else ()

    def lines(self, name: str, steps: Iterable[Step], **how: Any) -> tuple[Scenario, ...]:
        """Bind steps that do not depend on each other into several scenarios, which are played beside each other."""
        listed = tuple(steps)
        parts = (self.family(f"{name}-{line}", listed[line::_LINES], **how) for line in range(_LINES))
        return tuple(scenario for part in parts for scenario in part)

    def _brief(self) -> dict[str, int]:
        """Return what keeps a call on real telephones from ringing for long, where it says nothing itself."""
        return {_TIMEOUT: self.longest_ring_s} if self.is_remote else {}

    def _shortened(self, body: object) -> object:
        """Have a call ring real telephones for no longer than the profile allows."""
        if not (self.is_remote and isinstance(body, dict)):
            return body
        given = body.get(_TIMEOUT, self.longest_ring_s)
        is_long = type(given) is int and given > self.longest_ring_s
        return {**body, _TIMEOUT: self.longest_ring_s if is_long else given}

    def _ring_s(self, body: object) -> float | None:
        given = body.get(_TIMEOUT) if self.is_remote and isinstance(body, dict) else None
        return given if type(given) is int else None

    def _is_plainly_named(self, user: User, body: object) -> bool:
        if not isinstance(body, dict):
            return False
        return {name: body[name] for name in self.user_selectors if name in body} == self.base_selector(user)

    def _number(self, probe: str) -> str:
        self._counted[probe] = self._counted.get(probe, 0) + 1
        return f"{probe}.{self._counted[probe]}"


def _members(row: User | Group, names: Iterable[str], prefix: str) -> dict[str, Any]:
    values = {name: getattr(row, name.removeprefix(prefix), None) for name in names}
    return {name: value for name, value in values.items() if value not in (None, "")}


def _asks_callback(body: object) -> bool:
    if isinstance(body, bytes):
        return CALLBACK_URL.encode() in body or CALLBACK_SLASHES.encode() in body
    return isinstance(body, dict) and body.get("callback_url") == CALLBACK_URL


def _result_of(user: User | None) -> HuntResult:
    if user is None or user.outcome in ("unknown", "limited"):
        return ""
    return "answered" if user.outcome == "answers" else "not-answered"


def _hunt_s(user: User | None, answer_timeout_s: float | None) -> float | None:
    if user is None:
        return None
    if user.outcome == "never-answers":
        return None if answer_timeout_s is None else answer_timeout_s + _RINGING_TOLERANCE_S
    return user.outcome_after_s
