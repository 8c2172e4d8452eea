"""What one call may not do to another: limits, state from call to call, and calls in flight together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from basix_contract.suite._scenario import CALLBACK_URL, Scenario
from basix_contract.suite.plan._basics import examples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from basix_contract.profile import User
    from basix_contract.suite._scenario import Step
    from basix_contract.suite.plan._desk import Desk

_PAIR = 2
_SHARES = 1  # who gives the first user's callback_url as well
_SHORT_S, _ROUND_S = 1, 10
_TWICE = "state/same-request-twice"
_STICKS = ("state/nothing-sticks",)


def plan_state(desk: Desk) -> tuple[Scenario, ...]:
    """Plan everything that only several calls together can show."""
    return (
        *desk.family("limits", _limits(desk), phase="limits"),
        *desk.family("state", _state(desk), phase="alone", is_settled=True),
        *desk.family("twice", _twice(desk), phase="alone", is_settled=True),
        *_crowd(desk),
        *desk.family("concurrency", _together(desk), phase="burst", is_parallel=True),
        *desk.family("unbounded", (*_round_timeout(desk), *_without_timeout(desk)), phase="unbounded"),
    )


def _limits(desk: Desk) -> Iterator[Step]:
    limited, other = desk.profile.users_who("limited"), desk.next_user()
    if not limited or other is None:
        return
    forms = dict(_limited_forms(desk))
    controls = {form: desk.control("limits", other, desk.call(other, **members)) for form, members in forms.items()}
    yield from controls.values()
    calls = [
        (form, f"a user at the channel limit, the destination {form}", desk.call(user, **members), user)
        for user in limited
        for form, members in forms.items()
    ]
    for form, title, body, user in (*(("as text", *example) for example in examples(desk, "limited")), *calls):
        control = controls[form].id
        yield desk.step(
            "limits/channel-limit",
            title,
            body,
            user=user,
            expect="refuse",
            control=control,
            judged_by=("limits/error-id",),
        )
        yield desk.step(
            "limits/others-still-work", "another user after that", desk.call(other), user=other, control=control
        )


def _limited_forms(desk: Desk) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "as text", {"callback_url": CALLBACK_URL}
    for number in desk.numbers()[:1]:
        yield "as an object", {"destination": {"called_number": number.value}}
        yield "behind braces", {"destination": "{name=Olive}" + number.value}


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
        ("a request without destination", desk.call(user, destination=None, callback_url=CALLBACK_URL)),
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
        after = f"a good call after {title}"
        yield desk.step("state/after-error", after, desk.call(user), user=user, judged_by=_STICKS)


def _twice(desk: Desk) -> Iterator[Step]:
    """Send one request again and again, with another callback_url, with none, and with the very same one."""
    user = desk.next_user()
    if user is None:
        return
    body = desk.call(user)
    for title in ("a request", "the same request again", "the same request a third time"):
        yield desk.step("twice", title, body, user=user, judged_by=(_TWICE,))
    for other in (user, *desk.profile.users_who("rejects")[:1]):
        yield from _with_one_url(desk, other, (_TWICE,))


def _with_one_url(desk: Desk, user: User, judged_by: tuple[str, ...]) -> Iterator[Step]:
    body = desk.call(user, callback_url=CALLBACK_URL)
    first = desk.step("twice", f"a request of {desk.alias(user)} with a callback_url", body, user=user)
    yield first
    title = f"the same request of {desk.alias(user)} with the same callback_url"
    yield desk.step("twice", title, body, user=user, callback_of=first.id, judged_by=judged_by)


def _crowd(desk: Desk) -> tuple[Scenario, ...]:
    """Ring everyone at once, for a group where they are in one, after each of them was rung alone in the same words."""
    users = desk.profile.users_who("answers", "rejects")
    if len(desk.profile.users_who("answers")) < _PAIR:
        return ()
    bodies = [(user, desk.call(user, callback_url=CALLBACK_URL, **_group_of(desk, user))) for user in users]
    alone = [desk.step("crowd", f"{desk.alias(user)}, alone", body, user=user) for user, body in bodies]
    crowd = [
        desk.step("concurrency/accepted", f"{desk.alias(user)}, in a crowd", body, user=user, control=control.id)
        for (user, body), control in zip(bodies, alone, strict=True)
    ]
    return (
        *desk.family("crowd-alone", alone, phase="alone", is_settled=True),
        *desk.family("crowd", crowd, phase="crowd", is_parallel=True, is_settled=True),
    )


def _group_of(desk: Desk, user: User) -> dict[str, Any]:
    for group in desk.groups_of(user)[-1:]:
        return dict([next(iter(desk.group_members(group).items()))])
    return {}


def _together(desk: Desk) -> Iterator[Step]:
    """Ring everyone at once who can ring, each with other legs and another end; two of them share a callback_url."""
    users = desk.profile.users_who("answers", "rejects", "busy")
    if len(desk.profile.users_who("answers")) < _PAIR:
        return
    first = ""
    for user in users:
        step = desk.step(
            "concurrency/accepted" if user.outcome != "busy" else "concurrency",
            f"{desk.alias(user)}, while others ring",
            desk.call(user, callback_url=CALLBACK_URL),
            user=user,
            callback_of=first if user is users[_SHARES] else "",
            judged_by=("concurrency/callbacks", "concurrency/uuids"),
        )
        first = first or step.id
        yield step


def _round_timeout(desk: Desk) -> Iterator[Step]:
    """Ring somebody who never answers for a round number of seconds: whether it is given up at once shows soon.

    Nobody waits for the end of it: on real telephones this is not played, nor where that telephone is wanted again.
    """
    users = desk.profile.users_who("never-answers")
    for user in () if desk.is_remote else users[:-1][:1]:
        yield desk.step(
            "timing",
            f"nobody answers within {_ROUND_S} s",
            desk.call(user, answer_timeout=_ROUND_S, callback_url=CALLBACK_URL),
            user=user,
            answer_timeout_s=_ROUND_S,
            waits_s=_SHORT_S,
            judged_by=("timing/answer-timeout",),
        )


def _without_timeout(desk: Desk) -> Iterator[Step]:
    """Ring somebody who never answers without a timeout, right after a call with a short one.

    The telephone rings on when the run is over: on real ones this is not played.
    """
    other = desk.next_user()
    for user in desk.profile.users_who("never-answers")[-1:]:
        if other is None or desk.is_remote:
            return
        short = desk.call(other, answer_timeout=_SHORT_S)
        before = desk.step("state", "a call with a short answer_timeout", short, user=other, answer_timeout_s=_SHORT_S)
        yield before
        yield desk.step(
            "state",
            "a call without answer_timeout, after one with a short one",
            desk.call(user, callback_url=CALLBACK_URL),
            user=user,
            hunt_s=_SHORT_S,
            control=before.id,
            judged_by=_STICKS,
        )
