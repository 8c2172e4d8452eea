"""A small profile, a gate over it, and requests to ask it about."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from basix_contract.messages import Headers, Request
from basix_contract.profile import (
    Absent,
    Destination,
    Gate,
    Group,
    Limits,
    Profile,
    Target,
    User,
)

BASE_URL = "http://127.0.0.1:8090/basix/api"
URL = f"{BASE_URL}/call_user"
PLACE = "127.0.0.1:4444/"
JSON: Headers = (("Content-Type", "application/json"),)

PROFILE = Profile(
    target=Target(base_url=BASE_URL, domain="acme.example", token="t0ken"),
    limits=Limits(max_calls=1_000),
    users=(
        User(
            id=10001001,
            name="jessica",
            label="Jessica, front desk",
            extension="2001",
            did="05011112222",
            email="jessica@acme.example",
            auto_answer=True,
            groups=("sales",),
        ),
        User(
            id=10001002,
            name="thomas",
            label="ユーザ・トーマス",
            extension="0202",
            did="050-1111-3333",
            email="thomas@acme.example",
        ),
    ),
    groups=(Group(id=501, name="sales", label="Sales", extension="3001", did="05033334444"),),
    destinations=(
        Destination(value="0312341234", calling_number="0506868002"),
        Destination(value="+81 3-7777-8888", calling_number="050-6868-0000"),
        Destination(value="thomas", kind="user"),
        Destination(value="2003", kind="extension"),
    ),
    absent=Absent(users=({"name": "jessic"}, {"id": 999}), groups=({"name": "no-such-group"},)),
)

Refusal: TypeAlias = Callable[..., str]


def gate_of(profile: Profile = PROFILE, **options: Any) -> Gate:
    """A gate over a profile, for a target on this machine."""
    return Gate(profile, **{"base_url": BASE_URL, "callback_place": PLACE, **options})


def post(body: bytes, *, method: str = "POST", headers: Headers = JSON) -> Request:
    """A request with this body."""
    return Request(method, "/basix/api/call_user", headers, body)


def call(**members: Any) -> bytes:
    """The body of a good call, changed by members; one that is None is left out."""
    body = {"user_id": 10001001, "destination": "0312341234", **members}
    return json.dumps({name: value for name, value in body.items() if value is not None}).encode()


def rule_against(gate: Gate, body: bytes, url: str = URL, **request: Any) -> str:
    """The name of the rule by which a gate refuses a request; empty when it passes."""
    reason = gate.reason_against(url, post(body, **request))
    return reason.partition("[")[2].partition("]")[0]


@pytest.fixture(scope="session")
def refused() -> Refusal:
    """Tells the rule that refuses a body: `refused(body)`; empty when it passes."""
    gate = gate_of()
    return lambda body, **request: rule_against(gate, body, **request)
