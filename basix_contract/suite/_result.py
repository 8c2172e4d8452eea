"""What a run came to: verdicts per requirement, counts and the exit code. Frozen; reports are views of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Verdict = Literal[
    "harness-error",
    "fail",
    "fixed-unexpectedly",
    "ambiguous",
    "not-testable",
    "warn",
    "known-failing",
    "needs-review",
    "disabled",
    "observed",
    "not-applicable",
    "pass",
]
WORST_FIRST: tuple[Verdict, ...] = (
    "harness-error",
    "fail",
    "fixed-unexpectedly",
    "ambiguous",
    "not-testable",
    "warn",
    "known-failing",
    "needs-review",
    "disabled",
    "observed",
    "not-applicable",
    "pass",
)
RunVerdict = Literal["conforms", "does-not-conform", "partial", "hollow", "harness-error"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckVerdict:
    """One check's verdict; `evidence` are exchange ids, in the order they were sent."""

    id: str
    verdict: Verdict
    detail: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementVerdict:
    """One row of the ledger with the worst verdict of its checks, in `needs` order within a report."""

    id: str
    level: str
    role: str
    statement: str
    verdict: Verdict
    detail: str = ""
    checks: tuple[CheckVerdict, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """One run, judged. `counts` has every verdict; `ending` says how the conducting ended.

    `shrunk` has the smallest body that still failed, by the exchange it was made from. `history` is what
    the checks of its role looked at: a History for a server, a ClientHistory for a client.
    """

    contract: str
    kit: str
    role: str
    target: str
    seed: int
    verdict: RunVerdict
    exit_code: int
    reason: str
    requirements: tuple[RequirementVerdict, ...]
    counts: Mapping[str, int]
    planned: int
    executed: int
    requests_sent: int
    calls_placed: int
    duration_s: float
    history: Any
    journal: Path
    ending: str = "complete"
    shrunk: Mapping[str, bytes] = field(default_factory=dict)
