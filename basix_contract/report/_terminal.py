"""The summary on a terminal: a screen that someone who knows only the document can read."""

from __future__ import annotations

import io
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TextIO

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from basix_contract.report._excerpts import encodable, file_names, first_of, printable
from basix_contract.report._families import by_family
from basix_contract.report._findings import Finding, findings
from basix_contract.report._played import PlayedCall, played_calls
from basix_contract.suite import SMALLEST, RunResult, Verdict

_NARROWEST, _WIDEST = 60, 100
_INDENT = 2
_TITLE_COLUMNS = 13
_COUNTED: tuple[Verdict, ...] = ("pass", "fail", "warn", "observed", "not-testable")
_OTHER = "other"
_OUT_OF_SCORE: tuple[Verdict, ...] = ("not-applicable", "disabled")
_SHOWN_NAMES = 3
_ADVICE = "ADVICE"
# Where more than this have the same verdict for the same reason, their ids tell enough.
_MOST_STATEMENTS = 6

_LEGENDS: Mapping[str, str] = MappingProxyType(
    {
        "server": "→ request  ← reply  ⇐ callback",
        "client": "→ request  ← our reply  ⇒ what is reported",
        "receiver": "→ callback  ← answer",
    }
)
_STYLES: Mapping[str, str] = MappingProxyType(
    {
        "harness-error": "bold magenta",
        "fail": "bold red",
        "fixed-unexpectedly": "bold red",
        "ambiguous": "bold yellow",
        "not-testable": "yellow",
        "warn": "yellow",
        "known-failing": "yellow",
        "needs-review": "yellow",
        "disabled": "dim",
        "observed": "cyan",
        "not-applicable": "dim",
        "pass": "green",
        "conforms": "bold green",
        "does-not-conform": "bold red",
        "partial": "bold yellow",
        "hollow": "bold yellow",
    }
)


def summary_for(
    stream: TextIO,
    result: RunResult,
    *,
    files: Sequence[Path] = (),
    shows_observed: bool = False,
    environment: Mapping[str, str] = os.environ,
) -> str:
    """Return the summary as this stream can show it: its width, its encoding, and whether colours are wanted.

    Only a terminal is given colours, and none whose user has set NO_COLOR.
    """
    is_terminal = stream.isatty() and environment.get("TERM") != "dumb"
    text = summary_text(
        result,
        files=files,
        shows_observed=shows_observed,
        width=shutil.get_terminal_size((_WIDEST, 24)).columns if is_terminal else _WIDEST,
        has_colour=is_terminal and not environment.get("NO_COLOR"),
    )
    return encodable(text, stream.encoding or "utf-8")


def summary_text(
    result: RunResult,
    *,
    files: Sequence[Path] = (),
    shows_observed: bool = False,
    width: int = _WIDEST,
    has_colour: bool = False,
) -> str:
    """Return the summary, at most `width` (60 to 100) columns wide, plain unless `has_colour`."""
    columns = min(max(width, _NARROWEST), _WIDEST)
    console = Console(
        file=io.StringIO(),
        width=columns,
        force_terminal=has_colour,
        color_system="standard" if has_colour else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
        _environ={},
    )
    with console.capture() as captured:
        for section in _sections(result, files, columns, shows_observed=shows_observed):
            console.print(section)
    lines = (line.rstrip() for line in captured.get().splitlines())
    return "\n".join(lines) + "\n"


def _sections(
    result: RunResult, files: Sequence[Path], columns: int, *, shows_observed: bool
) -> Iterator[RenderableType]:
    yield _strip(result)
    yield from _provenance(result)
    yield from _examples(played_calls(result, 2 * (columns - _TITLE_COLUMNS - 8)), _LEGENDS.get(result.role, ""))
    yield from _families(result)
    yield from _to_be_looked_at(result)
    yield from _observed(result, shows_all=shows_observed)
    yield from _advice(result)
    yield ""
    if files:
        yield _line(("report  ", "bold"), (file_names(files), ""))
    yield _ending(result)


# ── what it came to ──


def _strip(result: RunResult) -> Text:
    parts = [f"contract {result.contract}", *_scores(result), f"seed {result.seed}", f"{result.duration_s:.1f} s"]
    return _line((result.verdict, _STYLES[result.verdict]), (" · " + " · ".join(parts), ""))


def _scores(result: RunResult) -> Iterator[str]:
    for level in ("MUST", "SHOULD"):
        scored = [row for row in result.requirements if row.level == level and row.verdict not in _OUT_OF_SCORE]
        if scored:
            yield f"{sum(row.verdict == 'pass' for row in scored)}/{len(scored)} {level}"
    for verdict in _OUT_OF_SCORE:
        left_out = [row.id for row in result.requirements if row.verdict == verdict]
        if left_out:
            yield f"{verdict}: {first_of(left_out, _SHOWN_NAMES)}"


def _provenance(result: RunResult) -> Iterator[Text]:
    yield _line((f"{result.role}  ", "bold"), (printable(result.target), ""))
    way = "received" if result.role == "client" else "sent"
    played = f"{result.executed} of {result.planned} scenarios, {result.requests_sent} requests {way}"
    placed = f", {result.calls_placed} calls placed" if result.role != "receiver" else ""
    yield _line(("played  ", "bold"), (f"{played}{placed}", ""))
    if result.ending != "complete":
        yield _line(("ended   ", "bold"), (f"early: {printable(result.ending)}", _STYLES["ambiguous"]))


