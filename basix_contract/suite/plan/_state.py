"""What one call may not do to another: limits, state from call to call, and calls in flight together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from basix_contract.suite._scenario import CALLBACK_URL, Scenario
from basix_contract.suite.plan._basics import examples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from basix_contract.profile import User
    from basix_contract.suite._scenario import Step
    from basix_contract.suite.plan._desk import Desk

_PAIR = 2
_OWN = ("concurrency/callbacks", "concurrency/uuids")
_STICKS = ("state/nothing-sticks",)


def plan_state(desk: Desk) -> tuple[Scenario, ...]:
    """Plan everything that only several calls together can show."""
    return (
        *desk.family("limits", _limits(desk), phase="limits"),
        *desk.family("state", _state(desk), phase="alone", is_settled=True),
        *desk.family("twice", _twice(desk), phase="alone", is_settled=True),
        *desk.family("crowd", _together(desk, ()), phase="crowd", is_parallel=True, is_settled=True),
        *desk.family("concurrency", _together(desk, _OWN), phase="burst", is_parallel=True),
    )


def _limits(desk: Desk) -> Iterator[Step]:
    limited, other = desk.profile.users_who("limited"), desk.next_user()
    if not limited or other is None:
        return
    control = desk.control("limits", other, desk.call(other, callback_url=CALLBACK_URL))
    yield control
    calls = [("a user at the channel limit", desk.call(user, callback_url=CALLBACK_URL), user) for user in limited]
    for title, body, user in (*examples(desk, "limited"), *calls):
        yield desk.step(
            "limits/channel-limit",
            title,
            body,
            user=user,
            expect="refuse",
            control=control.id,
            judged_by=("limits/error-id",),
        )
        yield desk.step(
            "limits/others-still-work", "another user after that", desk.call(other), user=other, control=control.id
        )


def _state(desk: Desk) -> Iterator[Step]:
    user, other = desk.next_user(), desk.next_user()
    if user is None or other is None:
        return
    yield _own(desk, user, "with a callback_url of its own", callback_url=CALLBACK_URL)
    yield _own(desk, other, "without a callback_url, after one that had it")
    yield _own(desk, user, "with another callback_url, after one that had none", callback_url=CALLBACK_URL)
    yield from _after_errors(desk, other)


def _own(desk: Desk, user: User, title: str, **members: object) -> Step:
    return desk.step("state/nothing-sticks", title, desk.call(user, **members), user=user, judged_by=_STICKS)


def _after_errors(desk: Desk, user: User) -> Iterator[Step]:
    bad: tuple[tuple[str, object], ...] = (
        ("a request without destination", desk.call(user, destination=None)),
        ("a request without a user", {"destination": desk.call(user)["destination"]}),
        ("a body that is no JSON", b"{"),
    )
    for title, body in bad:
        yield desk.step(
            "state/error",
            title,
            body,
            expect="answer",
            owes_envelope=False,
            user=None if body == b"{" else user,
        )
        yield desk.step("state/after-error", f"a good call after {title}", desk.call(user), user=user)


def _twice(desk: Desk) -> Iterator[Step]:
    user = desk.next_user()
    if user is None:
        return
    body, twice = desk.call(user), "state/same-request-twice"
    for title in ("a request", "the same request again", "the same request a third time"):
        yield desk.step("twice", title, body, user=user, judged_by=(twice,))


def _together(desk: Desk, judged_by: tuple[str, ...]) -> Iterator[Step]:
    """Ring everyone at once who can ring: each with other legs, another end and an own URL."""
    users = desk.profile.users_who("answers", "rejects", "busy")
    if len(desk.profile.users_who("answers")) < _PAIR:
        return
    for user in users:
        yield desk.step(
            "concurrency/accepted" if user.outcome != "busy" else "concurrency",
            f"{desk.alias(user)}, while others ring",
            desk.call(user, callback_url=CALLBACK_URL),
            user=user,
            judged_by=judged_by,
        )
