"""Plays the kit against clients that keep the contract in different ways, and prints every false alarm.

`python -m tests.clients.alarms` plays all of them with two seeds; with names only those; `--seeds 20` with twenty.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from basix_contract.suite import ClientOptions, run_client
from tests.clients.family import COMMANDS, IN_PROCESS

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


def alarms_of(kind: str, seed: int, only: tuple[str, ...] = ()) -> list[str]:
    """What the kit should not have said of one client; a run that this machine was too busy for is played again."""
    result = play(kind, seed, only)
    return false_alarms(play(kind, seed, only) if result.exit_code == _OUR_FAULT else result)


def main() -> int:
    """Print the table; return 1 when there is a false alarm."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", default=[*IN_PROCESS, *COMMANDS], help="clients to play")
    parser.add_argument("--seeds", type=int, default=2, help="how many seeds, from 0")
    asked = parser.parse_args()
    alarms = 0
    for kind in asked.kinds:
        for seed in range(asked.seeds):
            result = play(kind, seed)
            said = false_alarms(result)
            alarms += len(said)
            word = f"{len(said)} false alarms" if said else "quiet"
            print(f"{kind:12} seed {seed:<3} {word:16} {result.verdict:17} {result.duration_s:6.1f} s", flush=True)
            for sentence in said:
                print(f"    {sentence}")
    print(f"{alarms} false alarms")
    return 1 if alarms else 0


if __name__ == "__main__":
    sys.exit(main())
