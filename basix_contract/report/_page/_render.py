"""The page itself: what can be read without a script is put in place here, the rest is embedded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from basix_contract.contract import load_ledger
from basix_contract.report._badge import render_badge_svg
from basix_contract.report._excerpts import printable
from basix_contract.report._families import by_family, family_of
from basix_contract.report._findings import Finding, findings
from basix_contract.report._journaled import journal_events
from basix_contract.report._page._embedded import embedded
from basix_contract.report._rerun import rerun_command
from basix_contract.report._timeline_text import first_call_text
from basix_contract.report._timelines import Timelines, timelines_of
from basix_contract.suite import SMALLEST, WORST_FIRST, RunResult

_TEMPLATES = Path(__file__).with_name("template")
_LEVELS = ("MUST", "SHOULD", "OBSERVE", "ADVICE")
_OUT_OF_SCORE = ("not-applicable", "disabled")

_WARNINGS: Mapping[str, str] = MappingProxyType(
    {
        "hollow": "Nothing was proven. No call was accepted: what passes here passes because nothing happened.",
        "partial": "Only a part was tested. Requirements that could not be tested, or were left out, are not green.",
        "harness-error": "The kit itself went wrong. Nothing here may be held against the target: run it again.",
    }
)
_INTERRUPTED = "The run ended early ({}). What was seen by then stands below; the rest was not tested."
_SIDES: Mapping[str, str] = MappingProxyType({"server": "PBX", "client": "client", "receiver": "callback receiver"})


@dataclass(frozen=True, slots=True)
class _Shown:
    """A finding as it stands on the page: in words, its first call as text, and how to play it again."""

    finding: Finding
    text: str
    replay: str


def render_page(result: RunResult) -> bytes:
    """Return report.html: as the journal has it, so nothing stands here that the journal may not hold."""
    events = list(journal_events(result.journal))
    timelines = timelines_of(result, events)
    command = rerun_command(result, next((event for event in events if event.get("event") == "run"), {}))
    ledger = {row.id: row for row in load_ledger()}
    page: str = _template().render(
        result=result,
        side=_SIDES[result.role],
        warnings=tuple(_warnings(result)),
        scores=tuple(_scores(result)),
        provenance=tuple(_provenance(result, events, command)),
        found=tuple(_shown(finding, timelines, result) for finding in findings(result.requirements)),
        families=by_family(result.requirements),
        family_of=family_of,
        verdicts=tuple(_counted(result)),
        levels=tuple(level for level in _LEVELS if any(row.level == level for row in result.requirements)),
        badge=render_badge_svg(result).decode(),
        data=embedded(result, timelines, ledger, command),
        css=_part("report.css"),
        script=_part("format.js") + _part("timeline.js") + _part("report.js"),
    )
    return page.encode("utf-8", "backslashreplace")


@cache
def _template() -> Any:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["printable"] = printable
    return environment.get_template("report.html.jinja")


@cache
def _part(name: str) -> str:
    return (_TEMPLATES / name).read_text("utf-8")


# ── what stands on top ──


def _warnings(result: RunResult) -> Iterator[str]:
    if result.verdict in _WARNINGS:
        yield _WARNINGS[result.verdict]
    if result.ending != "complete":
        yield _INTERRUPTED.format(printable(result.ending))


def _scores(result: RunResult) -> Iterator[tuple[str, int, int]]:
    for level in ("MUST", "SHOULD"):
        scored = [row for row in result.requirements if row.level == level and row.verdict not in _OUT_OF_SCORE]
        if scored:
            yield level, sum(row.verdict == "pass" for row in scored), len(scored)


def _provenance(result: RunResult, events: list[dict[str, Any]], command: str) -> Iterator[tuple[str, str]]:
    started = next((event.get("started", "") for event in events if event.get("event") == "run"), "")
    way = "received" if result.role == "client" else "sent"
    yield "target", result.target
    yield "seed", str(result.seed)
    yield "versions", f"contract {result.contract}, basix-contract {result.kit}"
    yield "command", command
    yield "calls placed", str(result.calls_placed)
    yield f"requests {way}", str(result.requests_sent)
    yield "scenarios", f"{result.executed} of {result.planned} played"
    yield "time", f"{started}, {result.duration_s:.1f} s" if started else f"{result.duration_s:.1f} s"
    yield "journal", f"{result.journal.name}, beside this page"


def _counted(result: RunResult) -> Iterator[tuple[str, int]]:
    counts = Counter(row.verdict for row in result.requirements)
    yield from ((verdict, counts[verdict]) for verdict in WORST_FIRST if counts[verdict])


# ── what is to be looked at ──


def _shown(finding: Finding, timelines: Timelines, result: RunResult) -> _Shown:
    text = first_call_text(finding.rows[0], timelines)
    return _Shown(finding, text, _replay(finding, result) if finding.evidence else "")


def _replay(finding: Finding, result: RunResult) -> str:
    if result.role != "server":
        return ""
    shrunk = next((spot + SMALLEST for spot in finding.evidence if spot in result.shrunk), "")
    return f"basix-contract replay {shrunk or finding.evidence[0]} --journal {result.journal.name}"
