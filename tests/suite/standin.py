"""A mock PBX on this machine that is treated as if real telephones were behind it, and what leaves for it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from basix_contract.mock import MockServer
from basix_contract.profile import load_profile
from basix_contract.suite import ServerOptions
from basix_contract.suite._options import given_target, read_profile
from basix_contract.suite._run import plan_for
from basix_contract.suite._tokens import Tokens, bind

TOKEN_ENV = "BASIX_STANDIN_TOKEN"
TOKEN = "mock-token-3fK9"
PROFILE = """
[target]
base_url = "BASE_URL"
domain = "acme.example"
token_env = "BASIX_STANDIN_TOKEN"
reply_timeout_s = 1.0
[callback]
grace_s = 0.3
[limits]
max_calls = 40
stop_file = "STOP_FILE"
[live]
consent = "127.0.0.1"
tunnel = true
time_zone = "UTC"
quiet_hours = ""
longest_ring_s = 20
[[users]]
id = 10001001
name = "jessica"
label = "Jessica, front desk"
terminals = 2
outcome = "answers"
outcome_after_s = 0.02
groups = ["sales"]
[[users]]
name = "bob"
email = "bob@acme.example"
terminals = 1
outcome = "answers"
outcome_after_s = 0.02
[[groups]]
name = "sales"
[[destinations]]
value = "0312341234"
calling_number = "0506868002"
ends_by_itself = true
ends_after_s = 0.01
[absent]
users = [{ name = "jessic" }]
"""
_OURS = re.compile(rb"127\.0\.0\.1:\d+/c[0-9a-z]{14}")
_TOKENS = re.compile(rb"c[0-9a-z]{14}")


@dataclass
class Recorded:
    """What left for the target, in order; `on_request` is told of each before it goes on."""

    requests: list[httpx.Request] = field(default_factory=list)
    on_request: Callable[[int], httpx.Response | None] = lambda _number: None

    @property
    def seen(self) -> Counter[tuple[str, bytes, bytes]]:
        """How often each request left, callback tokens apart."""
        return Counter((one.method, one.url.query, plain(one.content)) for one in self.requests)


def at(wanted: int, do: Callable[[], object]) -> Callable[[int], None]:
    """Return what does something when that many requests have left."""

    def look(number: int) -> None:
        if number == wanted:
            do()

    return look


def plain(body: bytes) -> bytes:
    """Take out of a body what differs from run to run: where our receiver is, and its tokens."""
    return _TOKENS.sub(b"TOKEN", _OURS.sub(b"OURS", body))


@contextmanager
def standin(folder: Path, **changes: str) -> Iterator[tuple[MockServer, Path]]:
    """Run a mock PBX, and write a profile that treats it as live; `changes` replaces lines by what they begin with."""
    path = folder / "live.toml"
    path.write_text(written(folder, "http://127.0.0.1:1/basix/api", **changes), "utf-8")
    profile = load_profile(path)
    with MockServer(replace(profile, target=replace(profile.target, token=TOKEN))) as pbx:
        path.write_text(written(folder, pbx.base_url, **changes), "utf-8")
        yield pbx, path


def written(folder: Path, base_url: str, **changes: str) -> str:
    """Return the profile's text for a target."""
    lines = PROFILE.replace("BASE_URL", base_url).replace("STOP_FILE", str(folder / "stop")).splitlines()
    for name, line in changes.items():
        lines = [line if row.startswith(f"{name} =") else row for row in lines]
    return "\n".join(lines)


def options(profile: Path, folder: Path, **more: Any) -> ServerOptions:
    """Return the options of a live run."""
    return ServerOptions(**{"profile": profile, "report": folder / "report", "live": True, **more})


def planned(asked: ServerOptions) -> Counter[tuple[str, bytes, bytes]]:
    """Count what the plan of a run holds, callback tokens apart."""
    profile = read_profile(asked)
    target = given_target(profile, asked)
    tokens, found = Tokens("http://127.0.0.1:1", nonce="c0000000000"), Counter[tuple[str, bytes, bytes]]()
    for scenario in plan_for(profile, target, asked).whole():
        for step in scenario.steps:
            body = bind(step.body, tokens.url_for(step))
            raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
            found[step.method, step.query.encode(), plain(raw)] += 1
    return found


def recording(monkeypatch: pytest.MonkeyPatch) -> Recorded:
    """Record whatever leaves through the gate's transport from now on."""
    recorded = Recorded()
    send = httpx.AsyncHTTPTransport.handle_async_request

    async def record(self: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        if not request.url.path.endswith("/call_user"):
            return await send(self, request)  # a callback of the stand-in itself
        await request.aread()
        recorded.requests.append(request)
        answer = recorded.on_request(len(recorded.requests))
        return answer if answer is not None else await send(self, request)

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", record)
    monkeypatch.setenv(TOKEN_ENV, TOKEN)
    return recorded
