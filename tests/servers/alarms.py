"""Plays the kit against servers that keep the contract in different ways, and prints every false alarm.

`python tests/servers/alarms.py` plays all of them with two seeds; with names only those; `--seeds 10` with ten.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.servers.family import KINDS, SLOW_KINDS
from tests.servers.playing import Played, play, play_many


def false_alarms(played: Played) -> list[str]:
    """What the kit should not have said, one sentence each; a server that cannot call back may go untested."""
    kind = KINDS.get(played.kind)
    is_excused = kind is not None and not kind.calls_back
    said = [
        f"{id_} {row.verdict}: {row.detail}"
        for id_, row in played.alarms.items()
        if not (is_excused and row.verdict == "not-testable")
    ]
    if played.verdict != ("partial" if is_excused else "conforms"):
        said.append(f"verdict {played.verdict}, exit {played.exit_code}: {played.reason}")
    return said


def main() -> int:
    """Print the table; return 1 when there is a false alarm."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", help="servers to play; all when none is given")
    parser.add_argument("--seeds", type=int, default=2, help="how many seeds, from 0")
    asked = parser.parse_args()
    alarms = 0
    for played in play_many(play, asked.kinds or [*KINDS, *SLOW_KINDS], range(asked.seeds)):
        said = false_alarms(played)
        alarms += len(said)
        word = f"{len(said)} false alarms" if said else "quiet"
        told = f"{played.verdict:17} {played.requests:4} requests {played.seconds:6.1f} s"
        _tell(f"{played.kind:17} seed {played.seed:<3} {word:16} {told}", *(f"    {sentence}" for sentence in said))
    _tell(f"{alarms} false alarms")
    return 1 if alarms else 0


def _tell(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
