"""The report as files, beside the journal of the run: for machines, for CI, for people, and a badge."""

from __future__ import annotations

from pathlib import Path

from basix_contract.errors import UsageError
from basix_contract.report._badge import render_badge_json, render_badge_svg
from basix_contract.report._json import render_json
from basix_contract.report._junit import render_junit
from basix_contract.report._page._render import render_page
from basix_contract.suite import RunResult

_RENDERERS = (
    ("report.json", render_json),
    ("junit.xml", render_junit),
    ("report.html", render_page),
    ("badge.svg", render_badge_svg),
    ("badge.json", render_badge_json),
)


def write_report(result: RunResult, folder: Path) -> tuple[Path, ...]:
    """Write every view of a run into the folder, made if need be; return their paths.

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
