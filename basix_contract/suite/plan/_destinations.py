"""Destinations: each kind, the object and inline forms, and what is no destination at all."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from basix_contract.suite._scenario import CALLBACK_URL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from basix_contract.profile import Destination
    from basix_contract.suite._scenario import Scenario, Step
    from basix_contract.suite.plan._desk import Desk

_END_USER: dict[str, str] = {
    "id": "11223344",
    "name": "Olive Oyl",
    "organization": "Thimble & Sons, Ltd.",
    "avatar": "https://pictures.example/olive.png",
    "prefecture": "Illinois",
}
_UNICODE: tuple[dict[str, str], ...] = (
    {"name": "山田 太郎", "organization": "株式会社テスト", "prefecture": "東京都"},
    {"name": "Zoë Ångström-O’Neill", "organization": "Čapek & søn"},
    {"name": "😀 emoji", "prefecture": "עברית"},
    {"name": "カ\u3099ラ", "organization": "Zoe\u0308", "prefecture": "❤\ufe0f"},
    {"name": "葛\U000e0100城", "organization": "👩\u200d👧 \U00020bb7野家", "prefecture": "ﾎｯｶｲﾄﾞｳ"},
)
_SIGNS: tuple[dict[str, str], ...] = (
    {"name": 'quotes " and \\ back', "organization": "a,b={c}d|e*f%20g+h"},
    {"name": "O'Brien", "prefecture": "<b>&amp;</b>; DROP TABLE calls;--"},
    {"id": "0", "name": "0"},
    {"name": "Olive: Oyl", "avatar": "https://pictures.example/4711?size=64"},
)
_INLINE = (
    "{name=Charles Xavier,organization=X-Men}",
    "{name=Charles Xavier}",
    "{organization=X-Men}",
    "{organization=X-Men,name=Charles}",
    "{name=Charles: the first}",
)
_INLINE_UNICODE = (
    "{name=山田太郎}",
    "{organization=株式会社テスト,name=Zoë Čapek}",
)
_INLINE_OTHER = (
    "{id=11223344}",
    "{prefecture=Illinois}",
    "{name=Olive,avatar=olive.png}",
    "{avatar=https://pictures.example/4711}",
)
_NO_DESTINATION: tuple[tuple[str, Any], ...] = (
    ("empty", ""),
    ("null", None),
    ("true", True),
    ("a list", ["0"]),
    ("zero", 0),
)


def plan_destinations(desk: Desk) -> tuple[Scenario, ...]:
    """Plan everything about where an answered call is connected to."""
    return (
        *desk.family("destination", _kinds(desk)),
        *desk.family("destination-object", _objects(desk)),
        *desk.family("destination-inline", _inline(desk)),
        *desk.family("destination-refused", _refused(desk)),
        *desk.family("destination-open", _open(desk)),
    )


def _kinds(desk: Desk) -> Iterator[Step]:
    for row in desk.profile.destinations:
        user = desk.next_user_but(row)
        if user:
            yield desk.step(
                f"destination/{row.kind}", f"a {row.kind}", desk.call(user, destination=row.value), user=user
            )


def _objects(desk: Desk) -> Iterator[Step]:
    for number in desk.numbers()[:1]:
        for probe, title, members in _object_forms(number):
            user = desk.next_user()
            body = {"called_number": number.value, **members}
            if user:
                yield desk.step(probe, title, desk.call(user, destination=body), user=user)


def _object_forms(number: Destination) -> Iterator[tuple[str, str, dict[str, Any]]]:
    yield "destination/object", "an object with called_number alone", {}
    if number.calling_number:
        own = {"calling_number": number.calling_number}
        yield "destination/calling-number", "an object with an own calling_number", own
        yield "destination/end-user", "calling_number and end_user", {**own, "end_user": _END_USER}
    for size in (1, 2, 5):
        for names in itertools.combinations(_END_USER, size):
            part = {name: _END_USER[name] for name in names}
            yield "destination/end-user", f"end_user with {', '.join(names)}", {"end_user": part}
    for part in _SIGNS:
        yield "destination/end-user", "end_user texts with signs", {"end_user": part}
    for part in _UNICODE:
        yield "destination/end-user-unicode", "end_user texts outside ASCII", {"end_user": part}
    for number_ in (11223344, 2**31, 2**32 + 1):
        yield "destination/end-user-id-integer", "an integer end_user.id", {"end_user": {"id": number_}}


def _inline(desk: Desk) -> Iterator[Step]:
    for number in desk.numbers()[:1]:
        rows = (("destination/inline", _INLINE + _INLINE_UNICODE), ("destination/inline-other-keys", _INLINE_OTHER))
        for probe, forms in rows:
            for form in forms:
                user = desk.next_user()
                if user:
                    body = desk.call(user, destination=form + number.value)
                    yield desk.step(probe, f"inline {form}", body, user=user)
        for user in desk.profile.users_who("answers"):
            for group in desk.groups_of(user)[:1]:
                context = dict([next(iter(desk.group_members(group).items()))])
                control = desk.step("destination", "a number, for a group", desk.call(user, **context), user=user)
                yield control
                body = desk.call(user, destination=_INLINE[0] + number.value, **context)
                yield desk.step("destination/inline", "inline, for a group", body, user=user, control=control.id)


def _refused(desk: Desk) -> Iterator[Step]:
    user, number = desk.next_user(), next(iter(desk.numbers()), None)
    if user is None or number is None:
        return
    body = desk.call(user, destination={"called_number": number.value}, callback_url=CALLBACK_URL)
    control = desk.control("destination", user, body)
    yield control
    bare = {name: value for name, value in body.items() if name != "destination"}
    for probe, title, members in _wrong_destinations(number):
        yield desk.step(probe, title, {**bare, **members}, user=user, expect="refuse", control=control.id)


def _wrong_destinations(number: Destination) -> Iterator[tuple[str, str, dict[str, Any]]]:
    yield "destination/absent", "no destination", {}
    for title, value in _NO_DESTINATION:
        yield "destination/not-a-destination", f"destination {title}", {"destination": value}
    lacking = "destination/no-called-number"
    yield lacking, "an empty object", {"destination": {}}
    yield lacking, "an object with end_user alone", {"destination": {"end_user": {"name": "Olive"}}}
    yield lacking, "an empty called_number", {"destination": {"called_number": ""}}
    yield lacking, "called_number null", {"destination": {"called_number": None}}
    yield lacking, "called_number misspelt", {"destination": {"calledNumber": number.value}}
    if number.calling_number:
        only = {"calling_number": number.calling_number}
        yield lacking, "an object with calling_number alone", {"destination": only}


def _open(desk: Desk) -> Iterator[Step]:
    number, user = next(iter(desk.numbers()), None), desk.next_user()
    if number is None or user is None:
        return
    for probe, title, destination in _open_forms(desk, number):
        yield desk.step(probe, title, desk.call(user, destination=destination), user=user, expect="open")


def _open_forms(desk: Desk, number: Destination) -> Iterator[tuple[str, str, Any]]:
    people = "destination/end-user-open"
    for title, end_user in (
        ("an empty end_user", {}),
        ("an unknown member of end_user", {"name": "Olive", "shoe_size": "38"}),
        ("an avatar that is no URL", {"avatar": "olive.png"}),
    ):
        yield people, title, {"called_number": number.value, "end_user": end_user}
    yield (
        "destination/open-forms",
        "an unknown member of the object",
        {"called_number": number.value, "note": "x"},
    )
    for row in desk.profile.destinations:
        if row.kind != "pstn":
            yield "destination/open-forms", f"an object for a {row.kind}", {"called_number": row.value}
    if desk.is_embedded:
        yield from _invented_forms(number)


def _invented_forms(number: Destination) -> Iterator[tuple[str, str, Any]]:
    international = "+81" + number.value.removeprefix("0")
    for title, value in (
        ("media_plug", "media_plug"),
        ("a voicemail box", "uservoicemail,thomas"),
        ("an international number", international),
        ("a number with hyphens", f"{number.value[:2]}-{number.value[2:6]}-{number.value[6:]}"),
    ):
        yield "destination/open-forms", title, value
    yield "destination/unresolvable", "a destination nobody has", "nobody-at-all"
    foreign = {"called_number": number.value, "calling_number": "05099998888"}
    yield "destination/foreign-calling-number", "a calling_number of someone else", foreign
