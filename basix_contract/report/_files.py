"""The report as files: report.json and junit.xml, beside the journal of the run."""

from __future__ import annotations

from pathlib import Path

from basix_contract.errors import UsageError
from basix_contract.report._json import render_json
from basix_contract.report._junit import render_junit
from basix_contract.suite import RunResult

_RENDERERS = (("report.json", render_json), ("junit.xml", render_junit))


def write_report(result: RunResult, folder: Path) -> tuple[Path, ...]:
    """Write report.json and junit.xml into the folder, made if need be; return their paths.

    Raises UsageError naming the place and the reason where nothing can be written.
    """
    rendered = [(folder / name, render(result)) for name, render in _RENDERERS]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in rendered:
            path.write_bytes(content)
    except OSError as error:
        raise UsageError(
            f"the report cannot be written: {error.strerror}",
            where=str(error.filename or folder),
            fix="choose another folder with --report",
        ) from None
    return tuple(path for path, _ in rendered)
