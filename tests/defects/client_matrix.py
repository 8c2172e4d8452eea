"""Runs the kit against every flawed client and says what failed: the kill matrix of the client role.

`python -m tests.defects.client_matrix` plays all calls against each, in this process; with ids, only those. `--own`
plays just the calls of the row that must catch it, as the tests do; `--process` runs each as a program of its own.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from basix_contract.contract import load_ledger
from basix_contract.suite import ClientOptions, run_client
from tests.defects.clients.catalogue import CLIENT_DEFECTS
from tests.defects.kill_matrix import Row
from tests.defects.processes import LONGEST_S, pool

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_FAILED = ("fail", "warn")
_ADAPTER = (sys.executable, "-m", "tests.defects.clients.adapter")


def play(defect_id: str, *, own_only: bool = False, seed: int = 0, as_process: bool = False) -> Row:
    """Play the kit against one flawed client."""
    flaw = CLIENT_DEFECTS[defect_id]
    only = (load_ledger().requirement_of(flaw.kills).id,) if own_only else ()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, open(os.devnull, "w") as nowhere:  # noqa: PTH123 - a device
        sys.stderr = nowhere  # what it logs is the kit's affair
        options = ClientOptions(
            command=(*_ADAPTER, defect_id) if as_process else (),
            call=None if as_process else flaw.client().place,
            report=Path(folder),
            only=only,
            seed=seed,
        )
        result = run_client(options)
        sys.stderr = sys.__stderr__
    failing = tuple(check.id for row in result.requirements if row.verdict in _FAILED for check in row.checks)
    noise = result.reason if result.exit_code in (3, 5, 130) else ""
    also = tuple(check for check, _ in flaw.also)
    return Row(defect_id, flaw.kills, also, failing, result.verdict, noise, round(time.monotonic() - began, 1))


def play_own(defect_id: str, *, seed: int = 0, as_process: bool = False) -> Row:
    """Play the calls of a client's own row, and all calls where they do not show its fault.

    A run that this machine was too busy for is played again.
    """
    row = play(defect_id, own_only=True, seed=seed, as_process=as_process)
    return row if row.is_killed and not row.noise else play_whole(defect_id, seed=seed, as_process=as_process)


def play_whole(defect_id: str, *, seed: int = 0, as_process: bool = False) -> Row:
    """Play all calls with a flawed client, and again where this machine was too busy."""
    row = play(defect_id, seed=seed, as_process=as_process)
    return play(defect_id, seed=seed, as_process=as_process) if row.noise else row


def matrix(ids: Iterable[str], *, own_only: bool, seed: int = 0, as_process: bool = False) -> Iterator[Row]:
    """Play the kit against many flawed clients, several at a time; their rows come in order, each when it is there."""
    played = partial(play_own if own_only else play_whole, seed=seed, as_process=as_process)
    with pool() as processes:
        yield from processes.map(played, list(ids), timeout=LONGEST_S)


def main() -> int:
    """Print the matrix; 0 when every defect is killed and nothing fails that its row does not name."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ids", nargs="*", default=list(CLIENT_DEFECTS))
    parser.add_argument("--own", action="store_true", help="only the calls of the row that must catch it")
    parser.add_argument("--process", action="store_true", help="each client as a program of its own")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    rows = []
    for row in matrix(options.ids, own_only=options.own, seed=options.seed, as_process=options.process):
        rows.append(row)
        mark = "killed" if row.is_exact else "KILLED" if row.is_killed else "SURVIVES"
        print(f"{mark:9} {row.defect:28} {row.seconds:5.1f} s  {row.kills}", flush=True)
        if row.surplus:
            print(f"{'':9}   also failing: {', '.join(row.surplus)}")
        if row.noise:
            print(f"{'':9}   noise: {row.noise}")
    exact = sum(row.is_exact for row in rows)
    print(f"{exact} of {len(rows)} killed with exact attribution, {sum(not row.is_killed for row in rows)} survive")
    return 0 if exact == len(rows) else 1


if __name__ == "__main__":
    sys.exit(main())
