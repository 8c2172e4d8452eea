"""One attack on each rule of the gate, which that rule alone holds off."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from basix_contract.profile import Absent, Destination, Limits, Live, Profile
from tests.profile.attacks import Attempt
from tests.profile.universe import GROUPS, LOCAL, PEOPLE, REMOTE, World

_JESSICA, _MARIA = PEOPLE[0], PEOPLE[2]
_NUMBER = Destination(value="0312341234", calling_number="0506868002", ends_by_itself=True)
_PROFILE = Profile(
    users=(replace(_JESSICA, auto_answer=True), _MARIA),
    groups=GROUPS[:1],
    destinations=(_NUMBER, Destination(value="110"), Destination(value="0377778888")),
    absent=Absent(users=({"name": "jessic"},)),
)
HERE = World(replace(_PROFILE, limits=Limits(max_calls=2)), LOCAL, None, is_stopped=False)
_LIVE = Live(consent="pbx.acme-telephony.jp", time_zone="UTC")
_THERE = World(replace(HERE.profile, live=_LIVE), REMOTE, None, is_stopped=False)
_CALL: dict[str, Any] = {"user_name": "jessica", "destination": "0312341234"}
_BRIEF: dict[str, Any] = {"answer_timeout": 30}
_WRONG = (("Content-Type", "application/json"), ("Authorization", "Basic d3Jvbmc6cGFpcg=="))
_JSON = (("Content-Type", "application/json"),)


def _post(world: World, **members: Any) -> tuple[World, list[Attempt]]:
    body = json.dumps({**_CALL, **members}).encode()
    return world, [Attempt("POST", f"{world.base_url}/call_user", _JSON, body)]


def _outside(**changes: Any) -> tuple[World, list[Attempt]]:
    world, tries = _post(HERE)
    return world, [replace(one, **changes) for one in tries]


ATTACKS: dict[str, tuple[World, list[Attempt]]] = {
    "target": _outside(url=f"{LOCAL}/call_external"),
    "consent": _post(replace(_THERE, profile=replace(_THERE.profile, live=replace(_LIVE, consent=""))), **_BRIEF),
    "quiet-hours": _post(replace(_THERE, hour=20), **_BRIEF),
    "ringing": _post(_THERE, answer_timeout=31),
    "credentials": (_THERE, [replace(_post(_THERE)[1][0], body=b"{}", headers=_WRONG)] * 4),
    "unplanned": (replace(HERE, keeps_plan=True), _post(HERE)[1] * 2),
    "method": _outside(method="CONNECT"),
    "header": _outside(headers=(*_JSON, ("X-Forwarded-Host", "evil.jp"))),
    "stopped": _post(replace(HERE, is_stopped=True)),
    "budget": (HERE, _post(HERE)[1] * 3),
    "people": _post(HERE, user_name="thomas"),
    "group": _post(HERE, group_name="board"),
    "destination": _post(HERE, destination={"called_number": "+81 90-1234-5678"}),
    "endless": _post(_THERE, destination="0377778888", **_BRIEF),
    "calling-number": _post(HERE, destination="{calling_number=0506868003}0312341234"),
    "emergency": _post(HERE, destination="１１０"),
    "callback": _post(HERE, callback_url="http://127.0.0.1:4444.evil.jp/"),
    "auto-answer": _post(HERE, user_name="maria", auto_answer=1),
    "avatar": _post(HERE, destination={"called_number": "0312341234", "end_user": {"avatar": "http://evil.jp/x"}}),
    "free-text": _post(HERE, calling_name="}sofia/gateway/0901234567"),
    "unknown-member": _post(HERE, callee="thomas"),
    "unreadable": (
        HERE,
        [Attempt("POST", f"{LOCAL}/call_user", _JSON, b"user_name=thomas&destination=0312341234")],
    ),
}
