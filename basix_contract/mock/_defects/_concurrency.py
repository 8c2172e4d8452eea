"""Defects of calls in flight together: globals, races, lost updates, and queues where there should be none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from basix_contract.messages import Request, Response
from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._call import Call, CallRequest, CallResult, TerminalPlan
from basix_contract.mock._defects._defect import Defect, row
from basix_contract.mock._exchange import Delivery, Refusal

_DATABASE_S = 0.005
_ONE_CALLBACK_S = 0.4


class OneUrlForAll(Behaviour):
    """The handler of answers has the URL from a global: while calls ring together, it is the last one's."""

    def place(self, request: CallRequest) -> Call:
        """Keep the URL."""
        if request.callback_url:
            self.state.memory["url"] = request.callback_url
        return super().place(request)

    def callbacks_for(self, call: Call, result: CallResult) -> tuple[Delivery, ...]:
        """Tell an answer to the URL that was kept last."""
        told = super().callbacks_for(call, result)
        if not result.is_answered:
            return told
        return tuple(replace(delivery, url=self.state.memory["url"]) for delivery in told)


class UrlRace(Behaviour):
    """The URL stands in a global only while an answer is written down; another may come meanwhile."""

    async def hold_callback(self, call: Call, result: CallResult) -> None:
        """Write the answer down, and take whatever URL the global holds in the end."""
        await super().hold_callback(call, result)
        if call.request.callback_url and result.is_answered:
            self.state.memory["url"] = call.request.callback_url
            await self.clock.sleep(_DATABASE_S)
            call.request = replace(call.request, callback_url=self.state.memory["url"])


class LastCallNamed(Behaviour):
    """The notifier asks for the current call, which is the one that was placed last."""

    def callback_uuid(self, call: Call, result: CallResult) -> str:
        """Return a channel of the last call."""
        last = self.state.last_call
        return last.uuids[0] if last and last is not call else super().callback_uuid(call, result)


class LastCallListed(Behaviour):
    """The reply of a call with a URL is built after a database write, from the current call."""

    async def hold_reply(self, call: Call | None) -> None:
        """Write the URL down first."""
        await super().hold_reply(call)
        await self.clock.sleep(_DATABASE_S if call and call.request.callback_url else 0)

    def success_body(self, call: Call) -> Any:
        """Return the channels of the call that was placed last."""
        last = self.state.last_call if call.request.callback_url else call
        return super().success_body(last or call)


class LastCallAnswered(Behaviour):
    """An answer is matched with the newest call only; those before it end as not answered."""

    def result_of(self, call: Call, answered: int | None, ends: Any) -> CallResult:
        """Return the result of the newest call; an older one has failed."""
        if self.state.last_call is not call:
            return CallResult(error_id="no_answer")
        return super().result_of(call, answered, ends)


class SenderIsBusy(Behaviour):
    """There is one connection for callbacks, and what comes while it is in use is dropped."""

    def wants_callback(self, call: Call, result: CallResult) -> bool:
        """Take the connection if it is free."""
        is_free = not self.state.memory.get("sending", False)
        self.state.memory["sending"] = True
        return is_free

    def next_attempt(self, delivery: Delivery, attempt: int, answer: Response | None) -> Delivery | None:
        """Give the connection back after the last attempt."""
        following = super().next_attempt(delivery, attempt, answer)
        self.state.memory["sending"] = following is not None
        return following


class OneWorker(Behaviour):
    """One worker sends all callbacks one after the other, and takes its time for each."""

    async def hold_callback(self, call: Call, result: CallResult) -> None:
        """Wait until the worker comes to this one."""
        await super().hold_callback(call, result)
        if call.request.callback_url:
            now_s = self.clock.now()
            free_at_s = max(now_s, self.state.memory.get("free_at_s", now_s)) + _ONE_CALLBACK_S
            self.state.memory["free_at_s"] = free_at_s
            await self.clock.sleep(free_at_s - now_s)


class LostUpdate(Behaviour):
    """The list of results to be told is read, extended and written back without a lock."""

    async def hold_callback(self, call: Call, result: CallResult) -> None:
        """Put the call on the list, and wait for whoever works it off."""
        await super().hold_callback(call, result)
        if not call.request.callback_url:
            return
        listed: tuple[str, ...] = self.state.memory.get("results", ())
        await self.clock.sleep(_DATABASE_S)
        self.state.memory["results"] = (*listed, call.id)
        await self.clock.sleep(_DATABASE_S)

    def wants_callback(self, call: Call, result: CallResult) -> bool:
        """Tell what is still on the list."""
        return call.id in self.state.memory["results"]


