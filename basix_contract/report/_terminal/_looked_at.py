"""What is to be looked at, on a screen: the first finding with its call, some in full, the rest by their ids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from basix_contract.report._excerpts import first_of, printable, shorten
from basix_contract.report._findings import Finding, findings
from basix_contract.report._terminal._layout import INDENT, STYLES, heading, indented, line
from basix_contract.report._timeline_text import first_call_text
from basix_contract.report._timelines import timelines_of
from basix_contract.suite import SMALLEST, RequirementVerdict, RunResult

ADVICE = "ADVICE"
"""The level of rows that are never scored."""

_SHOWN_NAMES = 3
_MOST_IN_FULL = 5
_MOST_SAID = 280
# Where more than this have the same verdict for the same reason, their ids tell enough.
_MOST_STATEMENTS = 3


def to_be_looked_at(result: RunResult, columns: int, *, shows_all: bool) -> Iterator[RenderableType]:
    """Yield what did not hold, the worst first; unless all is asked for, what a screen has no room for by its ids."""
    found = findings(result.requirements)
    if not found:
        return
    yield heading("To be looked at", "the worst first, causes before what follows from them")
    seen = [finding for finding in found if finding.evidence]
    in_full = seen if shows_all else seen[:_MOST_IN_FULL]
    by_ids = seen[len(in_full) :]
    for finding in found:
        if finding in in_full:
            drawn = _drawn(finding, result, columns) if shows_all or finding is seen[0] else ""
            yield indented(_seen(finding, result, drawn, shows_all=shows_all), INDENT)
        elif not finding.evidence:
            yield indented(_unseen(finding), INDENT)
        elif finding is by_ids[0]:
            yield from _by_ids(by_ids)


def _drawn(finding: Finding, result: RunResult, columns: int) -> str:
    return first_call_text(finding.rows[0], timelines_of(result), width=columns - 3 * INDENT)


def _seen(finding: Finding, result: RunResult, drawn: str, *, shows_all: bool) -> Group:
    row = finding.rows[0]
    detail = printable(row.detail) if shows_all else shorten(row.detail, _MOST_SAID)
    said = [detail, *(told for told in drawn.splitlines())]
    head = line((f"{row.verdict} ", STYLES[row.verdict]), (f"{row.id} {row.level}  {row.statement}", ""))
    closer = f"evidence {first_of(finding.evidence, _SHOWN_NAMES)} · basix-contract explain {row.id}"
    for spot in [spot for spot in finding.evidence if spot in result.shrunk][:1]:
        body = result.shrunk[spot].decode("utf-8", "replace")
        said += [f"smallest that still fails: {printable(body)}", f"basix-contract replay {spot}{SMALLEST}"]
    return Group(head, *(indented(Text(told), 2 * INDENT) for told in (*said, closer) if told))


def _by_ids(rest: Sequence[Finding]) -> Iterator[RenderableType]:
    """Yield a line for each verdict of those that are not told in full."""
    for verdict in dict.fromkeys(finding.verdict for finding in rest):
        ids = ", ".join(row.id for finding in rest if finding.verdict == verdict for row in finding.rows)
        said = f" too: {ids} (report.html and --verbose tell how)"
        yield indented(line((verdict, STYLES[verdict]), (said, "")), INDENT)


def _unseen(finding: Finding) -> Group:
    rows = finding.rows
    why = f": {printable(finding.why)}" if finding.why else ""
    told = [f"{row.id} {row.level}  {row.statement}" for row in rows]
    if len(rows) > _MOST_STATEMENTS:
        told = [", ".join(row.id for row in rows)]
    if finding.verdict == "disabled":
        told = [f"{len(rows)} requirements"]
    head = line((finding.verdict, STYLES[finding.verdict]), (why, ""))
    return Group(head, *(indented(Text(said), 2 * INDENT) for said in told))


def observed(result: RunResult, *, shows_all: bool) -> Iterator[RenderableType]:
    """Yield what was seen where the document is open: how many points, or each where all is asked for."""
    rows = [row for row in result.requirements if row.verdict == "observed" and row.level != ADVICE]
    if not rows:
        return
    if not shows_all:
        many = "points that the document leaves open were"
        one = "point that the document leaves open was"
        yield ""
        yield Text(f"{len(rows)} {many if len(rows) > 1 else one} observed, not judged (--verbose lists them)")
        return
    yield heading("Observed where the document is open", "recorded, not judged")
    for row in rows:
        yield indented(Text(f"{row.id}  {row.statement} {printable(row.detail)}"), INDENT)


def advice(result: RunResult) -> Iterator[RenderableType]:
    """Yield the advice that a run gave rise to."""
    given = [row for row in result.requirements if row.level == ADVICE and _was_seen(row)]
    if given:
        yield heading("Advice", "never scored")
    for row in given:
        yield indented(Text(f"{row.id}  {row.statement} ({printable(row.detail)})"), INDENT)


def _was_seen(row: RequirementVerdict) -> bool:
    return row.verdict == "observed" and any(check.evidence for check in row.checks)
