"""`--resume`: what an earlier, unfinished run already sent is never sent again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from basix_contract.errors import UsageError
from basix_contract.suite._journal import read_journal

if TYPE_CHECKING:
    from pathlib import Path

    from basix_contract.suite._journal import Event, Journal


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier run's events, the exchanges whose requests may have left, and when it was cut.

    `calls` are those it may have placed: they count against the budget of the run that goes on.
    """

    events: tuple[Event, ...] = ()
    sent: frozenset[str] = field(default=frozenset())
    ended_scenarios: frozenset[str] = field(default=frozenset())
    cut_at_s: float = 0.0
    calls: int = 0

    def copy_to(self, journal: Journal) -> None:
        """Begin a new journal with the earlier events as they were written, and a mark where they end."""
        for event in self.events:
            if event["event"] != "end":
                journal.copy(event)
        journal.write("resumed", t=self.cut_at_s)


def read_earlier(path: Path) -> Earlier:
    """Read the journal of a run to be resumed.

    Raises UsageError when it is no journal of a run, or its run is complete.
    """
    events = tuple(read_journal(path))
    if not events or events[0]["event"] != "run":
        raise UsageError(
            "this is no journal of a run", where=str(path), fix="give the journal.ndjson of the earlier run"
        )
    if any(event["event"] == "end" and event["reason"] == "complete" for event in events):
        raise UsageError("its run is complete, there is nothing to resume", where=str(path))
    sent = [event for event in events if event["event"] == "about-to-send"]
    ringing = {event["exchange"] for event in events if event["event"] == "planned" and _may_ring(event)}
    return Earlier(
        events=events,
        sent=frozenset(event["exchange"] for event in sent),
        calls=sum(int(event.get("calls", event["exchange"] in ringing)) for event in sent),
        ended_scenarios=frozenset(event["scenario"] for event in events if event["event"] == "scenario-end"),
        cut_at_s=max((float(event["t"]) for event in events if "t" in event), default=0.0),
    )


def _may_ring(planned: Event) -> bool:
    return planned.get("consequence") != "cannot-ring"