class OneHuntAtATime(Behaviour):
    """A single dialler: a call is accepted at once, and rung when the one before has ended."""

    def terminal_plans(self, call: Call) -> tuple[TerminalPlan, ...]:
        """Return plans that begin when the dialler is free."""
        plans = super().terminal_plans(call)
        limit_s = super().ring_limit_s(call)
        ends_s = [plan.after_s for plan in plans if plan.move != "rings"]
        now_s = self.clock.now()
        begins_s = max(now_s, self.state.memory.get("free_at_s", now_s))
        self.state.memory["free_at_s"] = begins_s + min([limit_s, *ends_s])
        self.state.memory[call.id] = begins_s - now_s
        return tuple(replace(plan, after_s=plan.after_s + begins_s - now_s) for plan in plans)

    def ring_limit_s(self, call: Call) -> float:
        """Count the time from when the dialler begins."""
        waited_s: float = self.state.memory.get(call.id, 0.0)
        return super().ring_limit_s(call) + waited_s


class OneTimer(Behaviour):
    """One timer serves all hunts: when it goes off for one, every call that rings is given up."""

    def ring_limit_s(self, call: Call) -> float:
        """Ring until the first of all timeouts under way."""
        limit_s = super().ring_limit_s(call)
        for other in self.state.calls:
            left_s = super().ring_limit_s(other) + other.placed_at_s - self.clock.now()
            if other.result is None and left_s > 0:
                limit_s = min(limit_s, left_s)
        return limit_s


class DatabaseLocked(Behaviour):
    """A call with a URL is written down before its reply; whoever comes meanwhile finds the database locked."""

    def judge(self, request: Request) -> CallRequest | Refusal:
        """Refuse what would be a call while another one is written down."""
        judged = super().judge(request)
        if isinstance(judged, CallRequest) and self.state.memory.get("writing"):
            return Refusal("internal_error", "database is locked")
        return judged

    def place(self, request: CallRequest) -> Call:
        """Lock the database."""
        self.state.memory["writing"] = request.callback_url is not None
        return super().place(request)

    async def hold_reply(self, call: Call | None) -> None:
        """Write the call down, and unlock."""
        await super().hold_reply(call)
        if call and call.request.callback_url:
            await self.clock.sleep(_DATABASE_S)
            self.state.memory["writing"] = False


_OWN = "concurrency/callbacks"

DEFECTS: tuple[Defect, ...] = (
    row(
        "database-is-locked",
        "concurrency",
        "a call placed in the same moment as another is refused",
        "concurrency/accepted",
        DatabaseLocked,
    ),
    row(
        "callback-url-is-global",
        "concurrency",
        "of calls that ring together all answers are told to the last one's URL",
        _OWN,
        OneUrlForAll,
        ("callback/unexpected", "the last one's URL is told of all others"),
    ),
    row(
        "callback-url-races",
        "concurrency",
        "of calls answered in the same moment all are told to the last one's URL",
        _OWN,
        UrlRace,
        ("callback/unexpected", "the last one's URL is told of the others"),
    ),
    row(
        "callback-names-last-call",
        "concurrency",
        "of calls that ring together all callbacks name a channel of the last one",
        _OWN,
        LastCallNamed,
        ("callback/unexpected", "the last call may be one that asked for no callback"),
    ),
    row(
        "reply-lists-last-call",
        "concurrency",
        "of calls placed in the same moment all replies list the channels of the last one",
        "concurrency/uuids",
        LastCallListed,
        ("uuids/fresh", "calls beside each other name the same channels"),
        ("combinations/legs", "the last call may be to a user with other terminals"),
        ("concurrency/callbacks", "a callback names the channel that answered, which its reply did not list"),
    ),
    row(
        "only-last-call-is-answered",
        "concurrency",
        "of calls that ring together only the last one is told as answered",
        _OWN,
        LastCallAnswered,
    ),
    row(
        "callback-dropped-while-sending",
        "concurrency",
        "a result that comes while another is being sent is lost",
        _OWN,
        SenderIsBusy,
        ("callback/never-answers", "a long hunt may end while another result is being sent"),
        ("timing/answer-timeout", "the lost callback would have told the hunt's end"),
        ("state/nothing-sticks", "the lost callback would have told the second hunt's end"),
    ),
    row(
        "callback-worker-is-one",
        "concurrency",
        "callbacks are sent one after the other, slowly",
        _OWN,
        OneWorker,
        ("callback/never-answers", "others are in the queue before it"),
        ("timing/answer-timeout", "the callback tells the hunt's end, and waits in the queue"),
    ),
    row(
        "callback-update-lost",
        "concurrency",
        "of results that come in the same moment one is told",
        _OWN,
        LostUpdate,
        ("callback/never-answers", "a long hunt may end in the same moment as another"),
        ("timing/answer-timeout", "the lost callback would have told the hunt's end"),
        ("state/nothing-sticks", "the lost callback would have told the second hunt's end"),
    ),
    row(
        "hunts-queue-up",
        "concurrency",
        "users are rung one after the other",
        _OWN,
        OneHuntAtATime,
        ("callback/never-answers", "others are rung before this user"),
        ("timing/answer-timeout", "others are rung before this user's time begins"),
        ("state/nothing-sticks", "another user's hunt makes this one longer"),
    ),
    row(
        "hunts-share-a-timer",
        "concurrency",
        "when one hunt's time is up all that ring are given up",
        "timing/answer-timeout",
        OneTimer,
    ),
)
