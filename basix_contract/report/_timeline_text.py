"""A timeline as text: a line for each mark, the lanes side by side, the broken edge marked."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping

from basix_contract.report._excerpts import printable, shorten
from basix_contract.report._marks import DASHED, LANES, ROUTES, Band, Lane, Mark, Timeline
from basix_contract.report._timelines import Timelines
from basix_contract.suite import RequirementVerdict

_TIME = 10
_NARROWEST_GAP, _WIDEST_GAP = 18, 48
_LAST_LANE = 20
_MOST_SAID = 400
_BROKEN = "✗"
_KEPT = ("pass", "observed")


def timeline_text(timeline: Timeline, broken: int = -1, said: str = "", *, width: int = 100) -> str:
    """Return a timeline as lines of text; `broken` is the number of the mark that is not as it must be, and `said` why.

    Times are seconds since its first byte. At the narrowest it takes 60 columns.
    """
    return "\n".join(_lines(timeline, broken, said, width)) + "\n"


def first_call_text(row: RequirementVerdict, timelines: Timelines, *, width: int = 100) -> str:
    """Return the first call that a verdict rests on, the edge marked where it is broken; empty where there is none."""
    for check in row.checks:
        for evidence in check.evidence[:1] if check.verdict == row.verdict else ():
            spot = timelines.broken_at(check.id, evidence)
            if spot is not None:
                broken = -1 if row.verdict in _KEPT else spot.mark
                return timeline_text(timelines.told[spot.timeline], broken, width=width)
    return ""


def _lines(timeline: Timeline, broken: int, said: str, width: int) -> Iterator[str]:
    lanes: dict[Lane, int] = {lane: place for place, lane in enumerate(LANES[timeline.role])}
    gap = min(max((width - _TIME - _LAST_LANE) // (len(lanes) - 1), _NARROWEST_GAP), _WIDEST_GAP)
    yield shorten(" " * _TIME + "".join(name.ljust(gap) for name in LANES[timeline.role].values()).rstrip(), width)
    for at_s, entry in _entries(timeline):
        shown = _band_line(entry, lanes, gap) if isinstance(entry, Band) else _mark_line(entry, lanes, gap)
        is_broken = broken >= 0 and entry is timeline.marks[broken]
        yield shorten(f"{at_s:8.3f}{' ' + _BROKEN if is_broken else '  '}{shown}".rstrip(), width)
        if is_broken and said:
            yield from textwrap.wrap(
                shorten(said, _MOST_SAID), width, initial_indent=" " * _TIME, subsequent_indent=" " * (_TIME + 2)
            )


def _entries(timeline: Timeline) -> list[tuple[float, Mark | Band]]:
    """Return marks and the ends of bands in the order of their times, a deadline behind what met it.

    A hunt's end is told where a callback follows from it, a deadline where something met it.
    """
    kinds = {mark.kind for mark in timeline.marks}
    is_told = {"PBX": bool(kinds & {"callback", "missing"}), "receiver": "missing" not in kinds, "client": True}
    ends = [(band.to_s, band) for band in timeline.bands if is_told[band.lane]]
    marks: list[tuple[float, Mark | Band]] = [(mark.at_s, mark) for mark in timeline.marks]
    return sorted([*marks, *ends], key=lambda entry: entry[0])


def _mark_line(mark: Mark, lanes: Mapping[Lane, int], gap: int) -> str:
    start, end = (lanes[lane] for lane in ROUTES[mark.kind])
    if start == end:
        return _beside(start, f"• {printable(mark.label)}", lanes, gap)
    left, right = min(start, end), max(start, end)
    cells = _bars(lanes, gap)
    cells[left * gap : right * gap + 1] = _arrow(mark, gap, is_rightward=end > start)
    return "".join(cells)


def _arrow(mark: Mark, gap: int, *, is_rightward: bool) -> list[str]:
    stroke = "╌" if mark.kind in DASHED else "─"
    label = shorten(mark.label, gap - 5)
    middle = f" {label} "
    line = f"{stroke}{middle}{stroke * (gap - 3 - len(middle))}"
    return list(f"│{line}▶│" if is_rightward else f"│◀{line}│")


def _band_line(band: Band, lanes: Mapping[Lane, int], gap: int) -> str:
    told = f"┄ {band.label}" if band.lane != "PBX" else f"┄ {band.label} (declared)"
    return _beside(lanes[band.lane], told, lanes, gap)


def _beside(place: int, text: str, lanes: Mapping[Lane, int], gap: int) -> str:
    cells = _bars(lanes, gap)
    begin = place * gap
    return "".join(cells[:begin]) + text


def _bars(lanes: Mapping[Lane, int], gap: int) -> list[str]:
    cells = [" "] * ((len(lanes) - 1) * gap + 1)
    for place in lanes.values():
        cells[place * gap] = "│"
    return cells
