"""Runs the kit against every named defect and says what failed: the kill matrix.

`python tests/defects/kill_matrix.py` plays the whole plan against each defect and prints a table; with ids, only
those. `--own` plays just the scenarios of the row that must catch it, as the tests do.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from basix_contract.contract import load_ledger
from basix_contract.mock import DEFECTS
from basix_contract.suite import ServerOptions, run_server
from basix_contract.suite._conclude import conclude
from basix_contract.suite._options import open_target, read_profile
from basix_contract.suite._resume import Earlier
from basix_contract.suite._run import Run, conduct, plan_for
from tests.defects.processes import LONGEST_S, pool

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from basix_contract.suite import RunResult

_LEVELS = {"fail": "MUST", "warn": "SHOULD"}


@dataclass(frozen=True, slots=True)
class Row:
    """One defect and what failed when the kit met it; `noise` is anything of ours that went wrong."""

    defect: str
    kills: str
    also: tuple[str, ...]
    failing: tuple[str, ...]
    verdict: str
    noise: str
    seconds: float

    @property
    def is_killed(self) -> bool:
        """True when the check that must fail did."""
        return self.kills in self.failing

    @property
    def surplus(self) -> tuple[str, ...]:
        """Checks that failed and are named by neither `kills` nor `also`."""
        return tuple(check for check in self.failing if check != self.kills and check not in self.also)

    @property
    def is_exact(self) -> bool:
        """True when what failed is what the defect's row says, and nothing of ours went wrong."""
        return self.is_killed and not self.surplus and not self.noise


def play(defect_id: str, *, own_only: bool, seed: int = 0) -> Row:
    """Play the kit against one defect."""
    defect = DEFECTS[defect_id]
    only = (load_ledger().requirement_of(defect.kills).id,) if own_only else ()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        options = ServerOptions(report=Path(folder), defects=(defect_id,), only=only, seed=seed)
        result = _run_written(options) if own_only else run_server(options)
    failing = tuple(check.id for row in result.requirements if row.verdict in _LEVELS for check in row.checks)
    noise = result.reason if result.exit_code in (3, 5, 130) else ""
    return Row(
        defect_id,
        defect.kills,
        tuple(check for check, _ in defect.also),
        failing,
        result.verdict,
        noise,
        round(time.monotonic() - began, 1),
    )


def _run_written(options: ServerOptions) -> RunResult:
    """Play what is written down and not drawn: most defects show there already, in a third of the time."""
    profile, journal = read_profile(options), options.report / "journal.ndjson"
    with open_target(profile, options) as target:
        plan = plan_for(profile, target, options)
        written = plan.only(lambda scenario: scenario.phase != "generated", is_late_wanted=False)
        conduct(Run(options, profile, target, written, (), Earlier()), journal)
    return conclude(journal)


def play_own(defect_id: str, seed: int = 0) -> Row:
    """Play what is written of a defect's own row, and the whole plan where that does not show it.

    A run that this machine was too busy for is played again.
    """
    row = play(defect_id, own_only=True, seed=seed)
    return row if row.is_killed and not row.noise else play_whole(defect_id, seed)


def play_whole(defect_id: str, seed: int = 0) -> Row:
    """Play the whole plan against a defect, and again where this machine was too busy."""
    row = play(defect_id, own_only=False, seed=seed)
    return play(defect_id, own_only=False, seed=seed) if row.noise else row


def matrix(ids: Iterable[str], *, own_only: bool, seed: int = 0) -> Iterator[Row]:
    """Play the kit against many defects, several at a time; their rows come in order, each when it is there."""
    listed = list(ids)
    with pool() as processes:
        played = play_own if own_only else play_whole
        yield from processes.map(played, listed, [seed] * len(listed), timeout=LONGEST_S)


def show(rows: Iterable[Row]) -> int:
    """Print a matrix as its rows come; return 1 when something survives or fails more than it should."""
    shown = []
    for row in rows:
        shown.append(row)
        word = "killed" if row.is_exact else "INEXACT" if row.is_killed else "SURVIVES"
        print(f"{word:9} {row.defect:40} {row.kills:34} {row.seconds:5.1f} s {row.verdict}", flush=True)
        for name, checks in (("surplus", row.surplus), ("failing", () if row.is_killed else row.failing)):
            if checks:
                print(f"{'':9}   {name}: {', '.join(checks)}")
        if row.noise:
            print(f"{'':9}   noise: {row.noise}")
    exact = sum(row.is_exact for row in shown)
    survivors = sum(not row.is_killed for row in shown)
    print(f"{exact} of {len(shown)} killed with exact attribution, {survivors} survive")
    return 0 if exact == len(shown) else 1


def main() -> int:
    """Print the matrix; return 1 when a defect survives or fails more than it should."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ids", nargs="*", help="defects to play; all when none is given")
    parser.add_argument("--own", action="store_true", help="only the scenarios of the row that must catch it")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    return show(matrix(asked.ids or DEFECTS, own_only=asked.own, seed=asked.seed))


if __name__ == "__main__":
    sys.exit(main())
