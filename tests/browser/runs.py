"""Short runs with a report: the plan cut down to a few scenarios, so that a page is there within a second."""

from __future__ import annotations

import dataclasses
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from basix_contract.report import write_report
from basix_contract.suite import WORST_FIRST, RunResult, ServerOptions, conclude
from basix_contract.suite._options import open_target, read_profile
from basix_contract.suite._resume import Earlier
from basix_contract.suite._run import Run, conduct, plan_for

SCENARIOS = ("plain-call", "examples", "parameters", "callback-answered")


def played(folder: Path, *defects: str) -> RunResult:
    """A run of a few scenarios against the embedded mock with these defects; what it does not serve is left out."""
    journal = folder / "journal.ndjson"
    journal.write_bytes(_journal(defects))
    result = conclude(journal)
    rows = tuple(row for row in result.requirements if row.verdict != "not-testable")
    counts = Counter(row.verdict for row in rows)
    return dataclasses.replace(result, requirements=rows, counts={word: counts[word] for word in WORST_FIRST})


@cache
def _journal(defects: tuple[str, ...]) -> bytes:
    """What such a run wrote down. It has a thread of its own, for a browser's event loop may be running in this one."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(1) as thread:
        return thread.submit(_play, Path(folder, "journal.ndjson"), defects).result()


def _play(path: Path, defects: tuple[str, ...]) -> bytes:
    options = ServerOptions(report=path.parent, defects=defects)
    profile = read_profile(options)
    with open_target(profile, options) as target:
        wanted = SCENARIOS if defects else (*SCENARIOS, "body")
        plan = plan_for(profile, target, options).only(lambda item: item.id in wanted, is_late_wanted=False)
        conduct(Run(options, profile, target, plan, (), Earlier()), path)
    return path.read_bytes()


def good_report(folder: Path) -> Path:
    """The page of a run in which everything holds."""
    result = dataclasses.replace(played(folder), verdict="conforms", exit_code=0, reason="everything passes")
    return page_of(result, folder)


def bad_report(folder: Path) -> Path:
    """The page of a run against a PBX that never calls back."""
    result = played(folder, "callback-missing")
    assert result.verdict == "does-not-conform"
    return page_of(result, folder)


def hollow_report(folder: Path) -> Path:
    """The page of a run in which no call was accepted."""
    result = played(folder)
    return page_of(dataclasses.replace(result, verdict="hollow", exit_code=6, reason="no call was accepted"), folder)


def huge_report(folder: Path) -> Path:
    """The page of a run of 5,000 exchanges: a short one, its calls told again and again under other names."""
    result = played(folder)
    few = result.history.exchanges
    many = tuple(dataclasses.replace(few[place % len(few)], id=f"many.{place}") for place in range(5_000))
    evidence = tuple(exchange.id for exchange in many)
    rows = tuple(
        dataclasses.replace(row, checks=tuple(dataclasses.replace(check, evidence=evidence) for check in row.checks))
        for row in result.requirements
    )
    history = dataclasses.replace(result.history, exchanges=many, _by_id={})
    return page_of(dataclasses.replace(result, history=history, requirements=rows), folder)


def page_of(result: RunResult, folder: Path) -> Path:
    """The path of a run's page, written."""
    return next(path for path in write_report(result, folder) if path.name == "report.html")
