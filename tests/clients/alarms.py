"""Plays the kit against clients that keep the contract in different ways, and prints every false alarm.

`python -m tests.clients.alarms` plays all of them with two seeds; with names only those; `--seeds 20` with twenty.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from basix_contract.suite import ClientOptions, run_client
from tests.clients.family import COMMANDS, IN_PROCESS
from tests.defects.processes import LONGEST_S, pool

if TYPE_CHECKING:
    from basix_contract.suite import RunResult

_OUR_FAULT = 5
_QUIET = ("pass", "observed")


def play(kind: str, seed: int, only: tuple[str, ...] = ()) -> RunResult:
    """Play the kit against one client."""
    with tempfile.TemporaryDirectory() as folder:
        return run_client(
            ClientOptions(
                command=COMMANDS.get(kind, ()),
                call=IN_PROCESS[kind]().place if kind in IN_PROCESS else None,
                report=Path(folder),
                seed=seed,
                only=only,
            )
        )


def false_alarms(result: RunResult) -> list[str]:
    """What the kit should not have said, one sentence each; what `--only` leaves out is no alarm."""
    left_out = {"disabled"} if result.counts["disabled"] else set()
    said = [
        f"{row.id} {row.verdict}: {row.detail}"
        for row in result.requirements
        if row.verdict not in {*_QUIET, *left_out}
    ]
    wanted = "partial" if left_out else "conforms"
    return said if result.verdict == wanted else [*said, f"{result.verdict}: {result.reason}"]


def told(kind: str, seed: int) -> tuple[str, list[str]]:
    """Return how one run ended, and what the kit should not have said; one it was too busy for is played again."""
    result = play(kind, seed)
    if result.exit_code == _OUR_FAULT:
        result = play(kind, seed)
    return f"{result.verdict} in {result.duration_s:.1f} s", false_alarms(result)


def main() -> int:
    """Print one line for each run; return 1 when there is a false alarm."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", default=[*IN_PROCESS, *COMMANDS], help="clients to play")
    parser.add_argument("--seeds", type=int, default=2, help="how many seeds, from 0")
    asked = parser.parse_args()
    runs, alarms = list(product(asked.kinds, range(asked.seeds))), 0
    with pool() as processes:
        played = processes.map(told, *zip(*runs, strict=True), timeout=LONGEST_S)
        for (kind, seed), (ended, said) in zip(runs, played, strict=True):
            alarms += len(said)
            sys.stdout.write(f"{kind:12} seed {seed:<3} {ended}\n" + "".join(f"    {line}\n" for line in said))
            sys.stdout.flush()
    sys.stdout.write(f"{len(runs)} runs, {alarms} false alarms\n")
    return 1 if alarms else 0


if __name__ == "__main__":
    sys.exit(main())
