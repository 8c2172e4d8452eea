"""Defects written without sight of the checks, second round: memory, time, calls in flight, and callbacks."""

from __future__ import annotations

import dataclasses

from basix_contract.messages import Request
from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._call import Call, CallRequest, CallResult, Leg
from basix_contract.mock._defects._defect import Defect, row
from basix_contract.mock._exchange import Delivery, Refusal, Reply

_LOOKUP_S = 0.02


class SignInIsGlobal(Behaviour):
    """Who has signed in stands in a variable of the process, cleared when the reply leaves."""

    async def hold_request(self, request: Request) -> None:
        """Set the variable, and look things up for a while."""
        if super().check_credentials(request) is None:
            self._set(+1)
            await self.clock.sleep(_LOOKUP_S)

    def check_credentials(self, request: Request) -> Refusal | None:
        """Believe the variable where the request itself says nothing."""
        is_silent = self.read_credentials(request) is None
        return None if is_silent and self.state.memory.get("signed_in", 0) else super().check_credentials(request)

    def shape_reply(self, reply: Reply, request: Request, call: Call | None) -> Reply:
        """Clear the variable."""
        if super().check_credentials(request) is None:
            self._set(-1)
        return super().shape_reply(reply, request, call)

    def _set(self, change: int) -> None:
        self.state.memory["signed_in"] = max(0, self.state.memory.get("signed_in", 0) + change)


class EndUserInField(Behaviour):
    """A callback carries the end user's name in a field of its head, where only ASCII can stand."""

    def callbacks_for(self, call: Call, result: CallResult) -> tuple[Delivery, ...]:
        """Add the field; what cannot be written there is an accident."""
        told = super().callbacks_for(call, result)
        name = call.request.destination.end_user.get("name")
        if not name:
            return told
        name.encode("ascii")
        return tuple(
            dataclasses.replace(delivery, headers=(*delivery.headers, ("X-End-User", name))) for delivery in told
        )


class TimerOutlivesAnswer(Behaviour):
    """The timer of the hunt is not stopped by the answer; when it goes off, it tells that nobody answered."""

    def callbacks_for(self, call: Call, result: CallResult) -> tuple[Delivery, ...]:
        """Add what the timer has to say."""
        told = super().callbacks_for(call, result)
        if not result.is_answered:
            return told
        left_s = call.placed_at_s + self.ring_limit_s(call) - self.clock.now()
        late = [
            dataclasses.replace(self.callback(delivery.url, self.not_answered_body(call, "no_answer")), after_s=left_s)
            for delivery in told
        ]
        return (*told, *late)


class RingingChannelAgain(Behaviour):
    """A terminal's channel is looked up by the terminal, and one that rings already has one."""

    def build_legs(self, request: CallRequest) -> list[Leg]:
        """Give a terminal that rings for another call the channel of that call."""
        legs = super().build_legs(request)
        ringing = {
            leg.terminal: leg.uuid
            for call in self.state.calls
            if call.request.user == request.user
            for leg in call.legs
            if leg.state == "ringing"
        }
        for leg in legs:
            leg.uuid = ringing.get(leg.terminal, leg.uuid)
        return legs


class RefusedUrlStays(Behaviour):
    """callback_url is put into the session first of all, and taken out when a call is placed."""

    def judge(self, request: Request) -> CallRequest | Refusal:
        """Give a call without a URL the one that a refused request left."""
        judged = super().judge(request)
        if isinstance(judged, Refusal):
            url = self.refused_url(request)
            if url is not None:
                self.state.memory["url"] = url
            return judged
        left = self.state.memory.pop("url", None)
        return dataclasses.replace(judged, callback_url=judged.callback_url or left)


class PendingByUser(Behaviour):
    """Calls under way stand in a table by their user, one row for each."""

    def place(self, request: CallRequest) -> Call:
        """Take the user's row, whoever stands there."""
        call = super().place(request)
        self.state.memory.setdefault("pending", {})[request.user] = call.id
        return call

    def callbacks_for(self, call: Call, result: CallResult) -> tuple[Delivery, ...]:
        """Return the callback while the row is still this call's."""
        is_own = self.state.memory["pending"].get(call.request.user) == call.id
        return super().callbacks_for(call, result) if is_own else ()


class TimeoutWithoutFinalZeros(Behaviour):
    """The seconds are written for the switch as 30.0 is made to look like 30: zeros at the end are cut."""

    def ring_limit_s(self, call: Call) -> float:
        """Return 3 for 30, and 18 for 180."""
        return float(f"{super().ring_limit_s(call):.0f}".rstrip("0"))


class TimersInARow(Behaviour):
    """The timers of hunts stand in a queue, and only its head is looked at."""

    def ring_limit_s(self, call: Call) -> float:
        """Return the own limit, or that of whoever stands in front, if later; who picks up leaves the queue."""
        own_s, now_s = super().ring_limit_s(call), self.clock.now()
        if call.request.user.outcome != "never-answers":
            return own_s
        off_at_s: float = max(self.state.memory.get("off_at_s", 0.0), now_s + own_s)
        self.state.memory["off_at_s"] = off_at_s
        return off_at_s - now_s


DEFECTS: tuple[Defect, ...] = (
    row(
        "sign-in-is-global",
        "auth",
        "a request without credentials is taken while one that signed in is being served",
        "auth/absent",
        SignInIsGlobal,
    ),
    row(
        "callback-names-end-user-in-field",
        "callback",
        "nothing is told of calls whose end_user has a name outside ASCII",
        "combinations/callbacks",
        EndUserInField,
    ),
    row(
        "timer-outlives-answer",
        "callback",
        "an answered call is told as not answered, too, once answer_timeout has passed",
        "callback/one-result",
        TimerOutlivesAnswer,
        ("callback/truth", "the second callback says the contrary of what happened"),
    ),
    row(
        "ringing-channel-listed-again",
        "uuids",
        "a terminal that rings already is listed with the channel of the other call",
        "uuids/fresh",
        RingingChannelAgain,
        ("state/same-request-twice", "the second of two quick calls has the first one's channels"),
    ),
    row(
        "refused-url-stays",
        "state",
        "a call without callback_url is told to the URL of a refused request before it",
        "state/nothing-sticks",
        RefusedUrlStays,
        ("callback/unexpected", "the call asked for no callback"),
        ("callback/none-after-error", "the callback comes to the URL of the refused request"),
    ),
    row(
        "pending-calls-by-user",
        "concurrency",
        "of calls in flight to the same user only the last one is told",
        "concurrency/callbacks",
        PendingByUser,
    ),
    row(
        "answer-timeout-without-final-zeros",
        "timing",
        "zeros at the end of answer_timeout are cut: 10 is counted as 1",
        "timing/answer-timeout",
        TimeoutWithoutFinalZeros,
    ),
    row(
        "hunts-end-in-order",
        "timing",
        "no hunt's time is up before that of one begun earlier",
        "timing/answer-timeout",
        TimersInARow,
        ("callback/never-answers", "what is told when the time is up comes late"),
        ("concurrency/callbacks", "so it does for calls in flight together"),
    ),
)
