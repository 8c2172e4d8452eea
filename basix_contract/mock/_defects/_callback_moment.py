"""Defects of the callback's moment: too late, too early, tied to the destination, or after an error reply."""

from __future__ import annotations

from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._call import Call, CallResult
from basix_contract.mock._defects._defect import Defect, row
from basix_contract.mock._exchange import Delivery, Refusal


class ToldAtHangUp(Behaviour):
    """The result is told by whoever writes the call record, after the conversation."""

    def talk_s(self, call: Call) -> float:
        """Let people talk for a while."""
        return 2.5

    async def hold_callback(self, call: Call, result: CallResult) -> None:
        """Wait until the conversation is over."""
        await super().hold_callback(call, result)
        if result.is_answered:
            await call.connected.wait()
            await self.clock.sleep(self.talk_s(call) if call.second_leg == "answers" else 0)


class BusyTriedAgain(Behaviour):
    """A busy user is tried again silently for some seconds before anyone is told."""

    async def hold_callback(self, call: Call, result: CallResult) -> None:
        """Wait for the second try, which finds the user busy too."""
        await super().hold_callback(call, result)
        await self.clock.sleep(2.5 if result.error_id == "busy" else 0)


class ToldBeforeReply(Behaviour):
    """The reply waits for the subscription to be written down; the callback does not wait for the reply."""

    async def hold_reply(self, call: Call | None) -> None:
        """Write the subscription, which takes its time."""
        await super().hold_reply(call)
        await self.clock.sleep(0.5 if call and call.request.callback_url else 0)

    async def hold_callback(self, call: Call, result: CallResult) -> None:
        """Wait for nothing."""


class WaitsForDestination(Behaviour):
    """The result is told once the destination has answered or was given up."""

    def second_leg_s(self, call: Call) -> float:
        """Try a destination that does not answer for a while, as exchanges do."""
        return super().second_leg_s(call) if self.second_leg_outcome(call) == "answers" else 2.5

    async def hold_callback(self, call: Call, result: CallResult) -> None:
        """Wait for the second leg."""
        await super().hold_callback(call, result)
        if result.is_answered:
            await call.connected.wait()


class TellsDestination(Behaviour):
    """What is told is the end of the whole attempt: the destination's failure instead of the user's answer."""

    def callback_body(self, call: Call, result: CallResult) -> object:
        """Return the failure of the second leg in place of the first leg's success."""
        failures = {"busy": "busy", "rejects": "rejected", "never-answers": "no_answer"}
        failure = failures.get(self.second_leg_outcome(call))
        return self.not_answered_body(call, failure) if failure else super().callback_body(call, result)


class LimitToldToo(Behaviour):
    """A call refused for want of a channel runs through the same end as one that was rung."""

    def refusal_callbacks(self, refusal: Refusal, url: str) -> tuple[Delivery, ...]:
        """Tell the channel limit."""
        is_told = refusal.error_id == "channel_limit_reached"
        return (self.callback(url, self.error_body(refusal)),) if is_told else ()


class UnknownUserToldToo(Behaviour):
    """Users are looked up in the dialling job, whose failure is always told."""

    def refusal_callbacks(self, refusal: Refusal, url: str) -> tuple[Delivery, ...]:
        """Tell that there is no such user."""
        is_told = refusal.error_id == "user_not_found"
        return (self.callback(url, self.error_body(refusal)),) if is_told else ()


DEFECTS: tuple[Defect, ...] = (
    Defect(
        id="callback-every-few-seconds",
        family="callback",
        summary="results are collected and sent some seconds later",
        kills="callback/answered",
        also=(
            ("callback/never-answers", "every result is as late"),
            ("callback/rejects", "every result is as late"),
            ("callback/busy", "every result is as late"),
        ),
        settings={"callback_delay_s": 2.5},
    ),
    row(
        "callback-at-hang-up",
        "callback",
        "an answer is told when the conversation is over",
        "callback/answered",
        ToldAtHangUp,
    ),
    row(
        "callback-late-on-busy",
        "callback",
        "busy users are tried again before busy is told",
        "callback/busy",
        BusyTriedAgain,
        ("concurrency/callbacks", "busy comes late as well while others ring"),
    ),
    row(
        "callback-before-reply",
        "callback",
        "the callback overtakes a slow reply",
        "callback/after-reply",
        ToldBeforeReply,
    ),
    row(
        "callback-waits-for-destination",
        "callback",
        "an answer is told once the destination has answered or failed",
        "callback/first-leg-only",
        WaitsForDestination,
    ),
    row(
        "callback-tells-destination",
        "callback",
        "a destination that does not answer is told as the user's failure",
        "callback/first-leg-only",
        TellsDestination,
        ("callback/truth", "the user answered and is told not to have"),
    ),
    row(
        "callback-after-channel-limit",
        "callback",
        "a call refused for want of a channel is told to callback_url as well",
        "callback/none-after-error",
        LimitToldToo,
    ),
    row(
        "callback-after-unknown-user",
        "callback",
        "a call refused because there is no such user is told to callback_url as well",
        "callback/none-after-error",
        UnknownUserToldToo,
    ),
)
