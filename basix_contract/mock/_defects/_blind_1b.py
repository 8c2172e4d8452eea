"""Defects of calls and callbacks, written without a look at the checks: sequences, ends, calls in flight."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from basix_contract.messages import Response
from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._call import Call, CallRequest, CallResult, Leg
from basix_contract.mock._defects._defect import Defect, row
from basix_contract.mock._exchange import Delivery, Refusal

_OK = 200
_SUCCESSES = range(200, 300)
_MOST_ATTEMPTS = 3
_AGAIN_AFTER_S = 0.1
_UNIQUE_FOR_S = 60.0
_FAR_ENDS = {"busy": "busy", "rejects": "rejected", "never-answers": "no_answer"}


class DetailsTellFarEnd(Behaviour):
    """Destinations with details are dialled by newer code, which reports what became of both legs."""

    def callback_body(self, call: Call, result: CallResult) -> Any:
        """Return the failure of the destination, if it came with details and failed."""
        given = call.request.parameters["destination"]
        far_end = _FAR_ENDS.get(call.request.destination.outcome)
        if result.is_answered and far_end and (isinstance(given, dict) or given.startswith("{")):
            return self.not_answered_body(call, far_end)
        return super().callback_body(call, result)


class TerminalHeld(Behaviour):
    """A leg is let go by the hang-up of its bridge: without one the watcher of calls holds its terminal in use."""

    def second_leg_outcome(self, call: Call) -> str:
        """Keep the terminal that picked up where the destination did not."""
        outcome = super().second_leg_outcome(call)
        if outcome != "answers":
            terminal = next(leg.terminal for leg in call.legs if leg.state == "answered")
            self.state.memory.setdefault("held", {})[call.request.user.name] = terminal
        return outcome

    def build_legs(self, request: CallRequest) -> list[Leg]:
        """Ring the other terminals of a call that is watched; that this one is free is noticed on the way."""
        if request.callback_url is None:
            return super().build_legs(request)
        held: dict[str, int] = self.state.memory.setdefault("held", {})
        terminal = held.pop(request.user.name, None)
        legs = super().build_legs(request)
        return [leg for leg in legs if leg.terminal != terminal] or legs


class EqualCallbacksOnce(Behaviour):
    """The queue keeps one of equal jobs, for a minute: same URL and same body."""

    def callbacks_for(self, call: Call, result: CallResult) -> tuple[Delivery, ...]:
        """Return the callbacks that were not queued a moment ago."""
        queued: dict[tuple[str, bytes], float] = self.state.memory.setdefault("queued", {})
        return tuple(delivery for delivery in super().callbacks_for(call, result) if self._is_new(queued, delivery))

    def _is_new(self, queued: dict[tuple[str, bytes], float], delivery: Delivery) -> bool:
        key, now_s = (delivery.url, delivery.body), self.clock.now()
        is_new = key not in queued or now_s - queued[key] > _UNIQUE_FOR_S
        if is_new:
            queued[key] = now_s
        return is_new


class LastTimeoutIsDefault(Behaviour):
    """A request's options are written into the table of defaults in place of a copy of it."""

    def read_answer_timeout(self, parameters: Mapping[str, Any]) -> int | Refusal:
        """Return the timeout, and write it into the defaults."""
        seconds = super().read_answer_timeout(parameters)
        if isinstance(seconds, int):
            self.state.memory["answer_timeout"] = seconds
        return seconds

    def default_answer_timeout(self) -> int:
        """Return what the defaults hold by now."""
        seconds: int = self.state.memory.get("answer_timeout", super().default_answer_timeout())
        return seconds


class RetryTellsHangUp(Behaviour):
    """A callback that was refused is made anew from the call's record, where the channel is gone by then."""

    def next_attempt(self, delivery: Delivery, attempt: int, answer: Response | None) -> Delivery | None:
        """Send it once more; a success has turned into a failure."""
        if attempt > 1 or (answer is not None and answer.status in _SUCCESSES):
            return super().next_attempt(delivery, attempt, answer)
        told = json.loads(delivery.body)
        body = told if told["result_code"] else self.error_body(Refusal("no_answer"))
        return replace(delivery, body=self.encode_callback(body), after_s=_AGAIN_AFTER_S)


