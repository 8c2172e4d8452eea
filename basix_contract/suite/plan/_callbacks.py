"""The result callback: one call after another, each over before the next, so that nothing can be mixed up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from basix_contract.suite._scenario import CALLBACK_URL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from basix_contract.profile import Destination, User
    from basix_contract.suite._scenario import Scenario, Step
    from basix_contract.suite.plan._desk import Desk

# What tempts software to alter a URL, after the token has stood unaltered: encoded slashes and signs,
# capitals, plus and tilde, empty and repeated keys, an encoded ampersand, a slash at the end. Only spellings
# that no URL library rewrites on its own: lower-case %xx, for one, is put in capitals by some that are in wide use.
_TEMPTING_TAILS = (
    "/Result%2FReceiver/a+b~c/?Call={token}&k=1&k=2&empty=&sum=1%2B1%3D2&and=%26&last",
    "/UPPER/lower/%E5%B1%B1%7B%7D/;p=1,2/!$'()*?q=%20%23%25&z=a/b?c:@&A=%C3%A9",
    "/trailing/",
)
_NOBODY_ANSWERS = {"rejects": "callback/rejects", "busy": "callback/busy"}
_SHORT_S, _LONG_S = 1, 4
_ALWAYS = ("callback/truth", "callback/uuid")


def plan_callbacks(desk: Desk) -> tuple[Scenario, ...]:
    """Plan the callbacks of answered calls, of rejected and busy ones, and of hunts that time out."""
    how = {"phase": "alone", "is_settled": True}
    return (
        *desk.family("callback-answered", _answered(desk), **how),
        *desk.family("callback-url", _tempting(desk), **how),
        *desk.family("callback-not-answered", _not_answered(desk), **how),
        *desk.family("callback-second-leg", _second_leg(desk), **how),
        *desk.family("callback-refused", _after_refusal(desk), is_settled=True),
        *_never_answers(desk),
    )


def _answered(desk: Desk) -> Iterator[Step]:
    for user in desk.profile.users_who("answers")[:3]:
        yield _call(desk, user, "the user answers", "callback/answered")


def _call(
    desk: Desk,
    user: User,
    title: str,
    arrival: str,
    *,
    tail: str = "",
    destination: Destination | None = None,
) -> Step:
    members = {"callback_url": CALLBACK_URL, **({"destination": destination.value} if destination else {})}
    return desk.step(
        "callback",
        title,
        desk.call(user, **members),
        user=user,
        judged_by=(arrival, *_ALWAYS),
        callback_tail=tail,
    )


def _tempting(desk: Desk) -> Iterator[Step]:
    for tail in _TEMPTING_TAILS:
        user = desk.next_user()
        if user:
            yield _call(desk, user, "a callback_url that tempts alteration", "callback/url", tail=tail)


def _not_answered(desk: Desk) -> Iterator[Step]:
    for outcome, arrival in _NOBODY_ANSWERS.items():
        for user in desk.profile.users_who(outcome)[:1]:
            yield _call(desk, user, f"the user {outcome}" if outcome != "busy" else "the user is busy", arrival)


def _second_leg(desk: Desk) -> Iterator[Step]:
    for destination in desk.profile.destinations:
        user = desk.next_user()
        if user and destination.outcome not in ("", "answers"):
            title = f"the user answers, the destination is {destination.outcome}"
            yield _call(desk, user, title, "callback/first-leg-only", destination=destination)


def _after_refusal(desk: Desk) -> Iterator[Step]:
    for status in (500, 302):
        user = desk.next_user()
        if user:
            yield desk.step(
                "callback",
                f"the callback is answered {status}",
                desk.call(user, callback_url=CALLBACK_URL),
                user=user,
                judged_by=("callback/after-refusal",),
                callback_answers=(status, 200),
            )


def _never_answers(desk: Desk) -> tuple[Scenario, ...]:
    """Ring those who never answer for a short and a long while, one after the other on the same telephone."""
    silent = desk.profile.users_who("never-answers")
    if not silent:
        return ()
    first, last = silent[0], silent[-1]
    short = (_ring(desk, first, _SHORT_S, "callback"), _ring(desk, first, _SHORT_S, "state/after-no-answer"))
    long = (_ring(desk, last, _LONG_S, "callback"),)
    if first is last:
        return desk.family("never-answers", short + long, phase="long", is_settled=True)
    return (
        *desk.family("never-answers-short", short, phase="long", is_settled=True),
        *desk.family("never-answers-long", long, phase="long", is_settled=True),
    )


def _ring(desk: Desk, user: User, seconds: int, probe: str) -> Step:
    return desk.step(
        probe,
        f"nobody answers within {seconds} s",
        desk.call(user, answer_timeout=seconds, callback_url=CALLBACK_URL),
        user=user,
        answer_timeout_s=seconds,
        judged_by=("callback/never-answers", "timing/answer-timeout", "timing/reply-before-answer", *_ALWAYS),
    )
