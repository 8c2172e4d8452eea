"""What our plugin adds to the start of a pytest run that uses none of our fixtures, in turn with an empty plugin.

Run it with `make bench`, or by itself: `python tests/bench/bench_pytest_start.py --rounds 15`. An empty project is
collected; all other plugins are left out. CPU time is counted, so that what else the machine does falls on neither.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
PLUGIN = "basix_contract.pytest_plugin"
EMPTY = "empty_plugin"  # that pytest looks for a plugin at all takes time, too
BOUND_S = 0.05
NO_TESTS = 5


def start_s(folder: Path, plugin: str) -> float:
    """The CPU seconds of one pytest run on an empty project with this plugin."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", plugin],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": f"{ROOT}{os.pathsep}{folder}",
            "PYTEST_ADDOPTS": "",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        },
        capture_output=True,
        timeout=60,
        check=False,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if ended.returncode != NO_TESTS:
        raise RuntimeError(ended.stdout.decode() + ended.stderr.decode())
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measured(rounds: int) -> tuple[list[float], list[float]]:
    """The CPU seconds of so many starts with an empty plugin and with ours, in turn."""
    empty: list[float] = []
    ours: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / f"{EMPTY}.py").write_text("", "utf-8")
        for plugin in (EMPTY, PLUGIN):
            start_s(folder, plugin)  # the first start compiles
        for _ in range(rounds):
            empty.append(start_s(folder, EMPTY))
            ours.append(start_s(folder, PLUGIN))
    return empty, ours


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    empty, ours = measured(parser.parse_args().rounds)
    base_s, our_s = statistics.median(empty), statistics.median(ours)
    sys.stdout.write(
        f"start of pytest on an empty project, CPU time, median of {len(ours)}: {base_s * 1000:.0f} ms with an empty "
        f"plugin, {our_s * 1000:.0f} ms with {PLUGIN}: {(our_s - base_s) * 1000:+.1f} ms "
        f"(best of each: {(min(ours) - min(empty)) * 1000:+.1f} ms; bound {BOUND_S * 1000:.0f} ms)\n"
    )


if __name__ == "__main__":
    main()
