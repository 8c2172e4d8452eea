"""A call that somebody watches: what only a person can see or hear is asked once it is over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from basix_contract.contract import load_ledger
from basix_contract.suite._people import check_of
from basix_contract.suite._scenario import CALLBACK_URL, Question

if TYPE_CHECKING:
    from collections.abc import Iterator

    from basix_contract.contract import Requirement
    from basix_contract.profile import Destination, User
    from basix_contract.suite._scenario import Scenario, Step
    from basix_contract.suite.plan._desk import Desk

_PROBE = "people/watched"
_SHOWN = "Thomas Jenkins"
_SHOWN_DIGITS = 3


def plan_people(desk: Desk) -> tuple[Scenario, ...]:
    """Plan one call to be watched, where real telephones ring."""
    return desk.family("people", _watched(desk), phase="alone", is_settled=True) if desk.is_remote else ()


def _watched(desk: Desk) -> Iterator[Step]:
    """Ring the user with the most telephones, for a number that has a calling_number, if there is one."""
    users = sorted(desk.profile.users_who("answers"), key=lambda user: user.terminals or 0)
    places = sorted(desk.profile.destinations, key=lambda row: (row.kind == "pstn", bool(row.calling_number)))
    if not (users and places):
        return
    user, place = users[-1], places[-1]
    questions = tuple(_questions(desk, user, place))
    body = desk.call(user, destination=_written(place), calling_name=_SHOWN, callback_url=CALLBACK_URL)
    judged_by = tuple(check_of(question.row) for question in questions)
    yield desk.step(
        _PROBE, "a call to be watched by a person", body, user=user, judged_by=judged_by, questions=questions
    )


def _written(place: Destination) -> Any:
    if not place.calling_number:
        return place.value
    return {"called_number": place.value, "calling_number": place.calling_number}


def _questions(desk: Desk, user: User, place: Destination) -> Iterator[Question]:
    row = f"destinations[{desk.profile.destinations.index(place)}]"
    plain = {
        "user": desk.alias(user),
        "destination": f"{row} …{place.value[-_SHOWN_DIGITS:]}",
        "calling_number": f"…{place.calling_number[-_SHOWN_DIGITS:]}" if place.calling_number else "",
        "calling_name": _SHOWN,
    }
    named = {
        **plain,
        "user": user.label or user.name or desk.alias(user),
        "destination": place.value,
        "calling_number": place.calling_number,
    }
    for requirement in load_ledger().for_role("server"):
        asks = _asked(requirement)
        if asks and _can_be_seen(requirement, user, place):
            yield Question(requirement.id, asks.format(**plain), asks.format(**named))


def _asked(requirement: Requirement) -> str:
    return requirement.excluded.asks if requirement.excluded else ""


def _can_be_seen(requirement: Requirement, user: User, place: Destination) -> bool:
    """Tell whether this call can show it: two telephones for one that stops, a calling_number for one that is shown."""
    asks = _asked(requirement)
    if "the others" in asks:
        return (user.terminals or 0) > 1
    return "{calling_number}" not in asks or bool(place.calling_number)
