"""This kit, played as `tests.defects.kill_matrix` and `tests.servers.alarms` play it."""

from __future__ import annotations

import bisect
import dataclasses
import math
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from basix_contract.checks import SERVER_CHECKS, Exchange, Finding, History
from basix_contract.suite import RunResult, ServerOptions, run_server
from tests.detection.outcome import Game, Heard, Said
from tests.detection.serving import CORRECT, overheard, traffic_of
from tests.servers.alarms import false_alarms
from tests.servers.playing import play

BROKEN = ("fail", "warn")
OUR_FAULT = (3, 5, 130)


@dataclasses.dataclass(frozen=True, slots=True)
class Kit:
    """The whole plan against the embedded mock, or against a given target."""

    name: str = "basix-contract"
    title: str = "this kit"

    def missing(self) -> str:
        """It is what these tests stand in."""
        return ""

    def versions(self) -> dict[str, str]:
        """Which kit, by its own word."""
        with tempfile.TemporaryDirectory() as folder:
            options = ServerOptions(report=Path(folder), only=("CU-001",))
            return {"basix-contract": run_server(options).kit}

    def command(self) -> str:
        """The command, as a person would type it."""
        return "basix-contract conformance server --seed N [--target URL --profile FILE]"

    def learn(self, folder: Path) -> str:  # noqa: ARG002 - as the others take it
        """Return the checks that fail for the correct PBX, one a line: there should be none."""
        game = self.meet_defect(CORRECT, 0, "")
        return "\n".join(sorted(said.check for said in game.heard.new))

    def meet_defect(self, defect: str, seed: int, baseline: str) -> Game:
        """Play the whole plan against the mock with this defect."""
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as folder, overheard() as mocks:
            defects = () if defect == CORRECT else (defect,)
            result = run_server(ServerOptions(report=Path(folder), defects=defects, seed=seed))
        traffic = traffic_of(mocks[0])
        return Game(
            tool=self.name,
            server=defect,
            seed=seed,
            heard=heard(result, frozenset(baseline.splitlines())),
            requests=traffic.requests,
            calls=traffic.calls,
            seconds=round(time.monotonic() - began, 1),
        )

    def meet_different(self, kind: str, seed: int, baseline: str) -> Game:  # noqa: ARG002 - as the others take it
        """Play the whole plan against a server that differs and conforms."""
        played = play(kind, seed)
        return Game(
            tool=self.name,
            server=kind,
            seed=seed,
            heard=Heard(
                new=tuple(Said(check=sentence.partition(" ")[0], text=sentence) for sentence in false_alarms(played))
            ),
            requests=played.requests,
            calls=0,
            seconds=played.seconds,
        )


def heard(result: RunResult, known: frozenset[str]) -> Heard:
    """What failed, in the order in which the report names it."""
    told = [
        Said(check=check.id, text=check.detail, number=first_shown(result.history, SERVER_CHECKS[check.id]))
        for row in result.requirements
        if row.verdict in BROKEN
        for check in row.checks
    ]
    return Heard(
        new=tuple(said for said in told if said.check not in known),
        known=tuple(said for said in told if said.check in known),
        trouble=result.reason if result.exit_code in OUR_FAULT else "",
    )


def first_shown(history: History, check: Callable[[History], Finding]) -> int | None:
    """How many requests it takes, in the order in which they were sent, until the check finds what it found."""
    sent = sorted((exchange for exchange in history.exchanges if exchange.sent_at_s is not None), key=_sent_at_s)

    def shows(count: int) -> bool:
        return check(_beginning(history, sent, count)).status == "broken"

    number = bisect.bisect_left(range(len(sent) + 1), 1, key=shows)
    return number if number <= len(sent) else None


def _beginning(history: History, sent: list[Exchange], count: int) -> History:
    """The same run, had it ended before the next request."""
    ended_at_s = _sent_at_s(sent[count]) if count < len(sent) else math.inf
    return dataclasses.replace(
        history,
        exchanges=tuple(sent[:count]),
        strays=tuple(stray for stray in history.strays if stray.at_s < ended_at_s),
        _by_id={},
    )


def _sent_at_s(exchange: Exchange) -> float:
    return exchange.sent_at_s or 0.0
