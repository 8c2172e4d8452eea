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

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from basix_contract.report._excerpts import encodable, file_names, first_of, printable
from basix_contract.report._families import by_family
from basix_contract.report._played import PlayedCall, played_calls
from basix_contract.report._terminal._layout import INDENT, STYLES, heading, indented, line
from basix_contract.report._terminal._looked_at import ADVICE, advice, observed, to_be_looked_at
from basix_contract.suite import WORST_FIRST, RunResult, Verdict

_NARROWEST, _WIDEST = 60, 100
_TITLE_COLUMNS = 13
_KEPT: frozenset[Verdict] = frozenset({"pass", "observed"})
_BROKEN: tuple[Verdict, ...] = ("harness-error", "fail", "fixed-unexpectedly", "ambiguous")
_OUT_OF_SCORE: tuple[Verdict, ...] = ("not-applicable", "disabled")
_SHOWN_NAMES = 3

_LEGENDS: Mapping[str, str] = MappingProxyType(
    {
        "server": "→ request  ← reply  ⇐ callback",
        "client": "→ request  ← our reply  ⇒ what is reported",
        "receiver": "→ callback  ← answer",
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
    lines = (text.rstrip() for text in captured.get().splitlines())
    return "\n".join(lines) + "\n"


def _sections(
    result: RunResult, files: Sequence[Path], columns: int, *, shows_observed: bool
) -> Iterator[RenderableType]:
    yield _strip(result)
    yield from _provenance(result)
    if shows_observed or not any(row.verdict in _BROKEN for row in result.requirements):
        yield from _examples(played_calls(result, columns - _TITLE_COLUMNS - 12), _LEGENDS.get(result.role, ""))
    yield from _families(result)
    yield from to_be_looked_at(result, columns, shows_all=shows_observed)
    yield from observed(result, shows_all=shows_observed)
    yield from advice(result)
    yield ""
    if files:
        yield line(("report  ", "bold"), (file_names(files), ""))
    yield _ending(result)


# ── what it came to ──


def _strip(result: RunResult) -> Text:
    parts = [f"contract {result.contract}", *_scores(result), f"seed {result.seed}", f"{result.duration_s:.1f} s"]
    return line((result.verdict, STYLES[result.verdict]), (" · " + " · ".join(parts), ""))


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
    yield line((f"{result.role}  ", "bold"), (printable(result.target), ""))
    way = "received" if result.role == "client" else "sent"
    played = f"{result.executed} of {result.planned} scenarios, {result.requests_sent} requests {way}"
    placed = f", {result.calls_placed} calls placed" if result.role != "receiver" else ""
    yield line(("played  ", "bold"), (f"{played}{placed}", ""))
    if result.ending != "complete":
        yield line(("ended   ", "bold"), (f"early: {printable(result.ending)}", STYLES["ambiguous"]))


def _ending(result: RunResult) -> Text:
    return line(
        (result.verdict, STYLES[result.verdict]),
        (f" · exit code {result.exit_code}: {printable(result.reason)}", ""),
    )


# ── what was played ──


def _examples(calls: Sequence[PlayedCall], legend: str) -> Iterator[RenderableType]:
    if not calls:
        return
    yield heading("The document's examples, as played", legend)
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=_TITLE_COLUMNS)
    grid.add_column()
    for call in calls:
        _add_call(grid, call)
    yield indented(grid, INDENT)


def _add_call(grid: Table, call: PlayedCall) -> None:
    lines = Table.grid(padding=(0, 1))
    for arrow, told in call.lines:
        lines.add_row(Text(arrow, style="dim"), Text(told, overflow="fold"))
    grid.add_row(Text(call.title), lines)


# ── what was judged ──


def _families(result: RunResult) -> Iterator[RenderableType]:
    """Yield how many requirements of each family came to what; nothing of a family that was left out."""
    cells: list[tuple[str, str]] = []
    for family, rows in by_family(row for row in result.requirements if row.level != ADVICE):
        counts: Counter[Verdict] = Counter(row.verdict for row in rows)
        if set(counts) <= {"disabled"}:
            continue
        cells += [(" · " if cells else "", "dim"), (family, "bold" if set(counts) - _KEPT else "")]
        for place, verdict in enumerate(sorted(counts, key=_order)):
            cells.append((f"{', ' if place else ' '}{counts[verdict]}", STYLES[verdict]))
            cells.append(("" if verdict == "pass" else f" {verdict}", STYLES[verdict]))
    if cells:
        yield heading("Requirements by what they are about", "those without a word pass")
        yield indented(line(*cells), INDENT)


def _order(verdict: Verdict) -> int:
    """Put what passes first, then the worst."""
    return -1 if verdict == "pass" else WORST_FIRST.index(verdict)
