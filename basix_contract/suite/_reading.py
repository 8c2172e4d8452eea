"""From a journal's events to what they tell, in whichever role: one reader for each kind of event."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from basix_contract.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from basix_contract.suite._journal import Event

_MALFORMED = (AttributeError, LookupError, TypeError, ValueError)
_HEAD: Mapping[str, type] = {"kit": str, "role": str, "target": str, "seed": int, "known_failing": list}


class _Recall(Protocol):
    """What a journal of any role tells, while it is being read."""

    run: Event
    last_at_s: float


Told = TypeVar("Told", bound=_Recall)


@contextmanager
def holding_together(event: str = "") -> Iterator[None]:
    """Blame the journal for what cannot be read inside: nothing else is looked at there.

    Raises UsageError naming the kind of event, where one is being read.
    """
    try:
        yield
    except _MALFORMED:
        place = f" at a {event!r} event" if event else ""
        raise UsageError(
            f"the journal does not hold together{place}", fix="give a journal.ndjson that this kit wrote"
        ) from None


def read_events(told: Told, events: Iterable[Event], readers: Mapping[str, Callable[[Told, Event], None]]) -> Told:
    """Have each event read in order; kinds this version does not know are passed over.

    Raises UsageError where an event lacks what its kind must have.
    """
    for event in events:
        with holding_together(event["event"]):
            told.last_at_s = max(told.last_at_s, float(event.get("t", 0.0)))
            reader = readers.get(event["event"])
            if reader:
                reader(told, event)
    return told


def read_run(told: Any, event: Event) -> None:
    """Take the head of a journal: who judged whom, by which seed."""
    for name, kind in _HEAD.items():
        if not isinstance(event[name], kind):
            raise TypeError(name)
    told.run = event
