"""Receivers that answer every callback well, before applications that make something else of it."""

from __future__ import annotations

import dataclasses
import time
from typing import Any

from tests.defects.receivers.application import NO_CONTENT, NOT_UNDERSTOOD, WRONG_METHOD, Application, Incoming, Result
from tests.defects.receivers.defect import flawed

_KNOWN_IDS = ("no_answer", "busy", "rejected", "user_unavailable", "declined", "not_reachable")


class _WaitsForAnotherSign(Application):
    """Ignores successes, and waits for the second leg."""

    def book(self, case: str, result: Result) -> None:
        if result.outcome == "not-answered":
            super().book(case, result)


class _TakesZeroForNothing(Application):
    """Reads result_code 0 as false."""

    def success(self, value: dict[str, Any]) -> Result | None:
        result = super().success(value)
        return result and dataclasses.replace(result, outcome="answered" if value["result_code"] else "not-answered")


class _KeepsTheFirstChannel(Application):
    """Keeps the first uuid of the reply, whichever channel answered."""

    def book(self, case: str, result: Result) -> None:
        reply = self.replies.get(case) or {}
        uuids = reply.get("uuids")
        super().book(case, dataclasses.replace(result, uuid=uuids[0]) if result.uuid and uuids else result)


class _CutsUuids(Application):
    """Keeps uuids in a column of 32 letters."""

    def success(self, value: dict[str, Any]) -> Result | None:
        result = super().success(value)
        return result and dataclasses.replace(result, uuid=(result.uuid or "")[:32])


class _GoesByTheLatestCall(Application):
    """Gives an error, which has no uuid, to the call it heard of last."""

    def __init__(self) -> None:
        super().__init__()
        self.latest = ""

    def book(self, case: str, result: Result) -> None:
        if result.uuid:
            self.latest = case
        super().book(case if result.uuid else self.latest or case, result)


class _KeepsUnknownErrorsPending(Application):
    """Waits on after an error id it does not know."""

    def book(self, case: str, result: Result) -> None:
        if result.uuid or result.error_id in _KNOWN_IDS:
            super().book(case, result)


class _TakesOtherCodesForSuccess(Application):
    """Takes every result_code but 500 for a success."""

    def failure(self, value: dict[str, Any]) -> Result | None:
        result = super().failure(value)
        return result and dataclasses.replace(
            result, outcome="not-answered" if value["result_code"] == 500 else "answered"
        )


class _GoesByTheUuid(Application):
    """Takes an error that names a uuid for an answer."""

    def failure(self, value: dict[str, Any]) -> Result | None:
        result = super().failure(value)
        return result and dataclasses.replace(result, outcome="answered" if value.get("uuid") else "not-answered")


class _BooksRepeats(Application):
    """Books a result each time it is told."""

    def book(self, case: str, result: Result) -> None:
        held = self.outcomes.setdefault(case, [])
        if not held or result in held:
            held.append(result)


class _BooksLateRepeats(Application):
    """Recognises a repeat only right after the first."""

    def __init__(self) -> None:
        super().__init__()
        self.latest = ("", Result(""))

    def book(self, case: str, result: Result) -> None:
        held = self.outcomes.setdefault(case, [])
        if not held or (result in held and self.latest != (case, result)):
            held.append(result)
        self.latest = (case, result)


class _LooksThenBooks(Application):
    """Looks whether a result is new, and books it a moment later."""

    def take(self, incoming: Incoming, result: Result) -> int:
        held = self.outcomes.setdefault(incoming.case, [])
        if not held:
            time.sleep(0.05)
            held.append(result)
        return NO_CONTENT


class _GoesByTheWords(Application):
    """Takes a callback for a repeat whose body it has seen before, at whatever URL."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[bytes] = set()

    def take(self, incoming: Incoming, result: Result) -> int:
        is_new = incoming.body not in self.seen
        self.seen.add(incoming.body)
        return super().take(incoming, result) if is_new else NO_CONTENT


class _UndoesOnRepeats(Application):
    """Turns an outcome off again when it is told twice."""

    def book(self, case: str, result: Result) -> None:
        if result in self.outcomes.get(case, []):
            self.outcomes[case] = []
        else:
            super().book(case, result)


class _ForgetsWhatCameEarly(Application):
    """Thanks for a callback that comes before the reply, and drops it."""

    def take(self, incoming: Incoming, result: Result) -> int:
        if incoming.case in self.replies and self.replies[incoming.case] is None:
            return NO_CONTENT
        return super().take(incoming, result)


class _BeginsAnewWithTheReply(Application):
    """Makes a fresh record of a call when its reply comes."""

    def place(self, case: str, reply: dict[str, Any] | None) -> None:
        if reply is not None:
            self.outcomes.pop(case, None)
        super().place(case, reply)


class _KeepsOneResultForAll(Application):
    """Keeps the result in one place for all callbacks in flight."""

    def __init__(self) -> None:
        super().__init__()
        self.current = Result("")

    def take(self, incoming: Incoming, result: Result) -> int:
        self.current = result
        time.sleep(0.05)
        with self.lock:
            self.book(incoming.case, self.current)
        return NO_CONTENT


class _LosesOneOfTwo(Application):
    """Drops a callback that comes while it is busy with another."""

    def __init__(self) -> None:
        super().__init__()
        self.busy = 0

    def take(self, incoming: Incoming, result: Result) -> int:
        self.busy += 1
        time.sleep(0.05)
        is_alone, self.busy = self.busy == 1, self.busy - 1
        return super().take(incoming, result) if is_alone else NO_CONTENT


class _KeepsBoth(Application):
    """Keeps both of two contradictory results."""

    def book(self, case: str, result: Result) -> None:
        held = self.outcomes.setdefault(case, [])
        if result.outcome not in [before.outcome for before in held]:
            held.append(result)


class _KeepsNeither(Application):
    """Drops a call's outcome when it is contradicted."""

    def book(self, case: str, result: Result) -> None:
        held = self.outcomes.get(case)
        if held and held[0].outcome != result.outcome:
            held.clear()
        elif held is None:
            super().book(case, result)


