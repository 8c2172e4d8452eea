"""A run that is broken off anywhere and gone on with: what left before, and what left after it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

from basix_contract.messages import Request
from basix_contract.profile import Callback, Sender
from basix_contract.profile import _live as live_rules
from basix_contract.suite import ServerOptions, _run
from basix_contract.suite._options import Target
from basix_contract.suite._resume import Earlier, read_earlier
from basix_contract.suite.plan import Plan
from tests.profile.oracle import Server
from tests.profile.planned import planned_scenarios
from tests.profile.universe import PLACE, World
from tests.profile.wire import Recorder

_TOKENS = re.compile(rb"c[0-9a-z]{14}")
_SCENARIOS = 2
_END = b'{"event": "end"'


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a run of a few planned scenarios begins in the plan, and after what part of its journal it is broken off.

    Where it `is_torn`, the beginning of the next line is on the disk too.
    """

    begin: float
    part: float
    is_torn: bool = False


class Resumed:
    """One run in two parts, played by the engine itself in a folder."""

    def __init__(self, world: World, folder: Path, cut: Cut) -> None:
        self._world = world
        self._profile = replace(world.profile, callback=Callback(grace_s=0.0))
        self._folder = folder
        self._cut = cut
        scenarios = planned_scenarios(world.profile)
        first = int(cut.begin * len(scenarios))
        self.planned = scenarios[first : first + _SCENARIOS]

    def play(self) -> list[tuple[str, Request]]:
        """Return what left in both parts, in order; of the first what had left when it was cut."""
        before = self._conduct("first", Earlier())
        journal = self._folder / "first" / "journal.ndjson"
        lines = [line for line in journal.read_bytes().splitlines(keepends=True) if not line.startswith(_END)]
        most = max(1, round(self._cut.part * len(lines)))
        torn = b"".join(lines[most : most + 1])[:-2] if self._cut.is_torn else b""
        journal.write_bytes(b"".join(lines[:most]) + torn)
        after = self._conduct("second", read_earlier(journal))
        return [*before[: _left(lines, lines[:most])], *after]

    def _conduct(self, part: str, earlier: Earlier) -> list[tuple[str, Request]]:
        """Play the run with the engine itself: only its receiver and the network behind the gate are not there."""
        world, recorder = self._world, Recorder()
        target = Target(base_url=world.base_url, token="t", is_remote=world.is_remote)
        report = self._folder / part
        options = ServerOptions(report=report, live=True, max_calls=world.max_calls, profile=report)
        plan = Plan(tuple(one.scenario for one in self.planned))
        run = _run.Run(options, self._profile, target, plan, (), earlier)
        with ExitStack() as changed:
            changed.enter_context(mock.patch.object(_run, "Receiver", _Deaf))
            changed.enter_context(mock.patch.object(_run, "Sender", lambda gate, **_: Sender(gate, inner=recorder)))
            hour = datetime(2026, 11, 23, world.hour, tzinfo=UTC)
            changed.enter_context(mock.patch.object(live_rules, "now_utc", return_value=hour))
            _run.conduct(run, report / "journal.ndjson")
        return recorder.sent


class _Deaf:
    """A receiver that no callback reaches."""

    def __init__(self, *_: object) -> None:
        self.address = PLACE.rstrip("/")

    async def start(self) -> None:
        """Nothing listens."""

    async def stop(self) -> None:
        """Nothing was begun."""


def _left(lines: list[bytes], kept: list[bytes]) -> int:
    """Count what had left by the time the journal was as long as this; what was withheld never did."""
    whole, cut = (_by_event(part) for part in (lines, kept))
    return len([exchange for exchange in cut["about-to-send"] if exchange not in whole["withheld"]])


def _by_event(lines: list[bytes]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"about-to-send": [], "withheld": []}
    for event in map(json.loads, lines):
        if event["event"] in found:
            found[event["event"]].append(event["exchange"])
    return found


def leaks(world: World, resumed: Resumed, sent: list[tuple[str, Request]]) -> Iterator[str]:
    """Yield whom a resumed run reached that it should not have, and what it did twice or beyond its budget."""
    server, rung = Server(world), 0
    for url, request in sent:
        yield from server.leaks(url, request)
        rung += server.rings(request)
    limits = world.profile.limits
    budgets = [limit for limit in (world.max_calls, limits.max_calls) if limit is not None]
    if rung > min([*budgets, 0 if world.is_remote and limits.max_calls is None else rung]):
        yield f"budget: {rung} calls in both parts"
    planned = Counter(_TOKENS.sub(b"", raw) for one in resumed.planned for raw in one.bodies)
    again = Counter(_TOKENS.sub(b"", request.body) for _, request in sent) - planned
    yield from (f"resume: sent again, or not planned: {body[:80]!r}" for body in again)
