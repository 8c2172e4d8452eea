"""One requirement shown on the mock PBX: a few of its calls, each with the good call beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from basix_contract.contract import load_ledger
from basix_contract.suite._conclude import conclude
from basix_contract.suite._options import ServerOptions, open_target, read_profile
from basix_contract.suite._resume import Earlier
from basix_contract.suite._run import Run, conduct, plan_for
from basix_contract.suite._scenario import Scenario
from basix_contract.suite.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from basix_contract.suite._result import RunResult
    from basix_contract.suite._scenario import Step

_MOST_CALLS = 3


def play_example(row: str, folder: Path, *defects: str) -> RunResult:
    """Play the first calls that a requirement is judged by on the embedded mock with these defects, and judge them.

    A requirement that every call is judged by is shown on a plain one. The journal is in the folder.
    """
    options = ServerOptions(report=folder, defects=defects, only=(row,))
    profile = read_profile(options)
    with open_target(profile, options) as target:
        plan = plan_for(profile, target, options)
        steps = [step for scenario in plan.scenarios for step in scenario.steps]
        chosen = tuple(_with_controls(_judged(row, steps) or steps[:2], steps))
        scenario = Scenario(id="example", phase="alone", is_settled=True, steps=chosen)
        conduct(Run(options, profile, target, Plan((scenario,)), (), Earlier(), replay=row), folder / "journal.ndjson")
    return conclude(folder / "journal.ndjson")


def _judged(row: str, steps: Iterable[Step]) -> list[Step]:
    checks = set(load_ledger().by_id(row).checks)
    return [step for step in steps if checks & {step.intent.probe, *step.intent.judged_by}][:_MOST_CALLS]


def _with_controls(chosen: Iterable[Step], steps: list[Step]) -> Iterable[Step]:
    """Put before each call the one it is compared with, each once."""
    by_id = {step.id: step for step in steps}
    told: dict[str, Step] = {}
    for step in chosen:
        for name in (step.intent.control, step.id):
            if name in by_id:
                told[name] = by_id[name]
    return told.values()
