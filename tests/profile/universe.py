"""A PBX full of people: some of them are in a profile, the others are strangers who must never be rung."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from basix_contract.profile import (
    Absent,
    Callback,
    Destination,
    Group,
    Limits,
    Live,
    Profile,
    Target,
    User,
)

PLACE = "127.0.0.1:4444/"
LOCAL = "http://127.0.0.1:8090/basix/api"
REMOTE = "https://pbx.acme-telephony.jp/basix/api"

# Who is like whom is the point: names that begin alike, extensions and numbers one digit apart, one shared label.
PEOPLE = (
    User(id=10001001, name="jessica", label="Jessica, front desk", extension="2001", did="05011112222",
         email="jessica@acme.example"),
    User(id=10001002, name="thomas", label="ユーザ・トーマス", extension="0202", did="05011113333",
         email="thomas@acme.example"),
    User(id=100010010, name="maria", label="Reception", extension="20010", did="0501111222",
         email="maria@acme.example"),
    User(id=1000100, name="jess", label="Reception", extension="200", did="05011112223", email="jess@acme.example"),
    User(id=1, name="Jessica", label="jessica", extension="2002", did="0311112222", email="JESSICA@acme.example"),
    User(id=20, name="1001", label="110", extension="119", did="09012345678", email="boss@acme.example"),
)  # fmt: skip
GROUPS = (
    Group(id=501, name="sales", label="Sales", extension="3001", did="05033334444"),
    Group(id=502, name="support", label="サポート窓口", extension="0302", did="05033335555", kind="CALL_CENTER"),
    Group(id=5010, name="board", label="Board", extension="3002", did="05033334445"),
)
NUMBERS = (
    "0312341234", "0377778888", "+81 3-1234-1235", "03-1234-1236", "09012345678", "0119111234", "+1 212 555 0100",
    "110", "0-119", "184110", "0570123456", "11012345",
)  # fmt: skip
OWN_NUMBERS = ("0506868002", "050-6868-0000", "05068680001", "118")
PLACES = (("jessica", "user"), ("maria", "user"), ("sales", "group"), ("2003", "extension"), ("112", "extension"))
NOBODY: tuple[dict[str, str | int], ...] = (
    {"name": "jessic"}, {"id": 999}, {"extension": "2009"}, {"did": "05099990000"}, {"label": "Nobody, Nowhere"},
    {"email": "nobody@acme.example"},
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class World:
    """One case's circumstances: the profile, where it is played, and whether the stop file is there."""

    profile: Profile
    base_url: str
    max_calls: int | None
    is_stopped: bool

    @property
    def is_remote(self) -> bool:
        """Tell whether the target is not this machine."""
        return self.base_url == REMOTE


def _without_some(row: Any, left_out: frozenset[str]) -> Any:
    values = {name: getattr(row, name) for name in row.__dataclass_fields__}
    for name in left_out:
        values[name] = None if name == "id" else ""
    return type(row)(**values)


@st.composite
def users(draw: st.DrawFn) -> tuple[User, ...]:
    """Some of the people, each with some selectors and perhaps with the microphone released."""
    found = []
    for person in draw(st.lists(st.sampled_from(PEOPLE), unique=True, max_size=3)):
        left_out = draw(st.frozensets(st.sampled_from(("id", "label", "extension", "did", "email")), max_size=4))
        user = _without_some(person, left_out)
        values = {name: getattr(user, name) for name in User.__dataclass_fields__}
        found.append(User(**{**values, "auto_answer": draw(st.booleans())}))
    return tuple(found)


@st.composite
def destinations(draw: st.DrawFn) -> tuple[Destination, ...]:
    """Some places to call, a few of which nobody may dial though they are listed."""
    rows = [
        Destination(
            value=value,
            kind="pstn",
            calling_number=draw(st.sampled_from(("", *OWN_NUMBERS))),
            ends_by_itself=draw(st.booleans()),
        )
        for value in draw(st.lists(st.sampled_from(NUMBERS), unique=True, max_size=3))
    ]
    for value, kind in draw(st.lists(st.sampled_from(PLACES), unique=True, max_size=2)):
        rows.append(Destination(value=value, kind=kind, ends_by_itself=draw(st.booleans())))
    return tuple(rows)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A profile and its target; most are on this machine, so that most requests may pass."""
    base_url = draw(st.sampled_from((LOCAL, LOCAL, LOCAL, LOCAL, REMOTE)))
    consent = draw(st.sampled_from(("pbx.acme-telephony.jp", "pbx.acme-telephony.jp", "", "acme-telephony.jp")))
    profile = Profile(
        target=Target(base_url=base_url, domain="acme.example", token="t"),
        callback=Callback(),
        limits=Limits(max_calls=draw(st.sampled_from((None, 0, 1, 2, 5)))),
        live=Live(consent=consent, attended=draw(st.booleans())),
        users=draw(users()),
        groups=tuple(draw(st.lists(st.sampled_from(GROUPS), unique=True, max_size=2))),
        destinations=draw(destinations()),
        absent=Absent(
            users=tuple(draw(st.lists(st.sampled_from(NOBODY), unique_by=str, max_size=2))),
            groups=tuple(draw(st.lists(st.just({"name": "no-such-group"}), max_size=1))),
        ),
    )
    max_calls = draw(st.sampled_from((None, None, 1, 3)))
    return World(profile, base_url, max_calls, draw(st.integers(0, 19)) == 0)
