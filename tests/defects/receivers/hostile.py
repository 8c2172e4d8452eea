"""Receivers that odd senders bring down, or that take whatever comes."""

from __future__ import annotations

import time
from io import BufferedIOBase
from typing import Any

from tests.defects.receivers.application import (
    BAD_REQUEST,
    CRASHED,
    NO_CONTENT,
    NOT_UNDERSTOOD,
    OK,
    Application,
    ClosedError,
    HungUpError,
    Incoming,
    Result,
)
from tests.defects.receivers.defect import flawed

_MANY = 4
_LITTLE = 16


class _LooksChannelsUp(Application):
    """Looks the uuid up among the reply's, and fails where it is none of them."""

    def take(self, incoming: Incoming, result: Result) -> int:
        reply = self.replies.get(incoming.case)
        if result.uuid and reply and "uuids" in reply:
            reply["uuids"].index(result.uuid)
        return super().take(incoming, result)


class _ExpectsACallRecord(Application):
    """Fails on the callback of a call that was refused at once."""

    def take(self, incoming: Incoming, result: Result) -> int:
        reply = self.replies.get(incoming.case)
        if reply is not None:
            reply["uuids"][0]
        return super().take(incoming, result)


class _AssertsTheTransition(Application):
    """Fails when a call that has an outcome gets another."""

    def book(self, case: str, result: Result) -> None:
        held = self.outcomes.get(case, [])
        if held and held[0].outcome != result.outcome:
            raise AssertionError
        super().book(case, result)


class _AssertsOneUuid(Application):
    """Fails when an answered call is told to be answered on another channel."""

    def book(self, case: str, result: Result) -> None:
        held = self.outcomes.get(case, [])
        if held and held[0].outcome == result.outcome == "answered" and held[0].uuid != result.uuid:
            raise AssertionError
        super().book(case, result)


class _IsImpatient(Application):
    """Waits half a second for a body."""

    patience_s = 0.5


class _TakesAShortPieceForTheLast(Application):
    """Takes a body for whole when little of it comes at a time."""

    def read(self, stream: BufferedIOBase, length: int) -> bytes:
        body = b""
        while len(body) < length and (piece := stream.read1(length - len(body))):
            body += piece
            if len(piece) < _LITTLE:
                break
        return body


class _StumblesOverHangUps(Application):
    """Loses the callback after one whose sender has hung up."""

    def __init__(self) -> None:
        super().__init__()
        self.is_down = False

    def read(self, stream: BufferedIOBase, length: int) -> bytes:
        if self.is_down:
            self.is_down = False
            raise ClosedError
        try:
            return super().read(stream, length)
        except (HungUpError, OSError):
            self.is_down = True
            raise


class _HoldsTheLockWhenLeft(Application):
    """Reads bodies under a lock that a sender who hangs up leaves locked."""

    def read(self, stream: BufferedIOBase, length: int) -> bytes:
        if not self.lock.acquire(timeout=0.2):
            self.lock.release()
            raise ClosedError
        body = super().read(stream, length)
        self.lock.release()
        return body


class _CrashesOnJunk(Application):
    """Answers 500 to what is no JSON."""

    def refuse(self, _incoming: Incoming, /) -> int:
        return CRASHED


class _CrashesOnLists(Application):
    """Takes every JSON value for an object."""

    def understand(self, value: Any) -> Result | None:
        value.get("result_code")
        return super().understand(value)


class _CrashesOnDepth(Application):
    """Its parser calls itself for every bracket."""

    def answer(self, incoming: Incoming) -> int:
        status = super().answer(incoming)
        return CRASHED if incoming.body.startswith(b"[" * 5000) else status


class _LogsInUtf8(Application):
    """Writes error ids to a log that cannot hold half a character."""

    def failure(self, value: dict[str, Any]) -> Result | None:
        result = super().failure(value)
        (result.error_id if result and result.error_id else "").encode()
        return result


class _CrashesOnNul(Application):
    """Stores error ids where no NUL may stand."""

    def failure(self, value: dict[str, Any]) -> Result | None:
        result = super().failure(value)
        if result and "\0" in (result.error_id or ""):
            message = "a string cannot contain NUL"
            raise RuntimeError(message)
        return result


class _CrashesOnLongIds(Application):
    """Stores error ids in a column that ends."""

    def failure(self, value: dict[str, Any]) -> Result | None:
        result = super().failure(value)
        if result and len(result.error_id or "") > 30_000:
            message = "value too long for column"
            raise RuntimeError(message)
        return result


class _SaysNothingToJunk(Application):
    """Closes the connection on what is no JSON."""

    def refuse(self, _incoming: Incoming, /) -> int:
        raise ClosedError


class _ThanksForJunk(Application):
    """Answers 204 to what is no JSON."""

    def refuse(self, _incoming: Incoming, /) -> int:
        return NO_CONTENT


class _ThanksForAnything(Application):
    """Answers 200 to JSON that is no result."""

    def answer(self, incoming: Incoming) -> int:
        status = super().answer(incoming)
        return OK if status == NOT_UNDERSTOOD else status