class Only200Acknowledges(Behaviour):
    """Whatever is not 200 counts as a failed delivery, 201, 202 and 204 as well."""

    def next_attempt(self, delivery: Delivery, attempt: int, answer: Response | None) -> Delivery | None:
        """Repeat a callback that got another success."""
        if answer is not None and answer.status in _SUCCESSES and answer.status != _OK and attempt < _MOST_ATTEMPTS:
            return replace(delivery, after_s=_AGAIN_AFTER_S)
        return super().next_attempt(delivery, attempt, answer)


class PaddingLost(Behaviour):
    """The query is taken apart at each equals sign, and the first two pieces are put together again."""

    def callback_url(self, call: Call) -> str | None:
        """Return the URL without what followed a second equals sign."""
        url = super().callback_url(call)
        if url is None:
            return None
        address, mark, query = url.partition("?")
        return address + mark + "&".join("=".join(pair.split("=")[:2]) for pair in query.split("&"))


class PendingByUrl(Behaviour):
    """Calls that wait for their result stand in a table under their callback_url."""

    def place(self, request: CallRequest) -> Call:
        """Enter the call, in place of another that waits under the same URL."""
        call = super().place(request)
        if request.callback_url is not None:
            self._pending()[request.callback_url] = call.id
        return call

    def callback_url(self, call: Call) -> str | None:
        """Return the URL while the entry is still this call's."""
        url = super().callback_url(call)
        if url is None or self._pending().get(url) != call.id:
            return None
        del self._pending()[url]
        return url

    def _pending(self) -> dict[str, str]:
        pending: dict[str, str] = self.state.memory.setdefault("pending", {})
        return pending


class GroupHeld(Behaviour):
    """The group's row is locked while one of its members rings."""

    def check_limits(self, request: CallRequest) -> Refusal | None:
        """Refuse a call on behalf of a group for which somebody else is being rung."""
        ringing = [call.request for call in self.state.calls if call.result is None]
        if request.group and any(other.group == request.group and other.user != request.user for other in ringing):
            return Refusal("busy", "the group is in use")
        return super().check_limits(request)


DEFECTS: tuple[Defect, ...] = (
    row(
        "details-tell-far-end",
        "callback",
        "where the destination is an object or has braces, its failure is told as the user's",
        "callback/first-leg-only",
        DetailsTellFarEnd,
        ("callback/truth", "an answered call is told as not answered"),
    ),
    row(
        "terminal-held-by-busy-destination",
        "uuids",
        "after an answered call to a busy destination the user's next call with a callback has one leg less",
        "uuids/per-leg",
        TerminalHeld,
        ("state/nothing-sticks", "the destination of one call acts on the next"),
        ("concurrency/uuids", "one leg is missing"),
    ),
    row(
        "equal-callbacks-sent-once",
        "state",
        "a failure is not told where the same was told to the same URL within a minute",
        "state/same-request-twice",
        EqualCallbacksOnce,
        ("callback/rejects", "the second of two calls with one URL is not told"),
        ("callback/never-answers", "the second of two calls with one URL is not told"),
        ("callback/busy", "the second of two calls with one URL is not told"),
    ),
    row(
        "last-timeout-becomes-default",
        "state",
        "a call without answer_timeout rings for as long as the call before it said",
        "state/nothing-sticks",
        LastTimeoutIsDefault,
    ),
    row(
        "callback-retry-tells-hang-up",
        "callback",
        "a success that the receiver did not take is sent again as a failure",
        "callback/one-result",
        RetryTellsHangUp,
        ("callback/truth", "the second callback of an answered call tells a failure"),
    ),
    row(
        "callback-acknowledged-by-200-only",
        "callback",
        "a callback acknowledged by 201, 202 or 204 is sent again",
        "callback/once",
        Only200Acknowledges,
    ),
    row(
        "callback-url-padding-lost",
        "callback",
        "of a value with an equals sign in the query of callback_url only the beginning is kept",
        "callback/url",
        PaddingLost,
        ("callback/unexpected", "nothing was asked for at the shortened URL"),
    ),
    row(
        "pending-calls-by-url",
        "concurrency",
        "of calls in flight with the same callback_url only the last one is told",
        "concurrency/callbacks",
        PendingByUrl,
        ("callback/answered", "the earlier of two calls with one URL is not told"),
        ("state/same-request-twice", "the earlier of two calls with one URL is not told"),
    ),
    row(
        "group-held-while-ringing",
        "concurrency",
        "while a call on behalf of a group rings, one for another member is refused",
        "concurrency/accepted",
        GroupHeld,
    ),
)
