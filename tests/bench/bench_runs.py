"""Where the time of a whole run goes, phase by phase, and our run beside that of stock schemathesis on one server.

Both tools are started from their command line, in turn, against the same correct mock PBX in this process; what the
mock itself costs is in neither. Schemathesis is given its own baseline of that server, or it would stop at once.
"""

from __future__ import annotations

import itertools
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from basix_contract.report import write_report
from basix_contract.suite import ServerOptions, conclude, run_server
from basix_contract.suite._journal import read_journal
from tests.detection.schemathesis_runs import STOCK
from tests.detection.serving import CORRECT, Served, mock_pbx

OURS = "this kit"
THEIRS = "schemathesis, as it comes"

Event = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One part of a run: its time on the wall, and how many requests left in it."""

    name: str
    seconds: float
    requests: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One tool's run: medians of the rounds."""

    name: str
    wall_s: float
    cpu_s: float
    requests: float
    calls: float

    @property
    def per_request_ms(self) -> float:
        """CPU milliseconds for one request, everything included."""
        return self.cpu_s / self.requests * 1e3


def phases() -> list[Phase]:
    """Play one whole run against the embedded mock and take its time apart."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        began = time.perf_counter()
        result = run_server(ServerOptions(report=folder))
        run_s = time.perf_counter() - began
        judging = timed(lambda: conclude(result.journal))
        reporting = timed(lambda: write_report(result, folder))
        played = list(_played(list(read_journal(result.journal))))
    conducted_s = sum(phase.seconds for phase in played)
    return [
        Phase(name="plan, start", seconds=run_s - judging - conducted_s),
        *played,
        Phase(name="judge", seconds=judging),
        Phase(name="report", seconds=reporting),
    ]


def beside(rounds: int) -> list[Side]:
    """Run both tools in turn."""
    sides: dict[str, list[tuple[float, float, int, int]]] = {OURS: [], THEIRS: []}
    with tempfile.TemporaryDirectory() as name:
        baseline = STOCK.learn(Path(name))
        for seed in range(rounds):
            sides[OURS].append(_measured(partial(_run_ours, seed=seed, folder=Path(name))))
            sides[THEIRS].append(_measured(partial(STOCK.hear, seed=seed, baseline=baseline, folder=Path(name))))
    medians = {
        tool: [statistics.median(column) for column in zip(*taken, strict=True)] for tool, taken in sides.items()
    }
    return [
        Side(name=tool, wall_s=wall_s, cpu_s=cpu_s, requests=requests, calls=calls)
        for tool, (wall_s, cpu_s, requests, calls) in medians.items()
    ]


def phase_table(found: list[Phase]) -> str:
    """The phases of a run, and their share of it."""
    whole = sum(phase.seconds for phase in found)
    rows = [f"{'phase':20}{'seconds':>10}{'share':>8}{'requests':>10}"]
    rows += [
        f"{phase.name:20}{phase.seconds:10.2f}{phase.seconds / whole:8.0%}{phase.requests or '':>10}" for phase in found
    ]
    return "\n".join([*rows, f"{'together':20}{whole:10.2f}{'':8}{sum(phase.requests for phase in found):10}"])


def side_table(sides: list[Side]) -> str:
    """Both runs, and ours as a multiple of the other."""
    rows = [f"{'whole run':28}{'wall':>9}{'CPU':>9}{'requests':>10}{'calls':>8}{'CPU/request':>13}"]
    rows += [
        f"{side.name:28}{side.wall_s:7.1f} s{side.cpu_s:7.1f} s{side.requests:10.0f}{side.calls:8.0f}"
        f"{side.per_request_ms:10.2f} ms"
        for side in sides
    ]
    ours, theirs = sides
    ratios = (ours.wall_s / theirs.wall_s, ours.cpu_s / theirs.cpu_s, ours.requests / theirs.requests)
    wall, cpu, requests = (f"{ratio:.2f}" for ratio in ratios)
    calls, each = f"{ours.calls / theirs.calls:.2f}", f"{ours.per_request_ms / theirs.per_request_ms:.2f}"
    return "\n".join([*rows, f"{'ratio':28}{wall:>9}{cpu:>9}{requests:>10}{calls:>8}{each:>13}"])


def timed(work: Callable[[], object]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _played(events: list[Event]) -> Iterator[Phase]:
    """From one phase's first request to the next phase's; the last lasts until its last event, then it is quiet."""
    phase_of = {event["scenario"]: event["phase"] for event in events if event["event"] == "scenario"}
    scenario_of = {event["exchange"]: event["scenario"] for event in events if event["event"] == "planned"}
    sent = [
        (event["t"], phase_of[scenario_of[event["exchange"]]]) for event in events if event["event"] == "about-to-send"
    ]
    names = list(dict.fromkeys(phase for _, phase in sent if phase != "long"))
    starts = [0.0, *(min(at_s for at_s, phase in sent if phase == name) for name in names[1:])]
    busy_until_s = max(event["t"] for event in events if "t" in event and event["event"] not in ("callback", "end"))
    ended_s = next(event["t"] for event in events if event["event"] == "end")
    edges = [*starts, busy_until_s]
    for name, (start_s, end_s) in zip(names, itertools.pairwise(edges), strict=True):
        yield Phase(name=name, seconds=end_s - start_s, requests=sum(start_s <= at_s < end_s for at_s, _ in sent))
    yield Phase(name="quiet end", seconds=ended_s - busy_until_s)


def _measured(run: Callable[[Served], object]) -> tuple[float, float, int, int]:
    with mock_pbx(CORRECT) as served:
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        run(served)
        wall_s, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        traffic = served.traffic()
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall_s, cpu_s, traffic.requests, traffic.calls


def _run_ours(served: Served, seed: int, folder: Path) -> None:
    words = ["conformance", "server", "--target", served.base_url, "--profile", str(served.profile_file)]
    subprocess.run(
        [sys.executable, "-m", "basix_contract", *words, "--seed", str(seed), "--report", str(folder / "ours")],
        env=os.environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=300,
        check=True,
    )
