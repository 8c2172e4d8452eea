"""From the games to one row a tool, and from the rows to the Markdown table of the README."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from basix_contract.contract import load_ledger
from basix_contract.mock import DEFECTS
from tests.detection.attribution import is_attributed, is_exact
from tests.detection.outcome import Game

LEVELS = ("MUST", "SHOULD")
COLUMNS = (
    "tool",
    "MUST killed",
    "SHOULD killed",
    "false alarms",
    "beyond its baseline",
    "attribution",
    "requests to first failure",
    "calls placed",
    "time of a run",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one tool came to. Pairs are (so many, of so many); medians stand with the worst."""

    tool: str
    title: str
    killed: dict[str, tuple[int, int]]
    alarms: tuple[int, int]
    alarms_beyond: tuple[int, int]
    attributed: tuple[int, int]
    first_failure: tuple[float, float]
    calls: tuple[float, float]
    seconds: tuple[float, float]
    trouble: int

    def cells(self) -> list[str]:
        """The row as the table shows it."""
        killed = [share(*self.killed[level]) for level in LEVELS]
        first, calls = (f"{median:.0f} ({worst:.0f})" for median, worst in (self.first_failure, self.calls))
        return [
            self.title,
            *killed,
            runs(*self.alarms),
            runs(*self.alarms_beyond),
            share(*self.attributed),
            first,
            calls,
            f"{self.seconds[0]:.1f} s ({self.seconds[1]:.0f} s)",
        ]


def summarise(tool: str, title: str, defects: Sequence[Game], different: Sequence[Game]) -> Row:
    """Count what one tool came to, in its games against defects and against servers that conform."""
    kills = [game for game in defects if game.is_loud]
    is_ours = tool == "basix-contract"
    named = [game for game in kills if (is_exact(game) if is_ours else is_attributed(game))]
    firsts = [game.is_first_at for game in kills if game.is_first_at is not None]
    return Row(
        tool=tool,
        title=title,
        killed={level: _killed(defects, level) for level in LEVELS},
        alarms=(sum(bool(game.heard.new or game.heard.known) for game in different), len(different)),
        alarms_beyond=(sum(game.is_loud for game in different), len(different)),
        attributed=(len(named), len(kills)),
        first_failure=_median_and_worst(firsts),
        calls=_median_and_worst([game.calls for game in defects]),
        seconds=_median_and_worst([game.seconds for game in defects]),
        trouble=sum(bool(game.heard.trouble) for game in (*defects, *different)),
    )


def markdown(rows: Iterable[Row]) -> str:
    """The table."""
    lines = [COLUMNS, ["---"] * len(COLUMNS), *(row.cells() for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def share(number: int, of: int) -> str:
    """So many of so many, with the percentage."""
    # Rounded down: 100% is all of them.
    return f"{number} of {of} ({100 * number // of}%)" if of else "–"


def runs(number: int, of: int) -> str:
    """So many runs of so many."""
    return f"{number} of {of} runs" if of else "–"


def as_json(row: Row) -> dict[str, Any]:
    """The row as plain JSON values."""
    return {name: getattr(row, name) for name in row.__slots__}


def _killed(games: Sequence[Game], level: str) -> tuple[int, int]:
    ledger = load_ledger()
    of_level = [game for game in games if ledger.requirement_of(DEFECTS[game.server].kills).level == level]
    return sum(game.is_loud for game in of_level), len(of_level)


def _median_and_worst(numbers: Sequence[float]) -> tuple[float, float]:
    return (statistics.median(numbers), max(numbers)) if numbers else (0.0, 0.0)