class _ForgetsOnJunk(Application):
    """Begins to wait again when junk comes."""

    def refuse(self, incoming: Incoming, /) -> int:
        self.outcomes.pop(incoming.case, None)
        return super().refuse(incoming)


class _TakesJunkForFailure(Application):
    """Holds a call for not answered when it cannot read what comes."""

    def refuse(self, incoming: Incoming, /) -> int:
        self.outcomes[incoming.case] = [Result("not-answered")]
        return super().refuse(incoming)


class _TakesAnythingForFailure(Application):
    """Holds a call for not answered when what comes is no result."""

    def answer(self, incoming: Incoming) -> int:
        status = super().answer(incoming)
        if status == NOT_UNDERSTOOD:
            self.outcomes[incoming.case] = [Result("not-answered")]
        return status


class _DeletesOnDelete(Application):
    """Refuses a DELETE, and deletes."""

    def answer(self, incoming: Incoming) -> int:
        if incoming.method == "DELETE":
            self.outcomes.pop(incoming.case, None)
            return WRONG_METHOD
        return super().answer(incoming)


class _BooksBeforeItLooks(Application):
    """Books what a PATCH says before it refuses the method."""

    def answer(self, incoming: Incoming) -> int:
        if incoming.method == "PATCH":
            self.outcomes[incoming.case] = [Result("not-answered")]
        return super().answer(incoming)


class _MovesUuids(Application):
    """Takes a uuid from the call it belongs to when it is told at another's URL."""

    def book(self, case: str, result: Result) -> None:
        for other, held in self.outcomes.items():
            if other != case and result.uuid and held and held[0].uuid == result.uuid:
                held.clear()
        super().book(case, result)


class _IsOptimistic(Application):
    """Holds a call for answered until it hears otherwise."""

    def held(self, case: str) -> list[Result]:
        return self.outcomes.get(case, [Result("answered")])


class _TakesTheReplyForTheResult(Application):
    """Holds a call for answered as soon as its reply says success."""

    def place(self, case: str, reply: dict[str, Any] | None) -> None:
        super().place(case, reply)
        if reply is not None and reply["result_code"] == 0 and case not in self.outcomes:
            self.outcomes[case] = [Result("answered")]

    def book(self, case: str, result: Result) -> None:
        self.outcomes[case] = [result]


DEFECTS = (
    flawed(_TakesZeroForNothing, kills="belief/answered"),
    flawed(_WaitsForAnotherSign, kills="belief/answered"),
    flawed(_KeepsTheFirstChannel, kills="belief/answered", is_told=True),
    flawed(_CutsUuids, kills="belief/answered"),
    flawed(_GoesByTheUuid, kills="belief/not-answered"),
    flawed(
        _GoesByTheLatestCall,
        kills="belief/not-answered",
        also=(
            ("belief/repeat", "an error told twice goes astray twice"),
            ("belief/before-reply", "an early error goes astray too"),
            ("belief/junk", "the call that was not answered has no outcome to begin with"),
        ),
    ),
    flawed(
        _GoesByTheWords,
        kills="belief/not-answered",
        also=(("belief/not-mixed-up", "calls at the same time are told in the same words too"),),
    ),
    flawed(_KeepsUnknownErrorsPending, kills="belief/not-answered"),
    flawed(_TakesOtherCodesForSuccess, kills="belief/not-answered"),
    flawed(_LooksThenBooks, kills="belief/repeat"),
    flawed(
        _BooksRepeats, kills="belief/repeat", also=(("belief/junk", "what is junk in another member only is a repeat"),)
    ),
    flawed(
        _BooksLateRepeats,
        kills="belief/repeat",
        also=(("belief/junk", "what is junk in another member only is a repeat"),),
    ),
    flawed(
        _UndoesOnRepeats,
        kills="belief/repeat",
        also=(("belief/junk", "what is junk in another member only is a repeat"),),
    ),
    flawed(_ForgetsWhatCameEarly, kills="belief/before-reply", is_told=True),
    flawed(_BeginsAnewWithTheReply, kills="belief/before-reply", is_told=True),
    flawed(_KeepsOneResultForAll, kills="belief/not-mixed-up"),
    flawed(_LosesOneOfTwo, kills="belief/not-mixed-up"),
    flawed(_KeepsBoth, kills="belief/contradiction"),
    flawed(_KeepsNeither, kills="belief/contradiction"),
    flawed(_ForgetsOnJunk, kills="belief/junk"),
    flawed(_TakesJunkForFailure, kills="belief/junk"),
    flawed(_TakesAnythingForFailure, kills="belief/junk"),
    flawed(_DeletesOnDelete, kills="belief/junk"),
    flawed(_BooksBeforeItLooks, kills="belief/junk"),
    flawed(_MovesUuids, kills="belief/junk"),
    flawed(_IsOptimistic, kills="belief/no-callback"),
    flawed(_TakesTheReplyForTheResult, kills="belief/no-callback", is_told=True),
)
