"""The covering set holds every pair of things that can stand together, and is small."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from basix_contract.profile import Profile, User
from basix_contract.strategies import covering
from basix_contract.strategies._people import people_of
from basix_contract.strategies._scope import scope_of
from tests.strategies.judging import URL, violations
from tests.strategies.test_valid import GROUPS, USERS

# What can be seen of a body from outside: the traits are told by its members and values alone.
TIMES: dict[str, range] = {"minimum": range(1, 3), "between": range(3, 179), "default": range(179, 181)}


def traits(body: dict[str, Any]) -> dict[str, str]:
    """A level for each factor, read off a body."""
    group = next((name for name in GROUPS if name in body), "absent")
    seconds = body.get("answer_timeout")
    return {
        "user": ", ".join(name for name in USERS if name in body),
        "group": f"{group} {body[group]}" if group == "group_resolver" else group,
        "destination": form(body["destination"]),
        "answer_timeout": next((label for label, span in TIMES.items() if seconds in span), "absent"),
        "auto_answer": str(body.get("auto_answer", "absent")),
        "calling_name": shown(body.get("calling_name")),
        "callback_url": "given" if "callback_url" in body else "absent",
    }


def form(place: Any) -> str:
    """The form of a destination: its members, or its keys in braces, or that it is a text."""
    if isinstance(place, str):
        keys = re.findall(r"[{,]([a-z]+)=", place)
        return f"inline {keys}" if keys else "text"
    person = place.get("end_user")
    inside = "none" if person is None else "several" if 1 < len(person) < 5 else ",".join(sorted(person))
    return f"object {'calling_number' in place} {inside}"


def shown(name: str | None) -> str:
    """The class of a calling_name."""
    if name is None:
        return "absent"
    lengths = {1: "one character", 63: "longest", 64: "longest"}
    kind = "number" if name.isdigit() else "words" if name.replace(" ", "").isalpha() else "punctuation"
    return lengths.get(len(name), kind)


def pairs(bodies: list[dict[str, str]]) -> set[frozenset[tuple[str, str]]]:
    """Every two traits that stand in one body."""
    return {frozenset(pair) for body in bodies for pair in itertools.combinations(body.items(), 2)}


def every_pair(levels: dict[str, set[str]]) -> Iterator[frozenset[tuple[str, str]]]:
    """Every two levels of different factors."""
    for (one, left), (other, right) in itertools.combinations(levels.items(), 2):
        yield from (frozenset({(one, a), (other, b)}) for a, b in itertools.product(left, right))


def levels_of(bodies: list[dict[str, str]]) -> dict[str, set[str]]:
    """The levels that occur, by factor."""
    return {factor: {body[factor] for body in bodies} for factor in bodies[0]}


@pytest.fixture(scope="module")
def versatile(profile: Profile) -> Profile:
    """A profile of one user who can have everything, so that no pair is impossible."""
    return replace(profile, users=tuple(user for user in profile.users if user.name == "jessica"))


def test_every_pair_of_levels_occurs(versatile: Profile) -> None:
    """With a user who can have it all, any two levels of any two factors meet in some body."""
    seen = [traits(body) for body in covering(versatile, callback_url=URL)]
    levels = levels_of(seen)

    assert {factor: len(found) for factor, found in levels.items()} == {
        "user": 7,
        "group": 8,
        "destination": 13,
        "answer_timeout": 4,
        "auto_answer": 3,
        "calling_name": 6,
        "callback_url": 2,
    }
    assert set(every_pair(levels)) - pairs(seen) == set()


def test_without_a_profile_every_pair_occurs() -> None:
    """Selectors, groups, forms and the presence of each option meet, each with each other."""
    seen = [traits(body) for body in covering()]
    loose = [{**body, "calling_name": str(body["calling_name"] != "absent")} for body in seen]
    levels = levels_of(loose)

    assert len(levels["user"]) == 8
    assert len(levels["group"]) == 8
    assert set(every_pair(levels)) - pairs(loose) == set()


def test_of_several_people_every_pair_that_one_of_them_can_have_occurs(profile: Profile) -> None:
    """What no single user can have together is not asked for; all else is there."""
    whole = pairs([traits(body) for body in covering(profile, callback_url=URL)])
    for person in people_of(scope_of(profile, callback_url=URL)):
        assert isinstance(person.row, User)
        alone = replace(profile, users=(person.row,))
        missing = pairs([traits(body) for body in covering(alone, callback_url=URL)]) - whole
        # Alone, the bodies of one user hold by chance pairs of traits that are no levels of the plan.
        assert {pair for pair in missing if "text" not in dict(pair).get("destination", "")} == set()


def test_the_set_is_small(profile: Profile) -> None:
    """It is hardly larger than its two largest factors make unavoidable."""
    assert len(covering()) <= 120
    assert len(covering(profile, callback_url=URL)) <= 135
    assert len({str(body) for body in covering(profile, callback_url=URL)}) == len(covering(profile, callback_url=URL))


def test_the_set_is_the_same_every_time(profile: Profile) -> None:
    """No chance is in it."""
    assert covering(profile) == covering(profile)
    assert covering() == covering()


def test_the_work_is_spread(profile: Profile) -> None:
    """Everybody who answers is named, nobody in half of the bodies; values of a class take turns."""
    bodies = covering(profile)
    named = [
        user.name
        for body in bodies
        for user in profile.users
        if all(getattr(user, name.removeprefix("user_")) == body[name] for name in USERS if name in body)
    ]

    assert min(named.count(user.name) for user in profile.users_who("answers")) >= 5
    assert max(named.count(user.name) for user in profile.users) < len(bodies) / 2
    assert {body["answer_timeout"] for body in bodies if "answer_timeout" in body} >= {1, 2, 30, 179, 180}


def test_bodies_conform(profile: Profile) -> None:
    """Both judges find nothing in any body."""
    for bodies in (covering(), covering(profile, callback_url=URL), covering(profile, allows_invention=True)):
        assert [body for body in bodies if violations(body)] == []


def test_a_body_is_the_callers_own() -> None:
    """Changing one body changes no other, and no later set."""
    before = str(covering())
    for body in covering():
        if isinstance(body["destination"], dict):
            body["destination"].clear()
        body.clear()

    assert str(covering()) == before
