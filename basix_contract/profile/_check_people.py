"""Remarks on whom a profile lists: users, groups, destinations, and those proven absent."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from basix_contract.profile._allowed import SELECTORS
from basix_contract.profile._numbers import (
    dials_forbidden_number,
    is_emergency_number,
    looks_diallable,
    normal_form,
)
from basix_contract.profile._remarks import Remark, advice, error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from basix_contract.profile._model import Destination, Group, Profile, User

_SHARED = ("label",)
_DEFAULT_TIMEOUT_S, _PLANNED_TIMEOUT_S = 180, 30
_PAIR = 2
_TELLING = 3
_OTHER_OUTCOMES = ("never-answers", "rejects", "busy", "limited")
_KINDS = ("pstn", "user", "group", "extension")


def remarks_on_users(profile: Profile) -> Iterator[Remark]:
    """Yield what the users of a profile leave untested, and what about them cannot be right."""
    answering = profile.users_who("answers")
    if not answering:
        yield error("users", "nobody answers, so hardly a row can be judged", 'list a user with outcome = "answers"')
        return
    if len(answering) < _PAIR:
        yield advice("users", "only one user answers: no calls together", "list a second one", "two who answer")
    for outcome in _OTHER_OUTCOMES:
        if not profile.users_who(outcome):
            yield advice("users", f"no user with outcome {outcome!r}", "list one", outcome)
    for name in SELECTORS:
        if not any(getattr(user, name) not in (None, "") for user in answering):
            yield advice(f"users.{name}", "no user who answers has one", "add it to a row", f"users.{name}")
    if any(user.label for user in answering) and all(user.label.isascii() for user in answering):
        yield advice("users.label", "no label has letters outside ASCII", "list one", "users.label outside ASCII")
    if not any(user.terminals for user in profile.users):
        yield advice("users.terminals", "nobody's telephones are counted", "say how many legs ring", "users.terminals")
    if not any(user.auto_answer for user in answering):
        yield advice("users.auto_answer", "auto_answer is tried switched off only", "release it for a user")
    yield from _each_user(profile)


def _each_user(profile: Profile) -> Iterator[Remark]:
    names = {group.name for group in profile.groups}
    for number, user in enumerate(profile.users):
        key = f"users[{number}]"
        if not set(user.groups) <= names:
            yield error(f"{key}.groups", "it names a group that is not listed", "list the group, or take it out")
        if user.outcome == "unknown":
            yield advice(f"{key}.outcome", "its callbacks are not judged", "say what happens when the user is called")
        elif user.outcome != "never-answers" and user.outcome_after_s > _DEFAULT_TIMEOUT_S:
            yield error(f"{key}.outcome_after_s", "by then the call has timed out", "have it quicker")
        elif user.outcome != "never-answers" and user.outcome_after_s > _PLANNED_TIMEOUT_S:
            yield advice(f"{key}.outcome_after_s", "calls with a shorter answer_timeout end before", "have it quicker")


def remarks_on_groups(profile: Profile) -> Iterator[Remark]:
    """Yield what the groups of a profile leave untested."""
    joined = {name for user in profile.users_who("answers") for name in user.groups}
    groups = [group for group in profile.groups if group.name and group.name in joined]
    if not groups:
        yield advice(
            "groups", "no group has a member who answers", "list one, and name it in the user's groups", "groups"
        )
        return
    for name in ("id", "label", "extension", "did"):
        if not any(getattr(group, name) not in (None, "") for group in groups):
            yield advice(f"groups.{name}", "no group has one", "add it to a row", f"groups.{name}")
    if not any(group.kind == "CALL_CENTER" for group in groups):
        yield advice("groups.kind", "no group is a CALL_CENTER", "list one with a member who answers", "CALL_CENTER")


def remarks_on_destinations(profile: Profile) -> Iterator[Remark]:
    """Yield what the destinations of a profile leave untested, and which of them are never called."""
    if not profile.destinations:
        yield error("destinations", "there is nowhere to connect a call to", "list a destination")
        return
    for kind in _KINDS:
        if not profile.destinations_of(kind):
            yield advice("destinations.kind", f"no destination of kind {kind!r}", "list one", kind)
    numbers = profile.destinations_of("pstn")
    if numbers and not any(row.calling_number for row in numbers):
        yield advice(
            "destinations.calling_number", "no number has one", "give one your PBX owns", "destinations.calling_number"
        )
    if numbers and all(row.outcome in ("", "answers") for row in profile.destinations):
        gap = "destinations.outcome"
        yield advice(gap, "every call is answered there", "list a number that is busy", gap)
    for number, row in enumerate(profile.destinations):
        yield from _destination(f"destinations[{number}]", row)


def _destination(key: str, row: Destination) -> Iterator[Remark]:
    if dials_forbidden_number(row.value):
        yield error(f"{key}.value", "an emergency or special-service number is never dialled", "take it out")
    elif row.kind == "pstn" and not looks_diallable(row.value):
        yield error(f"{key}.value", "that is no telephone number", "write its digits, or give another kind")
    if row.calling_number and dials_forbidden_number(row.calling_number):
        yield error(f"{key}.calling_number", "an emergency or special-service number is never shown", "take it out")


def remarks_on_absent(profile: Profile) -> Iterator[Remark]:
    """Yield what those proven absent leave untested; one who is listed after all is a danger."""
    absent = profile.absent
    if not absent.users:
        yield advice("absent.users", "no user is proven absent", "list selectors of nobody", "absent.users")
    elif not any(
        resembles(str(value), str(getattr(user, name)))
        for row in absent.users
        for name, value in row.items()
        for user in profile.users
    ):
        yield advice("absent.users", "none resembles a real user", "list one that differs by a letter", "look-alike")
    if not absent.groups:
        yield advice("absent.groups", "no group is proven absent", "list a selector of no group", "absent.groups")
    for kind, rows, listed in (("users", absent.users, profile.users), ("groups", absent.groups, profile.groups)):
        for number, row in enumerate(rows):
            if any(_is_listed(name, value, listed) for name, value in row.items()):
                yield error(f"absent.{kind}[{number}]", f"it is among the {kind} as well", "take it out of one")


def remarks_on_doubles(profile: Profile) -> Iterator[Remark]:
    """Yield selectors and destinations that are given twice, and those nobody may dial."""
    for kind, rows in (("users", profile.users), ("groups", profile.groups)):
        for name in SELECTORS:
            yield from _doubles(kind, name, [getattr(row, name, None) for row in rows])
    counted = Counter(normal_form(row.value) for row in profile.destinations)
    for number, row in enumerate(profile.destinations):
        if counted[normal_form(row.value)] > 1:
            yield advice(f"destinations[{number}].value", "it is listed twice", "take one out")


def _doubles(kind: str, name: str, values: list[Any]) -> Iterator[Remark]:
    forms = [normal_form(value) if value not in (None, "") else "" for value in values]
    counted = Counter(form for form in forms if form)
    for number, form in enumerate(forms):
        key = f"{kind}[{number}].{name}"
        if counted[form] > 1:
            tell = advice if name in _SHARED else error
            yield tell(key, "another row has the same", "tell the two apart: it rings both")
        if name != "id" and is_emergency_number(form):
            yield error(key, "it reads as an emergency number and is never sent", "leave it out")


def resembles(value: str, other: str) -> bool:
    """Tell whether one text is a part of the other, or they begin alike: three letters at least."""
    shortest = min(len(value), len(other))
    return shortest >= _TELLING and (value in other or other in value or value[:_TELLING] == other[:_TELLING])


def _is_listed(name: str, value: object, rows: tuple[User, ...] | tuple[Group, ...]) -> bool:
    return any(normal_form(getattr(row, name, "")) == normal_form(value) for row in rows)
