"""A judged run goes out: its files, what is shown of it, and its exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from basix_contract.cli._output import emit, emit_utf8, tell
from basix_contract.errors import UsageError
from basix_contract.report import render_json, summary_for, write_report
from basix_contract.suite import RunResult

Show: TypeAlias = Callable[[RunResult, Sequence[Path]], None]


def deliver(result: RunResult, folder: Path | None, show: Show) -> int:
    """Return the run's exit code; its report is in the folder, if there is one, and it is shown with its files.

    Raises UsageError where the report cannot be written; the run is shown all the same.
    """
    try:
        written = write_report(result, folder) if folder else ()
    except UsageError:
        show(result, (result.journal,))
        raise
    show(result, (*written, result.journal))
    return result.exit_code


def ensure_kept(journal: Path, folder: Path) -> None:
    """Raise UsageError where a new run in this folder would overwrite the journal that it begins with."""
    if is_same_file(folder / "journal.ndjson", journal):
        raise UsageError(
            "the new journal would overwrite the one it begins with", where="--report", fix="choose another folder"
        )


def is_same_file(one: Path, other: Path) -> bool:
    """Tell whether two names lead to one file; where there is none, or none that may be looked at, they do not."""
    try:
        return one.samefile(other)
    except OSError:
        return False


def summary(*, shows_observed: bool) -> Show:
    """Return what shows a run to people: its summary on stdout."""
    return lambda result, files: emit(summary_for(sys.stdout, result, files=files, shows_observed=shows_observed))


def show_json(result: RunResult, _files: Sequence[Path]) -> None:
    """Show a run to programs: report.json is all of stdout, and the verdict is one line on stderr."""
    emit_utf8(render_json(result))
    tell(f"{result.verdict} · exit code {result.exit_code}: {result.reason}")
