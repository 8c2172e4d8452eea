"""Defects of the callback's arrival: results that are never told."""

from __future__ import annotations

import re

from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._call import Call, CallResult
from basix_contract.mock._defects._defect import Defect, row

_CACHE_TTL_S = 3
_PORT = re.compile(r"(?<=[^:/]):[0-9]+(?=[/?#]|$)")


class CallbackMissing(Behaviour):
    """The URL is read, and then nothing is ever sent to it."""

    def wants_callback(self, call: Call, result: CallResult) -> bool:
        """Tell nobody."""
        return False


class OnlySuccesses(Behaviour):
    """The notifier hangs on the answer event, and nothing else reaches it."""

    def wants_callback(self, call: Call, result: CallResult) -> bool:
        """Tell answers only."""
        return result.is_answered


class OnlyFailures(Behaviour):
    """The condition around the notifier is the wrong way round."""

    def wants_callback(self, call: Call, result: CallResult) -> bool:
        """Tell failures only."""
        return not result.is_answered


def _silent_on(error_id: str) -> type[Behaviour]:
    """Return a PBX whose switch over the causes of an end has no branch for this one."""

    class BranchForgotten(Behaviour):
        def wants_callback(self, call: Call, result: CallResult) -> bool:
            return result.error_id != error_id

    return BranchForgotten


class OneTerminalUntold(Behaviour):
    """A single telephone is rung without a hunt, and only the hunt's end calls the URL."""

    def wants_callback(self, call: Call, result: CallResult) -> bool:
        """Tell the results of forked calls only."""
        return len(call.legs) > 1


class AutoAnswerUntold(Behaviour):
    """A telephone that picks up by itself goes another way through the code, past the notifier."""

    def wants_callback(self, call: Call, result: CallResult) -> bool:
        """Tell the results of calls that a hand picked up."""
        return not call.request.auto_answer


class GroupUntold(Behaviour):
    """Calls on behalf of a group end in the group module, which knows no callback."""

    def wants_callback(self, call: Call, result: CallResult) -> bool:
        """Tell the results of calls without group."""
        return call.request.group is None


class DetailedUntold(Behaviour):
    """An object as destination replaces the parsed request, and the callback_url with it."""

    def wants_callback(self, call: Call, result: CallResult) -> bool:
        """Tell the results of calls to a text."""
        return isinstance(call.request.parameters["destination"], str)


class InternalUntold(Behaviour):
    """A call between two users of the PBX is never handed to the notifier."""

    def wants_callback(self, call: Call, result: CallResult) -> bool:
        """Tell the results of calls to the outside."""
        return call.request.destination.kind == "pstn"


class ForgottenAfterThreeSeconds(Behaviour):
    """The URL waits in a cache whose entries live for three seconds."""

    def callback_url(self, call: Call) -> str | None:
        """Return the URL while the cache still has it."""
        has_expired = self.clock.now() - call.placed_at_s > _CACHE_TTL_S
        return None if has_expired else super().callback_url(call)


class PortDropped(Behaviour):
    """The URL is taken apart for sending, and the port is not put back."""

    def callback_url(self, call: Call) -> str | None:
        """Return the URL as if it had the scheme's own port."""
        url = super().callback_url(call)
        return _PORT.sub("", url, count=1) if url else None


_ALL_OTHERS = (
    ("callback/never-answers", "no result reaches the URL in time, this one neither"),
    ("callback/rejects", "no result reaches the URL in time, this one neither"),
    ("callback/busy", "no result reaches the URL in time, this one neither"),
)

_ENDLESS = ("timing/answer-timeout", "without a callback nothing tells that the hunt has ended")
_TOGETHER = ("concurrency/callbacks", "this result is missing as well while others ring")


DEFECTS: tuple[Defect, ...] = (
    row(
        "callback-missing",
        "callback",
        "no result is ever sent to callback_url",
        "callback/answered",
        CallbackMissing,
        *_ALL_OTHERS,
    ),
    row(
        "callback-port-dropped",
        "callback",
        "callbacks go to port 80 whatever the URL says",
        "callback/answered",
        PortDropped,
        *_ALL_OTHERS,
    ),
    row(
        "callback-only-when-answered",
        "callback",
        "only answers are told",
        "callback/never-answers",
        OnlySuccesses,
        *_ALL_OTHERS[1:],
        _TOGETHER,
    ),
    row("callback-only-on-failure", "callback", "only failures are told", "callback/answered", OnlyFailures),
    row(
        "callback-missing-on-no-answer",
        "callback",
        "that nobody picked up in time is not told",
        "callback/never-answers",
        _silent_on("no_answer"),
        _ENDLESS,
    ),
    row(
        "callback-missing-on-reject",
        "callback",
        "that the user turned the call down is not told",
        "callback/rejects",
        _silent_on("rejected"),
        _TOGETHER,
    ),
    row(
        "callback-missing-on-busy",
        "callback",
        "that the user is busy is not told",
        "callback/busy",
        _silent_on("busy"),
        _TOGETHER,
    ),
    row(
        "callback-missing-with-one-terminal",
        "callback",
        "nothing is told of users with a single telephone",
        "callback/answered",
        OneTerminalUntold,
        *_ALL_OTHERS[::2],
    ),
    row(
        "callback-missing-with-auto-answer",
        "callback",
        "nothing is told of calls with auto_answer",
        "callback/answered",
        AutoAnswerUntold,
    ),
    row(
        "callback-missing-with-group",
        "callback",
        "nothing is told of calls on behalf of a group",
        "callback/answered",
        GroupUntold,
    ),
    row(
        "callback-missing-with-object",
        "callback",
        "nothing is told of calls whose destination is an object",
        "callback/answered",
        DetailedUntold,
        _ALL_OTHERS[0],
        _ENDLESS,
    ),
    row(
        "callback-missing-between-users",
        "callback",
        "nothing is told of calls whose destination is inside the PBX",
        "callback/answered",
        InternalUntold,
    ),
    row(
        "callback-forgotten-after-three-seconds",
        "callback",
        "nothing is told of hunts that last longer than three seconds",
        "callback/never-answers",
        ForgottenAfterThreeSeconds,
        _ENDLESS,
    ),
)
