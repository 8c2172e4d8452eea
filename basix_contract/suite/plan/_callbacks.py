"""The result callback: one call after another, each over before the next, so that nothing can be mixed up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
    "/two//slashes///in/a/row?x=//y",
    "/long/" + "p" * 150 + "?Call={token}&text=" + "%41" * 20 + "q" * 120 + "&end",
    "/padded/?token=YWJj==&k=1&pad==&none=&bare",
    "/percent/%25s%25d%25%25?format=%25(name)s%7B0%7D",
)
_NOBODY_ANSWERS = {"rejects": "callback/rejects", "busy": "callback/busy"}
_SHORT_S, _LONG_S = 1, 4
_TELLING_NAMES = ("timeout=9;{answer_timeout=9}", "Jenkins, Thomas = T|J")
_ALWAYS = ("callback/truth", "callback/uuid")
_TOLD = ("callback/answered", *_ALWAYS)


def plan_callbacks(desk: Desk) -> tuple[Scenario, ...]:
    """Plan the callbacks of answered calls, of rejected and busy ones, and of hunts that time out."""
    how: dict[str, Any] = {"phase": "alone", "is_settled": True}
    return (
        *desk.family("callback-answered", _answered(desk), **how),
        *desk.family("callback-with", _with_other_members(desk), **how),
        *desk.family("callback-url", _tempting(desk), **how),
        *desk.family("callback-not-answered", _not_answered(desk), **how),
        *desk.family("callback-second-leg", _second_leg(desk), **how),
        *desk.family("callback-acknowledged", _acknowledged(desk), is_settled=True),
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
    destination: object = None,
) -> Step:
    members = {"callback_url": CALLBACK_URL, **({"destination": destination} if destination else {})}
    return desk.step(
        "callback",
        title,
        desk.call(user, **members),
        user=user,
        judged_by=(arrival, *_ALWAYS),
        callback_tail=tail,
    )


def _with_other_members(desk: Desk) -> Iterator[Step]:
    """Ask for the result of calls that carry something more, one thing at a time."""
    for user in desk.profile.users_who("answers")[:1]:
        rest = dict.fromkeys(desk.base_selector(user))
        rows: list[tuple[str, dict[str, Any]]] = [
            (name, {**rest, name: value}) for name, value in desk.selectors_of(user).items()
        ]
        rows += [("a calling_name", {"calling_name": "Olive"}), ("auto_answer false", {"auto_answer": False})]
        rows += [("auto_answer true", {"auto_answer": True})] if user.auto_answer else []
        rows += [("an answer_timeout", {"answer_timeout": 30})]
        for group in desk.groups_of(user)[:1]:
            rows += [(name, {name: value}) for name, value in desk.group_members(group).items()]
            rows += [("a group_resolver", {"group_resolver": "*"})]
        rows += list(_destinations(desk, user))
        for title, members in rows:
            body = desk.call(user, **{"callback_url": CALLBACK_URL, **members})
            probe = "selectors/callback" if members.keys() & set(desk.user_selectors) else "callback"
            yield desk.step(probe, f"the result of a call with {title}", body, user=user, judged_by=_TOLD)


def _destinations(desk: Desk, user: User) -> Iterator[tuple[str, dict[str, Any]]]:
    for row in desk.profile.destinations:
        if row.kind != "pstn" and row.value not in (user.name, user.extension):
            yield f"a {row.kind} as destination", {"destination": row.value}
    for number in desk.numbers()[:1]:
        details = {"called_number": number.value, "end_user": {"name": "Olive Oyl", "organization": "Thimble"}}
        yield "a destination object", {"destination": details}
        yield "an inline destination", {"destination": "{name=Olive,organization=Thimble}" + number.value}


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
        if destination.outcome in ("", "answers"):
            continue
        for form, value in _forms(destination):
            user = desk.next_user()
            if user:
                title = f"the user answers, the destination, {form}, is {destination.outcome}"
                yield _call(desk, user, title, "callback/first-leg-only", destination=value)


def _forms(destination: Destination) -> Iterator[tuple[str, Any]]:
    yield "as text", destination.value
    if destination.kind == "pstn":
        yield "as an object", {"called_number": destination.value}
        yield "behind braces", "{name=Olive}" + destination.value


def _acknowledged(desk: Desk) -> Iterator[Step]:
    """Acknowledge callbacks in every way there is: whatever begins with a 2 is one."""
    for status in (201, 202, 204):
        user = desk.next_user()
        if user:
            yield desk.step(
                "callback",
                f"the callback is acknowledged with {status}",
                desk.call(user, callback_url=CALLBACK_URL),
                user=user,
                callback_answers=(status,),
            )


def _after_refusal(desk: Desk) -> Iterator[Step]:
    for status in (500, 302, 503):
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
    """Ring those who never answer for a short and a long while: one in the same words, one in others each time.

    Long comes after short in the same words: what stuck from the first call would end the second too soon.
    """
    silent = desk.profile.users_who("never-answers")
    how: dict[str, Any] = {"phase": "long", "is_settled": True}
    first = []
    for user in silent[:1]:
        once = _ring(desk, user, _SHORT_S, "callback", _wording(desk, user, 0))
        again = _ring(desk, user, _LONG_S, "state/after-no-answer", _wording(desk, user, 0), control=once.id)
        first += [once, again]
    other = [
        _ring(desk, user, seconds, "callback", _wording(desk, user, turn))
        for user in silent[1:2]
        for turn, seconds in ((1, _LONG_S), (2, _SHORT_S))
    ]
    # Who rings for long begins first: timers that wait for those set before them would end the short hunts late.
    return (
        *desk.family("never-answers-elsewhere", other, **how),
        *desk.family("never-answers", first, **how),
        *desk.family("never-answers-twice", _two_at_once(desk, (*first, *other)), phase="long"),
    )


def _are_several(desk: Desk) -> bool:
    """Tell whether calls in flight together are played at all: one telephone alone does not show much of them."""
    return len(desk.profile.users_who("answers")) > 1


def _two_at_once(desk: Desk, alone: tuple[Step, ...]) -> Iterator[Step]:
    """Ring somebody who never answers, and at once again; a telephone that rings may rightly count as busy.

    `alone` are the calls to such users by themselves, from which these differ in being two.
    """
    short = {step.intent.user: step.id for step in alone if step.intent.answer_timeout_s == _SHORT_S}
    for user in desk.profile.users_who("never-answers")[-1:] if _are_several(desk) and not desk.is_remote else ():
        for turn in range(2):
            body = desk.call(user, answer_timeout=_SHORT_S, callback_url=CALLBACK_URL)
            yield desk.step(
                "concurrency",
                "a telephone that is to ring" if not turn else "the same telephone while it rings",
                body,
                user=user,
                expect="envelope" if turn else "accept",
                answer_timeout_s=_SHORT_S,
                is_beside=bool(turn),
                control=short.get(desk.alias(user), ""),
                judged_by=("concurrency/callbacks",),
            )


def _wording(desk: Desk, user: User, turn: int) -> dict[str, Any]:
    """Name a user by another selector, and a number in another form, each time."""
    own = list(desk.selectors_of(user).items())
    name, value = own[turn % len(own)]
    members: dict[str, Any] = {**dict.fromkeys(desk.base_selector(user)), name: value}
    if turn:
        members["calling_name"] = _TELLING_NAMES[turn % len(_TELLING_NAMES)]
    for number in desk.numbers()[:1]:
        forms: tuple[Any, ...] = (number.value, {"called_number": number.value}, "{name=Olive}" + number.value)
        members["destination"] = forms[turn % len(forms)]
    return members


def _ring(desk: Desk, user: User, seconds: int, probe: str, members: dict[str, Any], *, control: str = "") -> Step:
    hunt = "state/nothing-sticks" if probe.startswith("state/") else "timing/answer-timeout"
    return desk.step(
        probe,
        f"nobody answers within {seconds} s",
        desk.call(user, **{**members, "answer_timeout": seconds, "callback_url": CALLBACK_URL}),
        user=user,
        answer_timeout_s=seconds,
        control=control,
        judged_by=("callback/never-answers", hunt, "timing/reply-before-answer", *_ALWAYS),
    )
