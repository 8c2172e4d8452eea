"""What is said about a profile before it is played, and which rows of the ledger a gap in it costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "advice"]

# Rows of the ledger that nothing can be played for, MUST and SHOULD only, by what the profile lacks.
ROWS: Mapping[str, tuple[str, ...]] = {
    "users.id": ("CU-040",),
    "users.name": ("CU-041", "CU-047", "CU-049", "CU-055"),
    "users.label": ("CU-042", "CU-046"),
    "users.label outside ASCII": ("CU-046",),
    "users.extension": ("CU-043",),
    "users.did": ("CU-044",),
    "users.email": ("CU-045", "CU-047", "CU-049"),
    "users.terminals": ("CU-133",),
    "two who answer": ("CU-200", "CU-201", "CU-202"),
    "never-answers": ("CU-141", "CU-180", "CU-181", "CU-191"),
    "rejects": ("CU-142",),
    "busy": ("CU-143",),
    "limited": ("CU-170", "CU-171", "CU-172"),
    "groups": (
        "CU-060", "CU-061", "CU-062", "CU-063", "CU-064", "CU-065", "CU-066", "CU-067", "CU-068", "CU-110",
    ),
    "groups.id": ("CU-060",),
    "groups.label": ("CU-062",),
    "groups.extension": ("CU-063",),
    "groups.did": ("CU-064",),
    "CALL_CENTER": ("CU-066",),
    "pstn": (
        "CU-080", "CU-081", "CU-085", "CU-086", "CU-087", "CU-088", "CU-089", "CU-090", "CU-091", "CU-092", "CU-093",
        "CU-110", "CU-155",
    ),
    "user": ("CU-082",),
    "group": ("CU-083",),
    "extension": ("CU-084",),
    "destinations.calling_number": ("CU-086",),
    "destinations.outcome": ("CU-155",),
    "absent.users": ("CU-051", "CU-054"),
    "absent.groups": ("CU-067",),
    "look-alike": ("CU-054",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to know about a profile: an error stands in the way of a run, advice says what a run will not show.

    `rows` are those of the ledger that stay not-testable. No remark repeats a value of the profile.
    """

    severity: Severity
    key: str
    what: str
    fix: str
    rows: tuple[str, ...] = ()

    def __str__(self) -> str:
        cost = f"; not testable: {', '.join(self.rows)}" if self.rows else ""
        return f"{self.severity}: {self.key}: {self.what} ({self.fix}){cost}"


def error(key: str, what: str, fix: str) -> Remark:
    """Return a remark on what stands in the way of a run."""
    return Remark("error", key, what, fix)


def advice(key: str, what: str, fix: str, gap: str = "") -> Remark:
    """Return a remark on what a run will not show; `gap` is the entry of `ROWS` that it costs."""
    return Remark("advice", key, what, fix, ROWS[gap] if gap else ())
