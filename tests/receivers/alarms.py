"""Plays the receiver suite against every correct receiver over many seeds and prints every false alarm.

`python -m tests.receivers.alarms --seeds 20`
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from itertools import product
from pathlib import Path

from tests.defects.processes import LONGEST_S, pool
from tests.receivers.family import RECEIVERS, alarms, play

_OUR_FAULT = 5


def run(name: str, seed: int) -> tuple[str, list[str]]:
    """Return how one run ended, and what was held against the receiver; one it was too busy for is played again."""
    with tempfile.TemporaryDirectory() as folder:
        result = play(name, Path(folder), seed)
        if result.exit_code == _OUR_FAULT:
            result = play(name, Path(folder), seed)
    return f"{result.verdict} in {result.duration_s:.1f} s", alarms(result)


def main() -> int:
    """Print one line for each run; return 1 when any raised an alarm."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="receivers to play; all when none is given")
    parser.add_argument("--seeds", type=int, default=20)
    asked = parser.parse_args()
    runs = list(product(asked.names or RECEIVERS, range(asked.seeds)))
    raised = 0
    with pool() as processes:
        played = processes.map(run, *zip(*runs, strict=True), timeout=LONGEST_S)
        for (name, seed), (verdict, found) in zip(runs, played, strict=True):
            sys.stdout.write(f"{name:18} seed {seed:<3} {verdict}\n" + "".join(f"    {alarm}\n" for alarm in found))
            sys.stdout.flush()
            raised += verdict.split()[0] != "conforms" or bool(found)
    sys.stdout.write(f"{len(runs)} runs, {raised} with an alarm\n")
    return 1 if raised else 0


if __name__ == "__main__":
    sys.exit(main())
