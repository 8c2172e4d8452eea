"""What a mock remembers from call to call. Everything that outlives one request is kept here."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from basix_contract.mock._call import Call

EventKind = Literal[
    "listening",
    "request",
    "reply",
    "call",
    "leg",
    "result",
    "destination",
    "hangup",
    "callback",
    "crash",
    "stopped",
]

# A mock that runs for weeks must not grow: the oldest calls and events are forgotten.
_MAX_CALLS = 10_000
_MAX_EVENTS = 100_000


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: when (seconds from the mock's start), what, in which call, and its details."""

    at_s: float
    kind: EventKind
    call_id: str | None
    detail: Mapping[str, Any] = field(default_factory=dict)


class PbxState:
    """The calls, the channels in use and the log of one mock.

    `memory` is empty and stays so in a correct PBX: a defect keeps there what should have been forgotten.
    `last_call` is the call placed last; while a request is being judged that is another request's call.
    """

    def __init__(self, now: Callable[[], float], on_event: Callable[[Event], None] | None = None) -> None:
        self._now = now
        self._started_at_s = now()
        self._on_event = on_event
        self.calls: deque[Call] = deque(maxlen=_MAX_CALLS)
        self.events: deque[Event] = deque(maxlen=_MAX_EVENTS)
        self.placed = 0
        self.memory: dict[str, Any] = {}
        # Guards the calls and the log, which other threads read; notified at every event.
        self.changed = threading.Condition()

    @property
    def last_call(self) -> Call | None:
        """The call placed last, if any."""
        return self.calls[-1] if self.calls else None

    @property
    def channels_in_use(self) -> int:
        """How many channels ring or talk at this moment, over all calls."""
        return sum(call.channels for call in self.calls)

    def next_call_id(self) -> str:
        """Return an id that no call of this mock has had: `call-1`, `call-2` and so on."""
        self.placed += 1
        return f"call-{self.placed}"

    def add(self, call: Call) -> None:
        """Take in a call that was just placed."""
        with self.changed:
            self.calls.append(call)

    def log(self, kind: EventKind, call: Call | None = None, /, **detail: Any) -> None:
        """Write down what happened, and tell whoever listens or waits."""
        event = Event(round(self._now() - self._started_at_s, 6), kind, call.id if call else None, detail)
        with self.changed:
            self.events.append(event)
            self.changed.notify_all()
        if self._on_event is not None:
            self._on_event(event)

    def clear(self) -> None:
        """Forget every call and event. Ids go on counting, so that none comes back."""
        with self.changed:
            self.calls.clear()
            self.events.clear()
            self.memory.clear()
