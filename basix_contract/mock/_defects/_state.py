"""Defects of memory: what an error, a failed call or a repeated request leaves behind for the next."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from basix_contract.messages import Request, Response
from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._call import Call, CallRequest, CallResult, LegEnd
from basix_contract.mock._defects._defect import Defect, row
from basix_contract.mock._exchange import Delivery, Refusal, Reply

_TABLE_SIZE = 64
_REPEAT_WINDOW_S = 2.0


class ErrorAbortsTransaction(Behaviour):
    """The first error leaves the database transaction aborted; whoever comes next finds out, and reconnects."""

    def judge(self, request: Request) -> CallRequest | Refusal:
        """Refuse the first request after the first error that followed a success."""
        judged = super().judge(request)
        stage = self.state.memory.get("transaction", "none")
        if stage == "aborted":
            self.state.memory["transaction"] = "reconnected"
            return Refusal("internal_error", "current transaction is aborted")
        if stage == "none" and isinstance(judged, CallRequest):
            self.state.memory["transaction"] = "open"
        elif stage == "open" and isinstance(judged, Refusal):
            self.state.memory["transaction"] = "aborted"
        return judged


class _MarksUsers(Behaviour):
    """Users keep a mark after a call that failed for one of these reasons, and cannot be rung with it."""

    marking: frozenset[str] = frozenset()

    def result_of(self, call: Call, answered: int | None, ends: Sequence[LegEnd]) -> CallResult:
        """Return the result, and leave the mark."""
        result = super().result_of(call, answered, ends)
        if result.error_id in self.marking:
            self.state.memory.setdefault("marked", set()).add(call.request.user.name)
        return result

    def check_limits(self, request: CallRequest) -> Refusal | None:
        """Refuse a call to a marked user."""
        if request.user.name in self.state.memory.get("marked", ()):
            return Refusal("busy", "the user is on another call")
        return super().check_limits(request)


class RingsForEver(_MarksUsers):
    """The mark "is ringing" is cleared by an answer or a refusal, not by the timer."""

    marking = frozenset({"no_answer"})


class ChannelsNotReleased(_MarksUsers):
    """The user's channels are given back at hang-up, which a call that failed never comes to."""

    marking = frozenset({"no_answer", "busy", "rejected"})


class RepeatIsTheSame(Behaviour):
    """A guard against double clicks answers the same request with the same reply for two seconds."""

    def shape_reply(self, reply: Reply, request: Request, call: Call | None) -> Reply:
        """Return the reply that a request with these bytes got a moment ago."""
        shaped = super().shape_reply(reply, request, call)
        if call is None:
            return shaped
        known: dict[bytes, tuple[float, Reply]] = self.state.memory.setdefault("replies", {})
        given_at_s, given = known.get(request.body, (call.placed_at_s, shaped))
        is_fresh = call.placed_at_s - given_at_s < _REPEAT_WINDOW_S
        known[request.body] = (given_at_s, given) if is_fresh else (call.placed_at_s, shaped)
        return known[request.body][1]


class RepeatRefused(Behaviour):
    """A guard against double clicks refuses a request that equals the last accepted one, for two seconds."""

    def judge(self, request: Request) -> CallRequest | Refusal:
        """Refuse a repetition."""
        judged = super().judge(request)
        if isinstance(judged, Refusal):
            return judged
        body, at_s = self.state.memory.get("accepted", (b"", 0.0))
        if body == request.body and self.clock.now() - at_s < _REPEAT_WINDOW_S:
            return Refusal("busy", "this call was just placed")
        self.state.memory["accepted"] = (request.body, self.clock.now())
        return judged


class ReceiverBlacklisted(Behaviour):
    """A host that once answered a callback with an error is never called again."""

    def next_attempt(self, delivery: Delivery, attempt: int, answer: Response | None) -> Delivery | None:
        """Remember hosts that fail."""
        if answer is None or answer.status >= 500:  # noqa: PLR2004 - server errors begin there
            self.state.memory.setdefault("failing", set()).add(urlsplit(delivery.url).netloc)
        return super().next_attempt(delivery, attempt, answer)

    def callbacks_for(self, call: Call, result: CallResult) -> tuple[Delivery, ...]:
        """Return the callbacks to hosts that never failed."""
        failing: set[str] = self.state.memory.get("failing", set())
        told = super().callbacks_for(call, result)
        return tuple(delivery for delivery in told if urlsplit(delivery.url).netloc not in failing)


class TableOf64(Behaviour):
    """Calls under way stand in a table of 64 rows by the number of the call, whoever stands there already."""

    def place(self, request: CallRequest) -> Call:
        """Take the call's row."""
        call = super().place(request)
        self._rows()[self._row_of(call)] = call.id
        return call

    def callback_url(self, call: Call) -> str | None:
        """Return the URL while the row is still this call's."""
        is_own = self._rows().get(self._row_of(call)) == call.id
        return super().callback_url(call) if is_own else None

    def _rows(self) -> dict[int, str]:
        rows: dict[int, str] = self.state.memory.setdefault("rows", {})
        return rows

    def _row_of(self, call: Call) -> int:
        return int(call.id.rpartition("-")[2]) % _TABLE_SIZE


DEFECTS: tuple[Defect, ...] = (
    row(
        "error-aborts-transaction",
        "state",
        "after the first error one request fails, whatever it is",
        "state/after-error",
        ErrorAbortsTransaction,
    ),
    row(
        "rings-for-ever",
        "state",
        "a user who did not pick up in time cannot be called again",
        "state/after-no-answer",
        RingsForEver,
    ),
    row(
        "channels-not-released",
        "state",
        "a user whose call failed cannot be called again",
        "state/after-no-answer",
        ChannelsNotReleased,
        ("concurrency/accepted", "a user who rejected before is refused"),
        ("state/same-request-twice", "a user who rejected before is refused"),
    ),
    row(
        "repeats-get-the-same-call",
        "state",
        "the same request within two seconds gets the same reply, with the channels of the first call",
        "state/same-request-twice",
        RepeatIsTheSame,
        ("uuids/fresh", "the channels of the first call are named again"),
    ),
    row(
        "repeat-refused",
        "state",
        "a request that equals the last accepted one is refused for two seconds",
        "state/same-request-twice",
        RepeatRefused,
        ("state/after-error", "the good calls after errors repeat each other"),
        ("robustness/next-call", "the good calls after hostile bodies repeat each other"),
        ("limits/others-still-work", "this plain call may repeat the one before"),
    ),
    row(
        "receiver-blacklisted",
        "state",
        "a receiver that once answered 500 gets no callback any more",
        "callback/never-answers",
        ReceiverBlacklisted,
        ("concurrency/callbacks", "these come after the 500, too"),
        ("timing/answer-timeout", "without a callback nothing tells that the hunt has ended"),
    ),
    row(
        "call-table-of-64",
        "state",
        "the result of a call is lost once 64 more were placed",
        "callback/never-answers",
        TableOf64,
        ("timing/answer-timeout", "without a callback nothing tells that the hunt has ended"),
    ),
)
