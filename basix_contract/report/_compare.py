"""Two runs side by side: which requirements fail now, which no longer do, which cannot be tested any more.

What is compared is how the target behaves: that a failure was put on the known-failing list, or taken off it,
is no change.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from basix_contract.errors import UsageError
from basix_contract.report._behaviour import Difference
from basix_contract.report._json import report_members
from basix_contract.report._places import file_of_run
from basix_contract.report.evidence import is_bundle, read_bundle, rejudged
from basix_contract.suite import WORST_FIRST, conclude

Kind = Literal["new-failure", "fixed", "still-failing", "newly-untestable"]
KINDS: tuple[Kind, ...] = ("new-failure", "newly-untestable", "still-failing", "fixed")
_WORSE: tuple[Kind, ...] = ("new-failure", "newly-untestable")

_State = Literal["holds", "broken", "untested", "left-out"]
_STATES: Mapping[str, _State] = MappingProxyType(
    {
        "harness-error": "untested",
        "fail": "broken",
        "fixed-unexpectedly": "holds",
        "ambiguous": "untested",
        "not-testable": "untested",
        "warn": "broken",
        "known-failing": "broken",
        "needs-review": "untested",
        "disabled": "left-out",
        "observed": "holds",
        "not-applicable": "left-out",
        "pass": "holds",
    }
)
_CHANGES: Mapping[tuple[_State, _State], Kind] = MappingProxyType(
    {
        ("holds", "broken"): "new-failure",
        ("untested", "broken"): "new-failure",
        ("broken", "broken"): "still-failing",
        ("broken", "holds"): "fixed",
        ("holds", "untested"): "newly-untestable",
        ("broken", "untested"): "newly-untestable",
    }
)
_SAME = ("contract", "kit", "target", "seed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One requirement in two runs; `detail` is what the later one says of it."""

    id: str
    level: str
    kind: Kind
    before: str
    after: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two runs and what changed between them; `left_out` are requirements that one of them did not judge.

    `behaviour` is None where one of the two does not tell how its server behaved.
    """

    before: Mapping[str, Any] = field(repr=False)
    after: Mapping[str, Any] = field(repr=False)
    changes: tuple[Change, ...]
    left_out: tuple[str, ...]
    behaviour: tuple[Difference, ...] | None = None

    @property
    def has_worsened(self) -> bool:
        """Whether anything fails or cannot be tested now that did not, or could be, before."""
        return any(change.kind in _WORSE for change in self.changes)

    @property
    def unlike(self) -> tuple[str, ...]:
        """What else than the verdicts differs, and may be why they do: contract, kit, target, seed."""
        return tuple(name for name in _SAME if self.before.get(name) != self.after.get(name))

    def of_kind(self, kind: Kind) -> tuple[Change, ...]:
        """Return the changes of one kind, in the later run's order."""
        return tuple(change for change in self.changes if change.kind == kind)


def compare(
    before: Mapping[str, Any], after: Mapping[str, Any], behaviour: tuple[Difference, ...] | None = None
) -> Comparison:
    """Compare two runs, each given as the members of its report.json; `behaviour` is how their servers differ.

    Raises UsageError when they are runs of different roles.
    """
    if before["role"] != after["role"]:
        raise UsageError(
            f"a run of a {before['role']} and one of a {after['role']} cannot be compared",
            fix="give two runs of one role",
        )
    rows_before, rows_after = ({row["id"]: row for row in run["requirements"]} for run in (before, after))
    changes = tuple(_changes(rows_before, rows_after.values()))
    told = {change.id for change in changes}
    told |= {id_ for id_ in rows_after if id_ in rows_before and _is_judged(rows_before[id_], rows_after[id_])}
    return Comparison(
        before=before,
        after=after,
        changes=changes,
        left_out=tuple(id_ for id_ in {**rows_after, **rows_before} if id_ not in told),
        behaviour=behaviour,
    )


def _is_judged(*rows: Mapping[str, Any]) -> bool:
    return all(_STATES[row["verdict"]] != "left-out" for row in rows)


def _changes(before: Mapping[str, Mapping[str, Any]], after: Iterable[Mapping[str, Any]]) -> Iterator[Change]:
    for row in after:
        # A requirement that the earlier run did not know or play has not failed there.
        earlier = before.get(row["id"], {}).get("verdict", "disabled")
        state = _STATES[earlier]
        kind = _CHANGES.get(("untested" if state == "left-out" else state, _STATES[row["verdict"]]))
        if kind:
            yield Change(
                id=row["id"],
                level=row["level"],
                kind=kind,
                before=earlier if row["id"] in before else "not there",
                after=row["verdict"],
                detail=str(row.get("detail", "")),
            )


# ── reading a run back ──


def read_run(path: Path) -> Mapping[str, Any]:
    """Return the members of report.json from a report, a journal, a bundle of evidence, or the folder of a run.

    Raises UsageError when the file cannot be read or is none of these, EvidenceAltered for an altered bundle.
    """
    file = file_of_run(path, "report.json", "journal.ndjson")
    if is_bundle(file):
        with rejudged(read_bundle(file)) as again:
            return report_members(again.result)
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise UsageError(f"the run cannot be read: {reason}", where=str(file)) from None
    members = _report(text)
    if members is not None:
        return members
    if not text.startswith('{"event"'):
        raise UsageError(
            "this is neither a report nor a journal nor a bundle",
            where=str(file),
            fix="give report.json, journal.ndjson or a bundle",
        )
    return report_members(conclude(file))


def _report(text: str) -> Mapping[str, Any] | None:
    try:
        members = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(members, dict) or not isinstance(members.get("role"), str):
        return None
    rows = members.get("requirements")
    is_report = isinstance(rows, list) and all(_is_row(row) for row in rows)
    return members if is_report else None


def _is_row(row: object) -> bool:
    if not isinstance(row, dict):
        return False
    return all(isinstance(row.get(name), str) for name in ("id", "level")) and row.get("verdict") in WORST_FIRST
