"""Faults of a bad day, written before their author had seen the checks: limits, keys, columns, buffers."""

from __future__ import annotations

import collections
import time
from typing import Any

from tests.defects.receivers.application import NO_CONTENT, Application, Incoming, Result
from tests.defects.receivers.defect import flawed

_TOO_MANY = 429
_A_SECOND = 5


class _LimitsPerSecond(Application):
    """Answers 429 to more than five callbacks a second."""

    def __init__(self) -> None:
        super().__init__()
        self.came: collections.deque[float] = collections.deque(maxlen=_A_SECOND)

    def take(self, incoming: Incoming, result: Result) -> int:
        now = time.monotonic()
        if len(self.came) == _A_SECOND and now - self.came[0] < 1:
            return _TOO_MANY
        self.came.append(now)
        return super().take(incoming, result)


class _KeysByTheUuid(Application):
    """Takes a callback for a repeat when its uuid is known already; that of every error is empty."""

    def __init__(self) -> None:
        super().__init__()
        self.known: set[str] = set()

    def book(self, case: str, result: Result) -> None:
        if (result.uuid or "") not in self.known:
            super().book(case, result)
        self.known.add(result.uuid or "")


class _TakesAKilobyte(Application):
    """Takes no body longer than a thousand bytes."""

    most_bytes = 1000


class _TakesErrorsForObjects(Application):
    """Fails where an error is no object."""

    def failure(self, value: dict[str, Any]) -> Result | None:
        value["error"].get("id")
        return super().failure(value)


class _CodeInAColumn(Application):
    """Keeps result_code in a column of 32 bits, and fails on longer ones."""

    def understand(self, value: Any) -> Result | None:
        result = super().understand(value)
        if result and not -(2**31) <= value["result_code"] < 2**31:
            raise OverflowError
        return result


class _FlushesByTwos(Application):
    """Writes results down two at a time; the last one waits for the next."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[tuple[str, Result]] = []

    def book(self, case: str, result: Result) -> None:
        self.waiting.append((case, result))
        if len(self.waiting) > 1:
            for one in self.waiting:
                super().book(*one)
            self.waiting.clear()


class _GivesUpSoon(Application):
    """Holds a call for not answered when half a second has gone by since its reply."""

    def __init__(self) -> None:
        super().__init__()
        self.since: dict[str, float] = {}

    def place(self, case: str, reply: dict[str, Any] | None) -> None:
        super().place(case, reply)
        self.since[case] = time.monotonic()

    def book(self, case: str, result: Result) -> None:
        is_over = time.monotonic() - self.since.get(case, time.monotonic()) > 0.5
        super().book(case, Result("not-answered") if is_over else result)


class _GoesByTheErrorMember(Application):
    """Takes every callback that has a member error for an error."""

    def understand(self, value: Any) -> Result | None:
        result = super().understand(value)
        return Result("not-answered") if result and "error" in value else result


class _KeepsTwelveLetters(Application):
    """Keeps the first twelve letters of what its URLs name a call by."""

    def book(self, case: str, result: Result) -> None:
        super().book(case[:12], result)

    def held(self, case: str) -> list[Result]:
        return super().held(case[:12])


class _LosesTheSecondOfAConnection(Application):
    """Keeps connections open, and thanks for the second callback on one without reading it."""

    keeps_connections = True

    def __init__(self) -> None:
        super().__init__()
        self.peers: set[object] = set()

    def answer(self, incoming: Incoming) -> int:
        if incoming.peer in self.peers:
            return NO_CONTENT
        self.peers.add(incoming.peer)
        return super().answer(incoming)


class _ConfusesLetters(Application):
    """Its database says 500 to letters beyond the first plane in any text of a callback."""

    def understand(self, value: Any) -> Result | None:
        if any(letter > "\uffff" for letter in str(value)):
            raise UnicodeError
        return super().understand(value)


DEFECTS = (
    flawed(
        _LimitsPerSecond,
        kills="acknowledge/answered",
        also=(("acknowledge/not-answered", "callbacks of both kinds come faster than that"),),
    ),
    flawed(
        _KeysByTheUuid,
        kills="belief/not-answered",
        also=(
            ("belief/repeat", "an error that is told again was never booked"),
            ("belief/before-reply", "nor was an early one"),
            ("belief/junk", "nor one whose URL junk came to"),
        ),
    ),
    flawed(
        _TakesAKilobyte,
        kills="acknowledge/extra-members",
        also=(
            ("acknowledge/unknown-error-id", "drawn callbacks are long"),
            ("acknowledge/uuid-forms", "drawn callbacks are long"),
        ),
    ),
    flawed(_TakesErrorsForObjects, kills="odd/junk"),
    flawed(_CodeInAColumn, kills="odd/junk"),
    flawed(_FlushesByTwos, kills="belief/answered"),
    flawed(_GivesUpSoon, kills="belief/answered", is_told=True),
    flawed(_GoesByTheErrorMember, kills="belief/answered"),
    flawed(
        _KeepsTwelveLetters,
        kills="belief/answered",
        also=(("belief/not-answered", "calls of both kinds begin alike"),),
    ),
    flawed(_LosesTheSecondOfAConnection, kills="belief/answered"),
    flawed(
        _ConfusesLetters,
        kills="odd/junk",
        also=(
            ("odd/junk-refused", "what ends in 500 is not refused with a 4xx"),
            ("acknowledge/unknown-error-id", "ids that are drawn may hold such letters"),
            ("acknowledge/other-code", "so may those beside other codes"),
        ),
    ),
)
