"""What an exchange costs to write down, to read back and to judge, in runs from a hundred exchanges to 100,000.

The journal of one real run against the embedded mock is written again as often as it takes, each time with new ids,
uuids and later times. Redaction is that of a given target, with every value of the profile to look for. CPU time.
"""

from __future__ import annotations

import gc
import math
import re
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from basix_contract.checks import SERVER_CHECKS, History
from basix_contract.contract import load_ledger
from basix_contract.profile import load_profile
from basix_contract.suite import ServerOptions, run_server
from basix_contract.suite._journal import Journal, read_journal, unpack
from basix_contract.suite._judge import Scope, judge
from basix_contract.suite._recall import recall
from basix_contract.suite._redact import Redactor

PROFILE = Path(__file__).parents[2] / "conformance" / "profiles" / "mock.toml"
SIZES = (100, 1_000, 10_000, 100_000)
STAGES = ("write", "read", "recall", "judge")
# Doubling the exchanges may not do more than so much to the cost of each: caches and collections are not free.
TOLERATED = 1.6
_UUID = re.compile(r"\b[0-9a-fA-F]{8}(?=-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b)")
_OF_EXCHANGE = ("planned", "about-to-send", "reply", "silence", "withheld", "callback")
_STEP = 0x9E3779B1  # odd, so that no two copies change a uuid in the same way

Event = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """CPU seconds of each stage for a run of this many exchanges, and of each check."""

    exchanges: int
    stages: dict[str, float]
    checks: dict[str, float]

    def per_exchange_us(self, stage: str) -> float:
        """Microseconds for one exchange."""
        return self.stages[stage] / self.exchanges * 1e6


def measure(sizes: Iterable[int] = SIZES) -> list[Cost]:
    """Measure every size, the smallest first."""
    with tempfile.TemporaryDirectory() as folder:
        real = run_server(ServerOptions(report=Path(folder))).journal
        events = list(read_journal(real))
        return [_cost(events, size, Path(folder, f"{size}.ndjson")) for size in sorted(sizes)]


def growth(costs: list[Cost], stage: str, sizes: tuple[int, int]) -> float:
    """How many times dearer an exchange becomes from one size to the other; 1 is linear."""
    by_size = {cost.exchanges: cost.per_exchange_us(stage) for cost in costs}
    return by_size[sizes[1]] / by_size[sizes[0]]


def growing_checks(costs: list[Cost]) -> list[str]:
    """The checks whose cost for an exchange grows with the run, the dearest first."""
    small, large = costs[-2], costs[-1]
    ratio = large.exchanges / small.exchanges
    found = [
        (
            seconds,
            f"{check}: {small.checks[check]:.2f} s for {small.exchanges:,}, {seconds:.2f} s for {large.exchanges:,}",
        )
        for check, seconds in large.checks.items()
        if seconds > small.checks[check] * ratio * TOLERATED and seconds > large.stages["judge"] / 100
    ]
    return [sentence for _, sentence in sorted(found, reverse=True)]


def table(costs: list[Cost]) -> str:
    """Microseconds for an exchange, stage by stage, and whether they stay the same."""
    columns = "".join(f"{stage:>9} us" for stage in STAGES)
    rows = [f"{'exchanges':>10}{columns}{'together s':>12}"]
    for cost in costs:
        cells = "".join(f"{cost.per_exchange_us(stage):12.0f}" for stage in STAGES)
        rows.append(f"{cost.exchanges:10,}{cells}{sum(cost.stages.values()):12.1f}")
    if len(costs) > 1:
        ends = costs[-2].exchanges, costs[-1].exchanges
        grown = "".join(f"{growth(costs, stage, ends):12.2f}" for stage in STAGES)
        rows.append(f"{'growth':>10}{grown}   of the last row over the one before; 1 is linear")
    return "\n".join([*rows, *growing_checks(costs)])


def grown(events: list[Event], size: int) -> Iterator[Event]:
    """The events of a run of this many exchanges: those of the real one, again and again, each time as new ones."""
    span_s = max(float(event.get("t", 0.0)) for event in events) + 1.0
    sent = [event["exchange"] for event in events if event["event"] == "planned"]
    yield next(event for event in events if event["event"] == "run")
    for copy in range(math.ceil(size / len(sent))):
        kept = set(sent[: size - copy * len(sent)])
        for event in events:
            if event["event"] in _OF_EXCHANGE and event.get("exchange") in kept:
                yield _again(event, copy, copy * span_s) if copy else event
    yield {**next(event for event in events if event["event"] == "end"), "t": span_s * size}


def _again(event: Event, copy: int, later_s: float) -> Event:
    new = {**event, "exchange": f"{event['exchange']}~{copy}"}
    if "t" in event:
        new["t"] = event["t"] + later_s
    if "callback" in event:
        new["callback"] = f"{event['callback']}~{copy}"
    if "intent" in event:
        links = {
            name: f"{event['intent'][name]}~{copy}" for name in ("control", "callback_of") if event["intent"].get(name)
        }
        new |= {"scenario": f"{event['scenario']}~{copy}", "intent": {**event["intent"], **links}}
    elif event["event"] in ("reply", "callback") and "text" in event["body"]:
        new["body"] = {"text": _UUID.sub(lambda found: _other(found.group(), copy), event["body"]["text"])}
    return new


def _other(digits: str, copy: int) -> str:
    return f"{int(digits, 16) ^ (copy * _STEP & 0xFFFFFFFF):08x}"


def _write(events: Iterable[Event], path: Path) -> None:
    """Write events down as a run does: what crossed the wire is redacted first."""
    profile = load_profile(PROFILE)
    with Journal(path, Redactor(profile, profile.target.token)) as journal:
        for event in events:
            match event["event"]:
                case "about-to-send":
                    sent = event["request"]
                    written = journal.request(sent["method"], sent["url"], sent["headers"], unpack(sent["body"]))
                    journal.write("about-to-send", exchange=event["exchange"], t=event["t"], request=written)
                case "reply" | "callback":
                    written = journal.message(event["headers"], unpack(event["body"]))
                    journal.write(**{**event, **written})
                case _:
                    journal.write(**event)


def _cost(events: list[Event], size: int, path: Path) -> Cost:
    listed = list(grown(events, size))
    written = _timed(lambda: _write(listed, path))
    listed.clear()
    told: list[Event] = []
    read = _timed(lambda: told.extend(read_journal(path)))
    histories: list[History] = []
    recalled = _timed(lambda: histories.append(recall(told).history()))
    told.clear()
    judged = _timed(lambda: judge(histories[0], load_ledger(), SERVER_CHECKS, Scope(role="server")))
    checks = {id_: _timed(partial(check, histories[0])) for id_, check in SERVER_CHECKS.items()}
    stages: dict[str, float] = dict(zip(STAGES, (written, read, recalled, judged), strict=True))
    return Cost(exchanges=size, stages=stages, checks=checks)


def _timed(work: Callable[[], object]) -> float:
    gc.collect()
    began = time.process_time()
    work()
    return time.process_time() - began