def _ending(result: RunResult) -> Text:
    return _line(
        (result.verdict, _STYLES[result.verdict]),
        (f" · exit code {result.exit_code}: {printable(result.reason)}", ""),
    )


# ── what was played ──


def _examples(calls: Sequence[PlayedCall], legend: str) -> Iterator[RenderableType]:
    if not calls:
        return
    yield _heading("The document's examples, as played", legend)
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=_TITLE_COLUMNS)
    grid.add_column()
    for call in calls:
        _add_call(grid, call)
    yield _indented(grid, _INDENT)


def _add_call(grid: Table, call: PlayedCall) -> None:
    lines = Table.grid(padding=(0, 1))
    for arrow, told in call.lines:
        lines.add_row(Text(arrow, style="dim"), Text(told, overflow="fold"))
    grid.add_row(Text(call.title), lines)


# ── what was judged ──


def _families(result: RunResult) -> Iterator[RenderableType]:
    yield _heading("Requirements by what they are about")
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    table.add_column("")
    for name in _COUNTED if all(row.verdict in _COUNTED for row in result.requirements) else (*_COUNTED, _OTHER):
        table.add_column(name, justify="right")
    for family, rows in by_family(row for row in result.requirements if row.level != _ADVICE):
        if all(row.verdict == "disabled" for row in rows):
            continue
        counts = Counter(row.verdict if row.verdict in _COUNTED else _OTHER for row in rows)
        table.add_row(family, *(_number(str(column.header), counts) for column in table.columns[1:]))
    yield _indented(table, _INDENT)


def _number(name: str, counts: Mapping[str, int]) -> Text:
    count = counts.get(name, 0)
    return Text(str(count), style=_STYLES.get(name, "yellow")) if count else Text("·", style="dim")


# ── what is to be looked at ──


def _to_be_looked_at(result: RunResult) -> Iterator[RenderableType]:
    found = findings(result.requirements)
    if found:
        yield _heading("To be looked at", "the worst first, causes before what follows from them")
    for finding in found:
        yield _indented(_seen(finding, result) if finding.evidence else _unseen(finding), _INDENT)


def _seen(finding: Finding, result: RunResult) -> Group:
    row = finding.rows[0]
    said = [printable(row.detail)]
    head = _line((f"{row.verdict} ", _STYLES[row.verdict]), (f"{row.id} {row.level}  {row.statement}", ""))
    closer = f"evidence {first_of(finding.evidence, _SHOWN_NAMES)} · basix-contract explain {row.id}"
    for spot in [spot for spot in finding.evidence if spot in result.shrunk][:1]:
        body = result.shrunk[spot].decode("utf-8", "replace")
        said += [f"smallest that still fails: {printable(body)}", f"basix-contract replay {spot}{SMALLEST}"]
    return Group(head, *(_indented(Text(line), 2 * _INDENT) for line in (*said, closer) if line))


def _unseen(finding: Finding) -> Group:
    rows = finding.rows
    why = f": {printable(finding.why)}" if finding.why else ""
    told = [f"{row.id} {row.level}  {row.statement}" for row in rows]
    if len(rows) > _MOST_STATEMENTS:
        told = [", ".join(row.id for row in rows)]
    if finding.verdict == "disabled":
        told = [f"{len(rows)} requirements"]
    head = _line((finding.verdict, _STYLES[finding.verdict]), (why, ""))
    return Group(head, *(_indented(Text(line), 2 * _INDENT) for line in told))


def _observed(result: RunResult, *, shows_all: bool) -> Iterator[RenderableType]:
    rows = [row for row in result.requirements if row.verdict == "observed" and row.level != _ADVICE]
    if not rows:
        return
    if not shows_all:
        yield ""
        many = (
            "points that the document leaves open were" if len(rows) > 1 else "point that the document leaves open was"
        )
        yield Text(f"{len(rows)} {many} observed, not judged (--verbose lists them)")
        return
    yield _heading("Observed where the document is open", "recorded, not judged")
    for row in rows:
        yield _indented(Text(f"{row.id}  {row.statement} {printable(row.detail)}"), _INDENT)


def _advice(result: RunResult) -> Iterator[RenderableType]:
    given = [row for row in result.requirements if row.level == _ADVICE and any(check.evidence for check in row.checks)]
    given = [row for row in given if row.verdict == "observed"]
    if given:
        yield _heading("Advice", "never scored")
    for row in given:
        yield _indented(Text(f"{row.id}  {row.statement} ({printable(row.detail)})"), _INDENT)


# ── layout ──


def _heading(title: str, note: str = "") -> RenderableType:
    return Group("", _line((title, "bold"), (f"  ({note})" if note else "", "dim")))


def _line(*parts: tuple[str, str]) -> Text:
    return Text.assemble(*parts, overflow="fold")


def _indented(content: RenderableType, columns: int) -> Padding:
    return Padding(content, (0, 0, 0, columns), expand=False)