class _CrashesOnHugeBodies(Application):
    """Reads eight megabytes, and fails."""

    most_bytes = 100_000_000

    def answer(self, incoming: Incoming) -> int:
        return CRASHED if len(incoming.body) > Application.most_bytes else super().answer(incoming)


class _DrownsInHugeBodies(Application):
    """Takes longer over eight megabytes than any sender waits."""

    most_bytes = 100_000_000

    def answer(self, incoming: Incoming) -> int:
        if len(incoming.body) > Application.most_bytes:
            time.sleep(3.0)
        return super().answer(incoming)


class _TakesPutForPost(Application):
    """Takes a PUT as it takes a POST."""

    def allows(self, incoming: Incoming) -> bool:
        return incoming.method in ("POST", "PUT")


class _ShowsAPage(Application):
    """Shows a page to whoever comes with a browser."""

    def answer(self, incoming: Incoming) -> int:
        return OK if incoming.method == "GET" else super().answer(incoming)


class _RedirectsOtherMethods(Application):
    """Sends other methods elsewhere."""

    def answer(self, incoming: Incoming) -> int:
        return 302 if incoming.method == "DELETE" else super().answer(incoming)


class _KeepsTheRest(Application):
    """Puts an object that broke off before the next body."""

    def __init__(self) -> None:
        super().__init__()
        self.rest = b""

    def parse(self, incoming: Incoming) -> Any:
        rest, self.rest = self.rest, b""
        try:
            return super().parse(Incoming(incoming.method, incoming.case, incoming.fields, rest + incoming.body))
        except ValueError:
            self.rest = incoming.body if incoming.body.startswith(b"{") else b""
            raise


class _BansAfterJunk(Application):
    """Turns the PBX away for what others have sent."""

    def __init__(self) -> None:
        super().__init__()
        self.junk = 0

    def refuse(self, _incoming: Incoming, /) -> int:
        self.junk += 1
        return BAD_REQUEST

    def answer(self, incoming: Incoming) -> int:
        if self.junk >= _MANY:
            self.junk = 0
            return 429
        return super().answer(incoming)


class _DownAfterHugeBodies(Application):
    """Is restarted after a huge body, and loses what comes then."""

    def __init__(self) -> None:
        super().__init__()
        self.is_down = False

    def is_too_long(self, length: int) -> bool:
        self.is_down = self.is_down or super().is_too_long(length)
        return super().is_too_long(length)

    def answer(self, incoming: Incoming) -> int:
        if self.is_down:
            self.is_down = False
            return 502
        return super().answer(incoming)


DEFECTS = (
    flawed(
        _LooksChannelsUp,
        kills="odd/unknown-call",
        also=(("odd/junk", "a uuid that is none is not among them either"),),
        is_told=True,
    ),
    flawed(_ExpectsACallRecord, kills="odd/unknown-call", is_told=True),
    flawed(_AssertsTheTransition, kills="odd/contradiction"),
    flawed(
        _AssertsOneUuid,
        kills="odd/contradiction",
        also=(("odd/unknown-call", "the callback of another call names another channel too"),),
    ),
    flawed(_IsImpatient, kills="odd/slow-sender"),
    flawed(_TakesAShortPieceForTheLast, kills="odd/slow-sender"),
    flawed(_StumblesOverHangUps, kills="odd/hang-up"),
    flawed(
        _HoldsTheLockWhenLeft,
        kills="odd/hang-up",
        also=(
            ("acknowledge/together", "callbacks at the same time wait for each other"),
            ("odd/slow-sender", "and so do slow ones"),
        ),
    ),
    flawed(_CrashesOnJunk, kills="odd/junk", also=(("odd/junk-refused", "a 500 is no 4xx"),)),
    flawed(_CrashesOnLists, kills="odd/junk", also=(("odd/junk-refused", "a 500 is no 4xx"),)),
    flawed(_CrashesOnDepth, kills="odd/junk", also=(("odd/junk-refused", "a 500 is no 4xx"),)),
    flawed(_LogsInUtf8, kills="odd/junk"),
    flawed(_CrashesOnNul, kills="odd/junk"),
    flawed(_CrashesOnLongIds, kills="odd/junk"),
    flawed(_SaysNothingToJunk, kills="odd/junk", also=(("odd/junk-refused", "no answer is no 4xx"),)),
    flawed(_ThanksForJunk, kills="odd/junk-refused"),
    flawed(_ThanksForAnything, kills="odd/junk-refused"),
    flawed(_CrashesOnHugeBodies, kills="odd/huge-body"),
    flawed(_DrownsInHugeBodies, kills="odd/huge-body"),
    flawed(_TakesPutForPost, kills="odd/other-method"),
    flawed(_ShowsAPage, kills="odd/other-method"),
    flawed(_RedirectsOtherMethods, kills="odd/other-method"),
    flawed(_KeepsTheRest, kills="odd/next-callback"),
    flawed(
        _BansAfterJunk,
        kills="odd/next-callback",
        also=(("odd/hang-up", "what it turns away may come after a sender that hung up"),),
    ),
    flawed(_DownAfterHugeBodies, kills="odd/next-callback"),
)
