"""Every speed that is measured here, in one run: `python -m tests.bench`, or `make bench`.

Prints one set of tables and writes build/bench/bench.json. With names it measures only those; `--quick` takes a
minute, for a first look. All numbers are ratios of sides that take turns, or costs that must grow no faster than
what they are the cost of; none of them is a test.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.bench import bench_judging, bench_runs, bench_strategies

ROOT = Path(__file__).parents[2]
PLACE = ROOT / "build" / "bench"
TOOLS = ("hypothesis", "schemathesis", "jsonschema-rs", "openapi-core", "httpx")
QUICK_SIZES = (100, 1_000, 10_000)

Measured = tuple[str, Any]


def strategies(*, is_quick: bool) -> Measured:
    """Drawing bodies, ours beside schemathesis'."""
    lines = bench_strategies.measured(300 if is_quick else 2000, 2 if is_quick else 5)
    sizes = bench_strategies.sizes()
    counted = ", ".join(f"{name}: {size}" for name, size in sizes.items())
    return f"{bench_strategies.table(lines)}\n{counted}", {"lines": plain(lines), "sizes": sizes}


def judging(*, is_quick: bool) -> Measured:
    """Writing down, reading back and judging, exchange by exchange."""
    costs = bench_judging.measure(QUICK_SIZES if is_quick else bench_judging.SIZES)
    return bench_judging.table(costs), plain(costs)


def phases(*, is_quick: bool) -> Measured:  # noqa: ARG001 - one run is quick
    """One whole run, by phase."""
    found = bench_runs.phases()
    return bench_runs.phase_table(found), plain(found)


def beside(*, is_quick: bool) -> Measured:
    """A whole run of ours beside one of stock schemathesis, on the same server."""
    sides = bench_runs.beside(1 if is_quick else 5)
    return bench_runs.side_table(sides), plain(sides)


def client(*, is_quick: bool) -> Measured:
    """One call by the client beside bare httpx."""
    return by_itself("bench_client", "--rounds", "6" if is_quick else "30")


def pytest_start(*, is_quick: bool) -> Measured:
    """What the plugin adds to the start of pytest."""
    return by_itself("bench_pytest_start", "--rounds", "3" if is_quick else "15")


SECTIONS: Mapping[str, Callable[..., Measured]] = {
    "strategies": strategies,
    "judging": judging,
    "phases": phases,
    "beside": beside,
    "client": client,
    "pytest_start": pytest_start,
}


def by_itself(module: str, *words: str) -> Measured:
    """Run a bench in a process of its own, and take what it prints."""
    line = [sys.executable, "-m", f"tests.bench.{module}", *words]
    said = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    text = (said.stdout or said.stderr).strip()
    return text, text.splitlines()


def plain(rows: list[Any]) -> list[dict[str, Any]]:
    """Dataclasses as plain JSON values."""
    return [dataclasses.asdict(row) for row in rows]


def provenance() -> dict[str, Any]:
    """When, where and with what this was measured."""
    return {
        "date": dt.datetime.now(dt.UTC).isoformat(timespec="minutes"),
        "python": platform.python_version(),
        "system": platform.platform(terse=True),
        "cpus": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "versions": {name: version(name) for name in TOOLS},
    }


def main() -> int:
    """Measure, print as each section is done, and write the file."""
    parser = argparse.ArgumentParser("python -m tests.bench", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="section", help=f"all, or some of {', '.join(SECTIONS)}")
    parser.add_argument("--quick", action="store_true", help="small numbers, for a first look")
    asked = parser.parse_args()
    if unknown := sorted(set(asked.sections) - SECTIONS.keys()):
        parser.error(f"no such section: {', '.join(unknown)}")
    head = provenance()
    tools = ", ".join(f"{name} {number}" for name, number in head["versions"].items())
    tell(f"{head['date']}, Python {head['python']}, {head['cpus']} CPUs, load {head['load']}; {tools}")
    told: dict[str, Any] = {}
    for name in asked.sections or SECTIONS:
        measure = SECTIONS[name]
        text, told[name] = measure(is_quick=asked.quick)
        tell("", f"## {(measure.__doc__ or name).rstrip('.')}", "", text)
    PLACE.mkdir(parents=True, exist_ok=True)
    (PLACE / "bench.json").write_text(json.dumps({**head, "is_quick": asked.quick, **told}, indent=1) + "\n", "utf-8")
    return 0


def tell(*lines: str) -> None:
    """Print lines at once."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
