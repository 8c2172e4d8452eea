"""Runs the receiver suite against every flawed receiver and says what failed: the kill matrix.

`python -m tests.defects.receiver_matrix` plays the whole plan against each and prints a table; with ids, only those.
`--own` plays just the scenarios of the row that must catch it, as the tests do.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from basix_contract.contract import load_ledger
from basix_contract.suite import ReceiverOptions, RunResult, run_receiver
from tests.defects.kill_matrix import Row, show
from tests.defects.receivers.application import Application, served
from tests.defects.receivers.catalogue import RECEIVER_DEFECTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PLACING = Path(__file__).with_name("receivers") / "placing.py"
_WORKERS = 2
_TIMEOUT_S = 2.5
_LEVELS = ("fail", "warn")


def options_for(
    base: str, folder: Path, *, is_told: bool, only: tuple[str, ...] = (), seed: int = 0
) -> ReceiverOptions:
    """Return the options of a run against an application, observed where a row asked for needs it."""
    ledger, host = load_ledger(), base.removeprefix("http://")
    is_observed = not only or any(check.startswith("belief/") for row in only for check in ledger.by_id(row).checks)
    return ReceiverOptions(
        url="" if is_told else f"{base}/hook/{{case}}",
        url_command=f"{sys.executable} -I -S {PLACING} {host} {{case}}" if is_told else "",
        observer_url=f"{base}/calls/{{case}}" if is_observed else "",
        report=folder,
        only=only,
        seed=seed,
        timeout_s=_TIMEOUT_S,
    )


def run_against(application: Application, *, is_told: bool, only: tuple[str, ...] = (), seed: int = 0) -> RunResult:
    """Run the receiver suite against an application that is served for as long."""
    with tempfile.TemporaryDirectory() as folder, served(application) as base:
        return run_receiver(options_for(base, Path(folder), is_told=is_told, only=only, seed=seed))


def play(defect_id: str, *, own_only: bool, seed: int = 0) -> Row:
    """Play the suite against one flawed receiver."""
    defect = RECEIVER_DEFECTS[defect_id]
    only = (load_ledger().requirement_of(defect.kills).id,) if own_only else ()
    began = time.monotonic()
    result = run_against(defect.application(), is_told=defect.is_told, only=only, seed=seed)
    return Row(
        defect_id,
        defect.kills,
        tuple(check for check, _ in defect.also),
        tuple(check.id for row in result.requirements if row.verdict in _LEVELS for check in row.checks),
        result.verdict,
        result.reason if result.exit_code in (3, 5, 130) else "",
        round(time.monotonic() - began, 1),
    )


def _play_own(defect_id: str, seed: int) -> Row:
    return play(defect_id, own_only=True, seed=seed)


def _play_whole(defect_id: str, seed: int) -> Row:
    return play(defect_id, own_only=False, seed=seed)


def receiver_matrix(ids: Iterable[str], *, own_only: bool, seed: int = 0) -> Iterator[Row]:
    """Play the suite against many, several at a time, in their order; one the machine was too busy for again, alone."""
    listed = list(ids)
    with ProcessPoolExecutor(max_workers=_WORKERS) as pool:
        rows = list(pool.map(_play_own if own_only else _play_whole, listed, [seed] * len(listed)))
    for row in rows:
        yield play(row.defect, own_only=own_only, seed=seed) if row.noise else row


def main() -> int:
    """Print the matrix; return 1 when a receiver survives or fails more than it should."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ids", nargs="*", help="flawed receivers to play; all when none is given")
    parser.add_argument("--own", action="store_true", help="only the scenarios of the row that must catch it")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    return show(receiver_matrix(asked.ids or RECEIVER_DEFECTS, own_only=asked.own, seed=asked.seed))


if __name__ == "__main__":
    sys.exit(main())
