"""Bodies as every other way to the gate makes them: shrunk, replayed, from the command line, by the client."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import httpx
from hypothesis import strategies as st

from basix_contract.client import Client
from basix_contract.errors import BasixContractError, UsageError
from basix_contract.profile import Profile
from basix_contract.suite import CallOptions, ServerOptions
from basix_contract.suite._call import _body as called_body
from basix_contract.suite._redact import Redactor
from basix_contract.suite._tokens import bind
from basix_contract.suite.plan._desk import Desk
from tests.profile.drawing import one_in, pick, some
from tests.profile.planned import planned_bodies
from tests.profile.universe import FORBIDDEN, GROUPS, NUMBERS, OWN_NUMBERS, PEOPLE, PLACE, PLACES, REMOTE, World

_URLS = (f"http://{PLACE}c0token0001/result?call=c0token0001", "http://evil.jp/")
_SELECTORS = ("id", "name", "label", "extension", "did", "email")


def other_path(draw: st.DrawFn, world: World) -> bytes:
    """Draw a body that one of the other ways makes, of people in the profile and of strangers."""
    return pick(draw, (_shrunk, _replayed, _called, _by_the_client))(draw, world)


def _shrunk(draw: st.DrawFn, world: World) -> bytes:
    """Take any part of a planned body, as shrinking does: members are left out, those of objects inside it too."""
    body = _object(pick(draw, planned_bodies(world.profile)))
    kept = some(draw, tuple(body), 1, len(body)) if body else []
    return json.dumps({name: _part(draw, body[name]) for name in kept}).encode()


def _part(draw: st.DrawFn, value: Any) -> Any:
    if not isinstance(value, dict) or not value:
        return value
    return {name: value[name] for name in some(draw, tuple(value), 0, len(value))}


def _replayed(draw: st.DrawFn, world: World) -> bytes:
    """Journal a planned body, and fill it in again from another profile: row for row somebody else."""
    raw = Redactor(world.profile, "token").redact(pick(draw, planned_bodies(world.profile)))
    people = tuple(some(draw, PEOPLE, 1, 4))
    other = world.profile if one_in(draw, 3) else Profile(users=people, groups=GROUPS)
    return Redactor(other, "token").restore(raw)


def _called(draw: st.DrawFn, world: World) -> bytes:
    """Ask for a call on the command line, of anybody, to anywhere."""
    members: dict[str, Any] = _members(draw)
    desk = Desk(world.profile, is_embedded=False, is_remote=world.profile.target.base_url == REMOTE)
    try:
        body, user = called_body(desk, CallOptions(server=ServerOptions(), members=members))
    except UsageError:
        return b"{}"
    step = desk.step("call", "", body, user=user)
    return json.dumps(bind(step.body, _URLS[0])).encode()


def _by_the_client(draw: st.DrawFn, _world: World) -> bytes:
    """Have the generated client write a call of anybody, to anywhere."""
    members = {**_members(draw), "callback_url": pick(draw, _URLS)}
    members.setdefault("user_name", "maria")
    members.setdefault("destination", pick(draw, NUMBERS))
    wrote: list[bytes] = []
    _recorder().wrote = wrote
    try:
        _client().call_user(**members)
    except (BasixContractError, TypeError):
        return wrote[0] if wrote else b"{}"
    return wrote[0]


def _members(draw: st.DrawFn) -> dict[str, Any]:
    person = pick(draw, PEOPLE)
    name = pick(draw, _SELECTORS)
    number = pick(draw, (*NUMBERS, *FORBIDDEN, *(value for value, _ in PLACES)))
    found: dict[str, Any] = {} if one_in(draw, 3) else {f"user_{name}": getattr(person, name)}
    if not one_in(draw, 3):
        detailed = {"called_number": number, "calling_number": pick(draw, OWN_NUMBERS)}
        found["destination"] = detailed if one_in(draw, 3) else number
    if one_in(draw, 3):
        found["group_name"] = pick(draw, GROUPS).name
    if one_in(draw, 2):
        found["answer_timeout"] = pick(draw, (5, 30, 180))
    if one_in(draw, 4):
        found["auto_answer"] = True
    return found


class _Recorder(httpx.BaseTransport):
    """Keeps what the client wrote, and answers with an error."""

    def __init__(self) -> None:
        self.wrote: list[bytes] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Record a request."""
        self.wrote.append(request.read())
        return httpx.Response(200, json={"result_code": 500, "error": {"id": "recorded"}})


@cache
def _recorder() -> _Recorder:
    return _Recorder()


@cache
def _client() -> Client:
    http = httpx.Client(transport=_recorder(), trust_env=False)
    return Client(domain="d", token="t", base_url="http://127.0.0.1:1/a", http=http)


def _object(raw: bytes) -> dict[str, Any]:
    try:
        value = json.loads(raw)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
