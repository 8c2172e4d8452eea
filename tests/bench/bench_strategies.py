"""How quick and how good our strategies are beside schemathesis' own for the same schema: ratios, one run, one machine.

Run it with `make bench`, or by itself: `python tests/bench/bench_strategies.py --draws 2000`. Both sides draw from the
same engine in turn, and CPU time is counted, so that what else the machine does falls on both.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))  # it is run as a script too

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy
from schemathesis import GenerationMode

from basix_contract.contract import load_document
from basix_contract.profile import load_profile
from basix_contract.strategies import covering, defects, invalid_requests, requests, sample
from tests.contract.variants import plain_document
from tests.validation.wire import by_jsonschema_rs, by_openapi_core, encoded

PROFILE = Path(__file__).parents[2] / "conformance" / "profiles" / "mock.toml"
DOCUMENT = load_document()
HEALTH_CHECKS: tuple[Any, ...] = tuple(HealthCheck)
MISSING = object()

Draw = Callable[[SearchStrategy[Any], int, int], list[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What was measured of one strategy."""

    name: str
    per_s: dict[str, float]
    valid: float
    one_violation: float
    combinations: int


def by_given(strategy: SearchStrategy[Any], n: int, start: int) -> list[Any]:
    """Draw as a test does: Hypothesis' own engine, its generate phase."""
    drawn: list[Any] = []

    @seed(start)
    @settings(
        max_examples=n, phases=(Phase.generate,), database=None, deadline=None, suppress_health_check=HEALTH_CHECKS
    )
    @given(strategy)
    def keep(value: Any) -> None:
        drawn.append(value)

    keep()
    return drawn


ENGINES: dict[str, Draw] = {"@given": by_given, "sample()": sample}


def strategies() -> dict[str, SearchStrategy[Any]]:
    """Every strategy that is compared; each draws the body alone."""
    config = schemathesis.Config.from_dict({"generation": {"with-security-parameters": False}})
    schema = schemathesis.openapi.from_dict(plain_document(), config=config)
    operation = schema[DOCUMENT.operation_path][DOCUMENT.operation_method]
    profile = load_profile(PROFILE)
    return {
        "schemathesis positive": operation.as_strategy(generation_mode=GenerationMode.POSITIVE).map(body_of),
        "schemathesis negative": operation.as_strategy(generation_mode=GenerationMode.NEGATIVE).map(body_of),
        "ours: requests()": requests(),
        "ours: requests(profile)": requests(profile),
        "ours: invalid_requests()": invalid_requests().map(lambda drawn: drawn[0]),
        "ours: invalid_requests(profile)": invalid_requests(profile).map(lambda drawn: drawn[0]),
    }


def body_of(case: Any) -> Any:
    """The body of a case; a case without one, or with bytes, is no JSON value."""
    return case.body if isinstance(case.body, dict | list | str | int | float | bool | None) else MISSING


def speeds(compared: dict[str, SearchStrategy[Any]], n: int, rounds: int) -> dict[str, dict[str, float]]:
    """Examples per CPU second of each strategy in each engine: the median of rounds in which all take their turn."""
    taken: dict[tuple[str, str], list[float]] = {}
    for strategy in compared.values():
        by_given(strategy, 20, 0)
    for turn in range(rounds):
        for name, strategy in compared.items():
            for engine, draw in ENGINES.items():
                began = time.process_time()
                drawn = draw(strategy, n, turn)
                taken.setdefault((name, engine), []).append(len(drawn) / (time.process_time() - began))
    return {name: {engine: statistics.median(taken[name, engine]) for engine in ENGINES} for name in compared}


def found_in(bodies: Iterable[Any]) -> list[int]:
    """How many violations each body has; -1 where openapi-core and jsonschema-rs do not say the same."""
    counts = []
    for body in bodies:
        quick = [] if body is MISSING else by_jsonschema_rs("request", body)
        agree = body is MISSING or by_openapi_core("request", encoded(body)) == quick
        counts.append(len(quick) if agree and body is not MISSING else -1)
    return counts


def combination(body: Any) -> tuple[Any, ...]:
    """Which selectors, which group and which form of destination a body has."""
    if not isinstance(body, dict):
        return ()
    place = body.get(next(parameter.name for parameter in DOCUMENT.parameters if parameter.role == "destination"))
    form = ("inline" if place.startswith("{") else "text") if isinstance(place, str) else type(place).__name__
    selectors = (
        tuple(name for name in names if name in body) for names in (DOCUMENT.user_selectors, DOCUMENT.group_selectors)
    )
    return (*selectors, form, isinstance(place, dict) and any(isinstance(part, dict) for part in place.values()))


def measured(n: int, rounds: int) -> list[Line]:
    """Every line of the table."""
    compared = strategies()
    per_s = speeds(compared, min(n, 500), rounds)
    lines = []
    for name, strategy in compared.items():
        bodies = by_given(strategy, n, 1)
        counts = found_in(bodies)
        lines.append(
            Line(
                name=name,
                per_s=per_s[name],
                valid=counts.count(0) / len(counts),
                one_violation=counts.count(1) / len(counts),
                combinations=len({combination(body) for body in bodies}),
            )
        )
    return lines


def table(lines: list[Line]) -> str:
    """The lines as a table, and each speed as a multiple of schemathesis' for the same kind of body."""
    speeds_of = {line.name: line.per_s for line in lines}
    columns = [f"{engine + '/s':>12}{'ratio':>8}" for engine in ENGINES]
    rows = [f"{'strategy':34}{''.join(columns)}{'valid':>9}{'1 breach':>10}{'combos':>8}"]
    for line in lines:
        kind = "negative" if "invalid" in line.name or "negative" in line.name else "positive"
        against = speeds_of[f"schemathesis {kind}"]
        cells = [f"{line.per_s[engine]:12.0f}{line.per_s[engine] / against[engine]:8.1f}" for engine in ENGINES]
        rows.append(f"{line.name:34}{''.join(cells)}{line.valid:9.1%}{line.one_violation:10.1%}{line.combinations:8}")
    return "\n".join(rows)


def heading(n: int, rounds: int) -> str:
    """When, where and with what this was measured."""
    tools = ", ".join(
        f"{name} {version(name)}" for name in ("hypothesis", "schemathesis", "jsonschema-rs", "openapi-core")
    )
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "?"
    return (
        f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC, Python {platform.python_version()}, "
        f"{os.cpu_count()} CPUs, load {load}; {tools}\n"
        f"{n} draws for validity and combinations (selectors, group, form); speed: median of {rounds} rounds, CPU time"
    )


def sizes() -> dict[str, int]:
    """How many bodies and defects there are where nothing is drawn."""
    profile = load_profile(PROFILE)
    return {
        "covering()": len(covering()),
        "covering(profile)": len(covering(profile)),
        "defects()": len(defects()),
        "defects(profile)": len(defects(profile)),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    note = (
        "1 breach: both validators find exactly one. What invalid_requests(profile) draws beside that is valid by the\n"
        "schema and labelled so: it names somebody who is not there."
    )
    parts = (
        heading(options.draws, options.rounds),
        table(measured(options.draws, options.rounds)),
        note,
        ", ".join(f"{name}: {size}" for name, size in sizes().items()),
    )
    sys.stdout.write("\n\n".join(parts) + "\n")


if __name__ == "__main__":
    main()
