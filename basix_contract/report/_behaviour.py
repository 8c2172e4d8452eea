"""How two servers behave, side by side: what one accepts and the other refuses, and how else they differ.

Neither is right or wrong here: the document leaves all of it open, or the verdicts tell.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from basix_contract.errors import UsageError
from basix_contract.mock import Answer, Likeness
from basix_contract.report._places import file_of_run
from basix_contract.report.evidence import is_bundle, read_bundle, rejudged
from basix_contract.suite import observe

_LEAST_GAP_S = 0.15
_GAP_SHARE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One aspect of behaviour that differs, and what each of the two does."""

    aspect: str
    before: str
    after: str


def read_behaviour(path: Path) -> Likeness:
    """Return how the server behaved in a run: from its journal, a bundle of its evidence, or its folder.

    Raises UsageError where none of them tells, EvidenceAltered for an altered bundle.
    """
    file = file_of_run(path, "journal.ndjson")
    if is_bundle(file):
        with rejudged(read_bundle(file)) as again:
            return observe(again.result.journal)
    return observe(file)


def compare_behaviour(before: Path, after: Path) -> tuple[Difference, ...] | None:
    """Return what the servers of two runs do differently; None where one of them does not tell."""
    try:
        return differences(read_behaviour(before), read_behaviour(after))
    except UsageError:
        return None


def differences(before: Likeness, after: Likeness) -> tuple[Difference, ...]:
    """Return what two servers do differently; what only one of the runs has shown is no difference."""
    first, second = _aspects(before), _aspects(after)
    return tuple(
        Difference(aspect=aspect, before=_said(first[aspect]), after=_said(second[aspect]))
        for aspect in first
        if aspect in second and not _is_alike(first[aspect], second[aspect])
    )


def _aspects(likeness: Likeness) -> Mapping[str, Any]:
    """Return every aspect that was seen, by its name."""
    found = {f"request with {feature}": "accepted" for feature in likeness.accepted}
    return {
        **found,
        **{f"request with {feature}": _answer(answer) for feature, answer in likeness.refused.items()},
        **dict(_manner("reply", likeness.reply)),
        **dict(_manner("callback", likeness.callback)),
    }


def _answer(answer: Answer) -> str:
    what = f"error.id {answer.id}" if answer.id else "no envelope"
    return f"refused: HTTP {answer.status}, {what}, {answer.media_type or 'no media type'}"


def _manner(name: str, manner: Any) -> Iterator[tuple[str, Any]]:
    for spot in dataclasses.fields(manner):
        value = getattr(manner, spot.name)
        words = spot.name.replace("_", " ")
        if isinstance(value, Mapping):
            yield from ((f"{name}: {words} {key}", item) for key, item in value.items())
        elif value is not None:
            yield f"{name}: {words}", value


def _is_alike(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= max(_LEAST_GAP_S, _GAP_SHARE * max(one, other))
    return bool(one == other)


def _said(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return f"{value:.2f} s" if isinstance(value, float) else str(value)
