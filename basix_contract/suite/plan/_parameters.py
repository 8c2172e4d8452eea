"""Timeouts, auto_answer, calling_name, callback_url, unknown parameters, and all of them together."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING, Any

from basix_contract.suite._scenario import CALLBACK_PLACE, CALLBACK_URL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from basix_contract.profile import User
    from basix_contract.suite._scenario import Scenario, Step
    from basix_contract.suite.plan._desk import Desk

_DOCUMENTED_S, _LONGEST_RING_S = 180, 3600
_LONGEST_NAME = 64  # the kit's own bound, the document gives none
_NAMES = (
    "Thomas Jenkins",
    "0000000000",
    "A",
    "x" * _LONGEST_NAME,
    'He said "hi" & left <b>',
    "back\\slash 100% {name=x,y}",
    string.punctuation,
    "=1+1",
    "+81 Olive",
    "-Olive",
    "@Olive",
)
# The second makes a body of more than 1,500 bytes, which comes in several pieces on most networks.
_END_USERS = {
    "": {"id": "7", "name": "Olive Oyl", "organization": "Thimble", "prefecture": "Illinois"},
    ", with long texts": {
        "id": "7" * 20,
        **dict.fromkeys(("name", "organization", "prefecture"), "東京都千代田区" * 9),
    },
}
_URL_TAILS = {
    "with a path and a query": "/result?call={token}",
    "with nothing behind its token": "/",
    "of 300 letters": "/" + "r" * 200 + "?call={token}&note=" + "n" * 60,
    "with escapes": "/a%20b%2Fc?q=%E5%B1%B1",
    "with keys that look like parameters": "/?user_id=1&destination=2&callback_url=3",
}
_WRONG_TIMEOUTS: tuple[tuple[str, Any], ...] = (
    ("0", 0),
    ("-1", -1),
    ("-180", -180),
    ("1.5", 1.5),
    ("0.5", 0.5),
    ("text", "soon"),
    ("text that begins with digits", "30s"),
    ("true", True),
    ("a list", [30]),
    ("an object", {"seconds": 30}),
)
# Wrong in one thing each, and still nobody's but ours: whoever calls one all the same reaches our receiver.
_WRONG_URLS = {
    "by ftp": f"ftp://{CALLBACK_PLACE}",
    "by mailto": f"mailto:{CALLBACK_PLACE}",
    "without a scheme": CALLBACK_PLACE,
    "without a scheme, with slashes": f"//{CALLBACK_PLACE}",
    "with one slash": f"https:/{CALLBACK_PLACE}",
    "without a host": "http://",
    "that is a path": "/result_receiver",
    "that is no URL": "not a url",
}


def plan_parameters(desk: Desk) -> tuple[Scenario, ...]:
    """Plan every other parameter, at its boundaries and beyond them."""
    return (
        *desk.family("parameters", _valid(desk)),
        *desk.family("parameters-refused", _refused(desk)),
        *desk.family("parameters-open", _open(desk)),
    )


def _valid(desk: Desk) -> Iterator[Step]:
    for probe, title, members in _valid_rows(desk.longest_ring_s if desk.is_remote else _LONGEST_RING_S):
        user = desk.next_user()
        if user:
            yield desk.step(probe, title, desk.call(user, **members), user=user)
    for title, tail in _URL_TAILS.items():
        user = desk.next_user()
        if user:
            body = desk.call(user, callback_url=CALLBACK_URL)
            yield desk.step("parameters/callback-url", f"a callback_url {title}", body, user=user, callback_tail=tail)
    yield from _auto_answer(desk)
    yield from _together(desk)


def _valid_rows(longest_s: int) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for seconds in (1, 2, 30, 179, 180, 181, _LONGEST_RING_S):
        probe = "parameters/answer-timeout" if seconds <= _DOCUMENTED_S else "parameters/answer-timeout-above-180"
        if seconds <= longest_s:
            yield probe, f"answer_timeout {seconds}", {"answer_timeout": seconds}
    for name in _NAMES:
        yield "parameters/calling-name", f"calling_name {name[:20]!r}", {"calling_name": name}


def _auto_answer(desk: Desk) -> Iterator[Step]:
    for user in desk.profile.users_who("answers"):
        off = desk.call(user, auto_answer=False)
        yield desk.step("parameters/auto-answer", "auto_answer false", off, user=user)
    willing = next((row for row in desk.profile.users_who("answers") if row.auto_answer), None)
    if willing:
        on = desk.call(willing, auto_answer=True)
        yield desk.step("parameters/auto-answer", "auto_answer true", on, user=willing)
        named = desk.call(willing, auto_answer=True, calling_name="Olive")
        yield desk.step("parameters/auto-answer", "auto_answer beside calling_name", named, user=willing)


def _together(desk: Desk) -> Iterator[Step]:
    """Every parameter a call may carry beside its one selector and one group, in one request."""
    for user in desk.profile.users_who("answers"):
        group = next(iter(desk.groups_of(user)), None)
        number = next(iter(desk.numbers()), None)
        if group is None or number is None:
            continue
        name, value = next(iter(desk.group_members(group).items()))
        calling = {"calling_number": number.calling_number} if number.calling_number else {}
        for title, end_user in _END_USERS.items():
            body = desk.call(
                user,
                destination={"called_number": number.value, **calling, "end_user": end_user},
                answer_timeout=30,
                auto_answer=False,
                calling_name="Olive",
                callback_url=CALLBACK_URL,
                **{name: value},
            )
            yield desk.step("parameters/all-together", f"all parameters together{title}", body, user=user)
        return


def _refused(desk: Desk) -> Iterator[Step]:
    user = desk.next_user()
    if user is None:
        return
    good = {"answer_timeout": 30, "auto_answer": False, "calling_name": "Olive", "callback_url": CALLBACK_URL}
    control = desk.control("parameters", user, desk.call(user, **good))
    yield control
    for probe, title, members in _refused_rows():
        body = desk.call(user, **{**good, **members})
        yield desk.step(probe, title, body, user=user, expect="refuse", control=control.id)


def _refused_rows() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for title, value in _WRONG_TIMEOUTS:
        yield "parameters/answer-timeout-invalid", f"answer_timeout {title}", {"answer_timeout": value}
    for title, url in _WRONG_URLS.items():
        yield "parameters/callback-url-invalid", f"a callback_url {title}", {"callback_url": url}
    for name, value in (
        ("calling_name", ["Olive"]),
        ("calling_name", {"name": "Olive"}),
        ("callback_url", {}),
        ("callback_url", 7),
    ):
        yield "parameters/wrong-type", f"{name} {value!r}", {name: value}
    switches: tuple[Any, ...] = ([], {}, [True])
    for switch in switches:
        yield "parameters/wrong-type", f"auto_answer {switch!r}", {"auto_answer": switch}


def _open(desk: Desk) -> Iterator[Step]:
    user = desk.next_user()
    if user is None:
        return
    for probe, title, members in _open_rows(user):
        yield desk.step(probe, title, {**desk.call(user), **members}, user=user, expect="open")


def _open_rows(user: User) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for value in ("30", 30.0, "", None):
        yield "parameters/answer-timeout-open", f"answer_timeout {value!r}", {"answer_timeout": value}
    for off in ("false", 0, *(("true", 1) if user.auto_answer else ())):
        yield "parameters/auto-answer-open", f"auto_answer {off!r}", {"auto_answer": off}
    for name in ("", "x" * 300, "トーマス", "line\r\nend"):
        yield "parameters/calling-name-open", f"calling_name {name[:12]!r}", {"calling_name": name}
    for member, thing in (
        ("name_name", "x"),
        ("note", {"deep": [1, None]}),
        ("Destination", "x"),
        ("uuid", "x"),
    ):
        yield "parameters/unknown", f"an unknown parameter {member}", {member: thing}
