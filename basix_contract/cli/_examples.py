"""`explain --example`: a requirement kept and broken, as our mock PBX plays it at this moment."""

from __future__ import annotations

import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path

from basix_contract.contract import Requirement
from basix_contract.mock import DEFECTS, Defect
from basix_contract.report import first_call_text, timelines_of
from basix_contract.suite import play_example

_WIDTH = 96
_MOST_TRIED = 3
_BROKEN = ("fail", "warn")


def example_text(row: Requirement) -> str:
    """Return the calls of a good PBX and of one with a defect, drawn; or why there is nothing to be drawn."""
    if row.role != "server" or not row.checks:
        return "\nexamples   are played for requirements of the server role that have checks\n"
    return "\n" + "\n".join((*_good(row), *_bad(row))) + "\n"


def _good(row: Requirement) -> Iterator[str]:
    _, drawn = _played(row)
    yield "good       our mock PBX"
    yield textwrap.indent(drawn, "  ") or "  (no single call shows it)\n"


def _bad(row: Requirement) -> Iterator[str]:
    for defect in [defect for defect in DEFECTS.values() if defect.kills in row.checks][:_MOST_TRIED]:
        detail, drawn = _played(row, defect)
        if detail and drawn:
            yield f"bad        {defect.summary} (mock --defect {defect.id})"
            yield textwrap.indent(drawn, "  ")
            yield from textwrap.wrap(detail, _WIDTH, initial_indent="  ", subsequent_indent="    ")
            return
    yield "bad        no defect of the mock shows it in a single call"


def _played(row: Requirement, *defects: Defect) -> tuple[str, str]:
    """Return what was held against the mock, empty where nothing was, and the call that shows it."""
    with tempfile.TemporaryDirectory() as folder:
        result = play_example(row.id, Path(folder), *(defect.id for defect in defects))
        told = next(verdict for verdict in result.requirements if verdict.id == row.id)
        drawn = first_call_text(told, timelines_of(result), width=_WIDTH)
    return (told.detail if told.verdict in _BROKEN else ""), drawn
