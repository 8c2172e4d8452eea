"""The comparison of two runs, as text and as JSON."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

from basix_contract.contract import load_ledger
from basix_contract.report._compare import KINDS, Change, Comparison, Kind
from basix_contract.report._excerpts import first_of, printable

_WIDTH = 100
_SHOWN_NAMES = 6
_TITLES: Mapping[Kind, str] = MappingProxyType(
    {
        "new-failure": "New failures",
        "newly-untestable": "Cannot be tested any more",
        "still-failing": "Still failing",
        "fixed": "Fixed",
    }
)


def comparison_json(comparison: Comparison) -> bytes:
    """Return a comparison as JSON: whether anything got worse, the two runs, and every change."""
    members = {
        "has_worsened": comparison.has_worsened,
        "before": _head(comparison.before),
        "after": _head(comparison.after),
        "counts": {kind: len(comparison.of_kind(kind)) for kind in KINDS},
        "changes": [asdict(change) for kind in KINDS for change in comparison.of_kind(kind)],
        "left_out": list(comparison.left_out),
        "behaviour": None if comparison.behaviour is None else [asdict(found) for found in comparison.behaviour],
    }
    return (json.dumps(members, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "backslashreplace")


def _head(run: Mapping[str, Any]) -> dict[str, Any]:
    return {name: run.get(name) for name in ("verdict", "exit_code", "contract", "kit", "role", "target", "seed")}


def comparison_text(comparison: Comparison) -> str:
    """Return a comparison as text: the two runs, what changed, the worst first, and what it comes to."""
    lines = [_run("before", comparison.before), _run("after", comparison.after)]
    if comparison.unlike:
        lines.append(f"note    not the same in both: {', '.join(comparison.unlike)}")
    statements = {row.id: row.statement for row in load_ledger()}
    for kind in KINDS:
        changes = comparison.of_kind(kind)
        if changes:
            lines += ["", _TITLES[kind]]
        for change in changes:
            lines += _told(change, statements.get(change.id, ""))
    lines += _behaviour(comparison)
    if comparison.left_out:
        lines += ["", f"not compared  {first_of(comparison.left_out, _SHOWN_NAMES)}: one of the two runs left them out"]
    return "\n".join([*lines, "", _sum(comparison), ""])


def _behaviour(comparison: Comparison) -> Iterator[str]:
    if comparison.behaviour:
        yield from ("", "Behaves differently")
    for found in comparison.behaviour or ():
        yield from _folded(found.aspect, 2)
        yield from _folded(f"before  {found.before}", 6)
        yield from _folded(f"after   {found.after}", 6)


def _run(label: str, run: Mapping[str, Any]) -> str:
    named = [f"{name} {run.get(name, '?')}" for name in ("contract", "kit", "seed")]
    return f"{label:<7} {printable(' · '.join([str(run.get('verdict', '?')), *named, str(run.get('target', '?'))]))}"


def _told(change: Change, statement: str) -> Iterator[str]:
    verdicts = change.after if change.before == change.after else f"{change.before} → {change.after}"
    yield from _folded(f"{verdicts} {change.id} {change.level}  {statement}".rstrip(), 2)
    if change.detail and change.kind != "fixed":
        yield from _folded(change.detail, 6)


def _folded(text: str, columns: int) -> list[str]:
    return textwrap.wrap(printable(text), _WIDTH, initial_indent=" " * columns, subsequent_indent=" " * (columns + 2))


def _sum(comparison: Comparison) -> str:
    head = "something got worse" if comparison.has_worsened else "nothing got worse"
    counts = [f"{len(found)} {kind}" for kind in KINDS if (found := comparison.of_kind(kind))]
    if comparison.behaviour:
        counts.append(f"{len(comparison.behaviour)} in behaviour")
    return f"{head}: {', '.join(counts)}" if counts else head
