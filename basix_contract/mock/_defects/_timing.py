"""Defects of time: how long a user is rung, and when the reply comes."""

from __future__ import annotations

from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._call import Call, CallResult
from basix_contract.mock._defects._defect import Defect, row
from basix_contract.mock._exchange import Refusal, Reply

_TEST_VALUE_S = 1.0
_LEAST_S = 5.0


class TestValueStays(Behaviour):
    """Somebody put in a second to test quickly, and it stayed."""

    def ring_limit_s(self, call: Call) -> float:
        """Ring for one second."""
        return _TEST_VALUE_S


class AtLeastFiveSeconds(Behaviour):
    """Shorter timeouts are raised to the least that another element of the product allows."""

    def ring_limit_s(self, call: Call) -> float:
        """Ring for five seconds or more."""
        return max(_LEAST_S, super().ring_limit_s(call))


class SharedOut(Behaviour):
    """The terminals share the time: each timer gets its part of it, and all run at once."""

    def ring_limit_s(self, call: Call) -> float:
        """Ring for one terminal's share."""
        return super().ring_limit_s(call) / len(call.legs)


class ReplyAfterHunt(Behaviour):
    """The request is answered when the originate command returns, and it returns when ringing is over."""

    async def hold_reply(self, call: Call | None) -> None:
        """Wait for the hunt's end."""
        await super().hold_reply(call)
        if call:
            await call.ended.wait()


class ReplyTellsResult(ReplyAfterHunt):
    """A click-to-call in one step: the reply itself says whether the user picked up."""

    def success_reply(self, call: Call) -> Reply:
        """Return an error where the user did not."""
        error_id = call.result.error_id if call.result else None
        return self.error_reply(Refusal(error_id)) if error_id else super().success_reply(call)

    def wants_callback(self, call: Call, result: CallResult) -> bool:
        """Tell nothing that the reply has told."""
        return result.is_answered


_BOUND, _PROMPT = "timing/answer-timeout", "timing/reply-before-answer"
_SILENT = ("reply/answered", "a hunt can last longer than anyone waits for a reply")

DEFECTS: tuple[Defect, ...] = (
    row("answer-timeout-left-at-one", "timing", "every user is rung for one second", _BOUND, TestValueStays),
    row(
        "answer-timeout-raised-to-five",
        "timing",
        "a user is rung for five seconds at least",
        _BOUND,
        AtLeastFiveSeconds,
        ("callback/never-answers", "the callback tells the hunt's end, which comes too late"),
    ),
    row("answer-timeout-shared-out", "timing", "the terminals of a user share answer_timeout", _BOUND, SharedOut),
    row("reply-after-hunt", "timing", "the reply comes when the hunt is over", _PROMPT, ReplyAfterHunt, _SILENT),
    Defect(
        id="reply-after-callback",
        family="timing",
        summary="the reply comes when the callback is through",
        kills=_PROMPT,
        also=(_SILENT,),
        settings={"callback_before_reply": True},
    ),
    row(
        "reply-tells-result",
        "timing",
        "the reply comes when the hunt is over, as an error where nobody picked up",
        _PROMPT,
        ReplyTellsResult,
        _SILENT,
        ("concurrency/accepted", "a user who rejects makes an error of the reply"),
        ("state/after-no-answer", "a user who does not answer makes an error of the reply"),
    ),
)
