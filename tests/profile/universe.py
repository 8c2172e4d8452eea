"""A PBX full of people: some of them are in a profile, the others are strangers who must never be rung."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

from basix_contract.profile import (
    Absent,
    Destination,
    Group,
    Limits,
    Live,
    Profile,
    Target,
    User,
)
from tests.profile.drawing import one_in, pick, some

PLACE = "127.0.0.1:4444/"
LOCAL = "http://127.0.0.1:8090/basix/api"
REMOTE = "https://pbx.acme-telephony.jp/basix/api"

# Who is like whom is the point: names that begin alike, extensions and numbers one digit apart, one shared label.
PEOPLE = (
    User(
        id=10001001,
        name="jessica",
        label="Jessica, front desk",
        extension="2001",
        did="05011112222",
        email="jessica@acme.example",
    ),
    User(
        id=10001002,
        name="thomas",
        label="ユーザ・トーマス",
        extension="0202",
        did="05011113333",
        email="thomas@acme.example",
    ),
    User(
        id=100010010, name="maria", label="Reception", extension="20010", did="0501111222", email="maria@acme.example"
    ),
    User(id=1000100, name="jess", label="Reception", extension="200", did="05011112223", email="jess@acme.example"),
    User(id=1, name="Jessica", label="jessica", extension="2002", did="0311112222", email="JESSICA@acme.example"),
    User(id=20, name="1001", label="110", extension="119", did="09012345678", email="boss@acme.example"),
)
GROUPS = (
    Group(id=501, name="sales", label="Sales", extension="3001", did="05033334444"),
    Group(id=502, name="support", label="サポート窓口", extension="0302", did="05033335555", kind="CALL_CENTER"),
    Group(id=5010, name="board", label="Board", extension="3002", did="05033334445"),
)
NUMBERS = (
    "0312341234",
    "0377778888",
    "+81 3-1234-1235",
    "03-1234-1236",
    "09012345678",
    "0119111234",
    "+1 212 555 0100",
)
FORBIDDEN = ("110", "0-119", "184110", "0570123456", "11012345", "+81 118")
OWN_NUMBERS = ("0506868002", "050-6868-0000", "05068680001", "118")
PLACES: tuple[tuple[str, Any], ...] = (
    ("jessica", "user"),
    ("maria", "user"),
    ("sales", "group"),
    ("2003", "extension"),
    ("112", "extension"),
)
NOBODY: tuple[dict[str, str | int], ...] = (
    {"name": "jessic"},
    {"id": 999},
    {"extension": "2009"},
    {"did": "05099990000"},
    {"label": "Nobody, Nowhere"},
    {"email": "nobody@acme.example"},
)


NO_GROUP: tuple[dict[str, str | int], ...] = ({"name": "no-such-group"},)
CONSENTS = ("pbx.acme-telephony.jp", "pbx.acme-telephony.jp", "acme-telephony.jp", "")


@dataclass(frozen=True, slots=True)
class World:
    """One case's circumstances: the profile, where it is played, at what hour, and whether the stop file is there.

    Where it `keeps_plan`, the first attempt of the case is planned, once, and nothing else is.
    """

    profile: Profile
    base_url: str
    max_calls: int | None
    is_stopped: bool
    hour: int = 12
    keeps_plan: bool = False

    @property
    def is_quiet(self) -> bool:
        """Tell whether nobody may be rung at this hour."""
        live = self.profile.live
        return self.is_remote and bool(live.quiet_hours) and not (live.time_zone and 8 <= self.hour < 20)

    @property
    def is_remote(self) -> bool:
        """Tell whether the target is not this machine."""
        return self.base_url == REMOTE


LEFT_OUT = ((), (), (), ("did",), ("id", "label"), ("label", "extension", "did", "email"), ("id", "extension", "email"))


def _without_some(user: User, left_out: tuple[str, ...]) -> User:
    blank: dict[str, Any] = {name: None if name == "id" else "" for name in left_out}
    return replace(user, **blank)


def _users(draw: st.DrawFn) -> tuple[User, ...]:
    """Some of the people, each with some selectors and perhaps with the microphone released."""
    found = []
    for person in some(draw, PEOPLE, 1, 3):
        user = _without_some(person, pick(draw, LEFT_OUT))
        found.append(replace(user, auto_answer=one_in(draw, 2)))
    return tuple(found)


def _destinations(draw: st.DrawFn) -> tuple[Destination, ...]:
    """Some places to call, a few of which nobody may dial though they are listed."""
    numbers = some(draw, NUMBERS, 1, 3) + (some(draw, FORBIDDEN, 1, 2) if one_in(draw, 4) else [])
    places: list[tuple[str, Any]] = [(value, "pstn") for value in numbers]
    places += some(draw, PLACES, 0, 2)
    return tuple(
        Destination(
            value=value,
            kind=kind,
            calling_number=pick(draw, ("", *OWN_NUMBERS)) if kind == "pstn" else "",
            ends_by_itself=not one_in(draw, 2),
        )
        for value, kind in places
    )


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A profile and its target; most are on this machine, so that most requests may pass."""
    base_url = pick(draw, (*[LOCAL] * 7, REMOTE))
    profile = Profile(
        target=Target(base_url=base_url, domain="acme.example", token="t"),
        limits=Limits(max_calls=pick(draw, (None, None, 5, 2, 1, 0))),
        live=Live(
            consent=pick(draw, CONSENTS),
            attended=one_in(draw, 2),
            time_zone=pick(draw, ("UTC", "UTC", "UTC", "")),
            quiet_hours=pick(draw, ("20:00-08:00", "")),
            longest_ring_s=pick(draw, (30, 5)),
            wrong_credentials=pick(draw, (3, 1, 0)),
        ),
        users=_users(draw),
        groups=tuple(some(draw, GROUPS, 0, 2)),
        destinations=_destinations(draw),
        absent=Absent(users=tuple(some(draw, NOBODY, 0, 2)), groups=tuple(some(draw, NO_GROUP, 0, 1))),
    )
    calls, is_stopped = pick(draw, (None, None, 3, 1)), one_in(draw, 25)
    hour = pick(draw, (12, 8, 19, 20, 7))
    return World(profile, base_url, calls, is_stopped, hour=hour, keeps_plan=one_in(draw, 8))
