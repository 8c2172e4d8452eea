"""Runs the receiver suite against every flawed receiver and says what failed: the kill matrix.

`python -m tests.defects.receiver_matrix` plays the whole plan against each and prints a table; with ids, only those.
`--own` plays just the scenarios of the row that must catch it, as the tests do.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from basix_contract.contract import load_ledger
from basix_contract.suite import ReceiverOptions, RunResult, preview_receiver, run_receiver
from tests.defects.kill_matrix import Row, show
from tests.defects.receivers.application import Application, served
from tests.defects.receivers.catalogue import RECEIVER_DEFECTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CURL = shutil.which("curl")
_SCRIPT = Path(__file__).with_name("receivers") / "placing.py"
_WORKERS = 4
_TIMEOUT_S = 2.5
_LEVELS = ("fail", "warn")


def placing(base: str) -> str:
    """Return the command that tells an application of a call, and prints the URL it gives it."""
    if CURL:
        return f"{CURL} -s --data-binary @- {base}/calls/{{case}}"
    return f"{sys.executable} -I -S {_SCRIPT} {base.removeprefix('http://')} {{case}}"


def options_for(base: str, folder: Path, *, is_told: bool, is_observed: bool, **options: Any) -> ReceiverOptions:
    """Return the options of a run against an application."""
    return ReceiverOptions(
        url="" if is_told else f"{base}/hook/{{case}}",
        url_command=placing(base) if is_told else "",
        observer_url=f"{base}/calls/{{case}}" if is_observed else "",
        report=folder,
        timeout_s=_TIMEOUT_S,
        **options,
    )


def run_against(application: Application, *, is_told: bool, is_observed: bool = True, **options: Any) -> RunResult:
    """Run the receiver suite against an application that is served for as long."""
    with tempfile.TemporaryDirectory() as folder, served(application) as base:
        return run_receiver(options_for(base, Path(folder), is_told=is_told, is_observed=is_observed, **options))


def play(defect_id: str, *, own_only: bool, seed: int = 0) -> Row:
    """Play the suite against one flawed receiver."""
    defect = RECEIVER_DEFECTS[defect_id]
    only = (load_ledger().requirement_of(defect.kills).id,) if own_only else ()
    began = time.monotonic()
    is_observed = not own_only or defect.kills.startswith("belief/")
    result = run_against(defect.application(), is_told=defect.is_told, is_observed=is_observed, only=only, seed=seed)
    return Row(
        defect_id,
        defect.kills,
        tuple(check for check, _ in defect.also),
        tuple(check.id for row in result.requirements if row.verdict in _LEVELS for check in row.checks),
        result.verdict,
        result.reason if result.exit_code in (3, 5, 130) else "",
        round(time.monotonic() - began, 1),
    )


def play_own(defect_id: str, seed: int = 0) -> Row:
    """Play the scenarios of a receiver's own row; again where this machine was too busy."""
    row = play(defect_id, own_only=True, seed=seed)
    return play(defect_id, own_only=True, seed=seed) if row.noise else row


def receiver_matrix(ids: Iterable[str], *, own_only: bool, seed: int = 0) -> Iterator[Row]:
    """Play the suite against many, several at a time, in their order; one the machine was too busy for again, alone.

    A run waits more than it works, so threads do; what is drawn is drawn once for all of them.
    """
    preview_receiver(ReceiverOptions(seed=seed))
    with ThreadPoolExecutor(max_workers=_WORKERS) as pool:
        rows = list(pool.map(partial(play, own_only=own_only, seed=seed), ids))
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
