"""Every call of a run as a timeline, and which of its edges a check that does not hold is about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from basix_contract.report._journaled import Event, journal_events
from basix_contract.report._marks import Kind, Timeline
from basix_contract.report._timeline_client import client_timelines
from basix_contract.report._timeline_receiver import receiver_timelines
from basix_contract.report._timeline_server import server_timelines
from basix_contract.suite import RunResult

_TELLERS: Mapping[str, Callable[[RunResult, list[Event]], Iterable[Timeline]]] = MappingProxyType(
    {"server": server_timelines, "client": client_timelines, "receiver": receiver_timelines}
)
_CALLBACK: tuple[Kind, ...] = ("callback", "missing", "reply", "silence", "withheld")
_REPLY: tuple[Kind, ...] = ("reply", "silence", "acknowledgement", "missing", "reported", "callback", "withheld")
_REPORTED: tuple[Kind, ...] = ("reported", "withheld", "reply", "silence", "request")
_REQUEST: tuple[Kind, ...] = ("request", "withheld", "given")
_BELIEF: tuple[Kind, ...] = ("belief", "acknowledgement", "missing", "withheld")

# By the beginning of a check's id, the first that fits: the kinds of marks it is about, the likeliest first.
_EDGES: tuple[tuple[str, tuple[Kind, ...]], ...] = (
    ("callback/", _CALLBACK),
    ("combinations/callbacks", _CALLBACK),
    ("concurrency/callbacks", _CALLBACK),
    ("timing/answer-timeout", _CALLBACK),
    ("outcome/", _REPORTED),
    ("hostile/", _REPORTED),
    ("sending/", _REQUEST),
    ("sign-in/", _REQUEST),
    ("given/", _REQUEST),
    ("dialling/", _REQUEST),
    ("token/", _REQUEST),
    ("advice/", _REQUEST),
    ("belief/", _BELIEF),
    ("", _REPLY),
)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on a timeline: its number among them, and the number of the mark; -1 is the timeline as a whole."""

    timeline: int
    mark: int


@dataclass(frozen=True, slots=True)
class Timelines:
    """The timelines of a run; evidence is looked up by the names that findings give it."""

    told: tuple[Timeline, ...]
    _spots: Mapping[str, Spot]

    def spot_of(self, evidence: str) -> Spot | None:
        """Return where an exchange, a call or a callback of this name stands; None for a name nobody bears."""
        return self._spots.get(evidence)

    def broken_at(self, check: str, evidence: str) -> Spot | None:
        """Return the edge that a check found broken in this evidence; None where the evidence is not told."""
        spot = self.spot_of(evidence)
        if spot is None or spot.mark >= 0:
            return spot
        kinds = next(kinds for beginning, kinds in _EDGES if check.startswith(beginning))
        return Spot(spot.timeline, _last_of(self.told[spot.timeline], kinds))


def _last_of(timeline: Timeline, kinds: tuple[Kind, ...]) -> int:
    for kind in kinds:
        found = [place for place, mark in enumerate(timeline.marks) if mark.kind == kind]
        if found:
            return found[-1]
    return len(timeline.marks) - 1


def timelines_of(result: RunResult, events: Iterable[Event] | None = None) -> Timelines:
    """Return every call of a run as its journal has it; `events` saves reading the journal once more."""
    read = list(journal_events(result.journal) if events is None else events)
    told = tuple(_TELLERS[result.role](result, read))
    spots = {
        mark.name: Spot(number, place)
        for number, timeline in enumerate(told)
        for place, mark in enumerate(timeline.marks)
        if mark.name
    }
    return Timelines(told, {**spots, **{timeline.id: Spot(number, -1) for number, timeline in enumerate(told)}})
