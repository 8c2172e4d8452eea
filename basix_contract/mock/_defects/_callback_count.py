"""Defects of how often a callback comes, and of callbacks nobody asked for."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import urlsplit

from basix_contract.messages import Response
from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._call import Call, CallResult
from basix_contract.mock._defects._defect import Defect, row
from basix_contract.mock._exchange import Delivery


class ToldTwice(Behaviour):
    """Both the end of the hunt and the end of the originating channel call the URL."""

    def callbacks_for(self, call: Call, result: CallResult) -> tuple[Delivery, ...]:
        """Return every callback twice."""
        once = super().callbacks_for(call, result)
        return (*once, *(replace(delivery, after_s=delivery.after_s + 0.05) for delivery in once))


class OnlyOkCounts(Behaviour):
    """The receiver has to answer with the text OK; anything else is taken for a failure, once."""

    def next_attempt(self, delivery: Delivery, attempt: int, answer: Response | None) -> Delivery | None:
        """Send again after an acknowledgement of other words."""
        following = super().next_attempt(delivery, attempt, answer)
        is_plain = answer is not None and answer.body.strip() == b"OK"
        if following is not None or is_plain or attempt > 1:
            return following
        return replace(delivery, after_s=0.5)


class EveryLegTold(Behaviour):
    """The notifier hangs on the end of each leg: those that lost the race report their own failure."""

    def callbacks_for(self, call: Call, result: CallResult) -> tuple[Delivery, ...]:
        """Return the result, and a failure for each leg that did not answer."""
        told = super().callbacks_for(call, result)
        if not told or not result.is_answered:
            return told * len(call.legs)
        lost = self.callback(told[0].url, self.not_answered_body(call, "no_answer"))
        return (*told, *((replace(lost, after_s=0.05),) * (len(call.legs) - 1)))


class EveryChannelTold(Behaviour):
    """A success is told once for each channel of the reply, with that channel's uuid."""

    def callbacks_for(self, call: Call, result: CallResult) -> tuple[Delivery, ...]:
        """Return one success for each leg."""
        told = super().callbacks_for(call, result)
        if not told or not result.is_answered:
            return told
        return tuple(self.callback(told[0].url, self.answered_body(call, uuid)) for uuid in call.uuids)


class HangUpTold(Behaviour):
    """The end of the conversation is told to the URL as well, as a failure."""

    def callbacks_for(self, call: Call, result: CallResult) -> tuple[Delivery, ...]:
        """Return the result, and for an answered call the hang-up after it."""
        told = super().callbacks_for(call, result)
        if not told or not result.is_answered:
            return told
        over = self.callback(told[0].url, self.not_answered_body(call, "normal_clearing"))
        return (*told, replace(over, after_s=self.second_leg_s(call) + self.talk_s(call) + 0.1))


class DestinationTold(Behaviour):
    """Each of the two legs calls the URL when it fails, the destination's too."""

    def callbacks_for(self, call: Call, result: CallResult) -> tuple[Delivery, ...]:
        """Return the result, and the destination's failure after it."""
        told = super().callbacks_for(call, result)
        outcome = self.second_leg_outcome(call)
        if not told or not result.is_answered or outcome == "answers":
            return told
        failed = self.callback(told[0].url, self.not_answered_body(call, "destination_failed"))
        return (*told, replace(failed, after_s=self.second_leg_s(call) + 0.1))


class AllPickUp(Behaviour):
    """Told to pick up by themselves, all telephones of a user do so in the same moment, and each is told."""

    def callbacks_for(self, call: Call, result: CallResult) -> tuple[Delivery, ...]:
        """Return one success for each leg of an auto-answered call."""
        told = super().callbacks_for(call, result)
        if not told or not result.is_answered or not call.legs[0].auto_answers:
            return told
        return tuple(self.callback(told[0].url, self.answered_body(call, uuid)) for uuid in call.uuids)


class ProgressTold(Behaviour):
    """The URL is told of every change of the call's state, not of its result alone."""

    def callbacks_for(self, call: Call, result: CallResult) -> tuple[Delivery, ...]:
        """Return that the hunt is over, and then the result."""
        told = super().callbacks_for(call, result)
        over = {"state": "hunt_finished", "call": call.id}
        return (*(self.callback(first.url, over) for first in told), *self._after(told))

    def _after(self, told: tuple[Delivery, ...]) -> tuple[Delivery, ...]:
        return tuple(replace(delivery, after_s=delivery.after_s + 0.05) for delivery in told)


class HostVerified(Behaviour):
    """A host is asked once whether it takes callbacks, at its root."""

    def callbacks_for(self, call: Call, result: CallResult) -> tuple[Delivery, ...]:
        """Return the callbacks, and before the first to a host the question."""
        told = super().callbacks_for(call, result)
        asked: set[str] = self.state.memory.setdefault("asked", set())
        questions: list[Delivery] = []
        for delivery in told:
            place = urlsplit(delivery.url)
            if place.netloc not in asked:
                asked.add(place.netloc)
                body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1aB1"}).encode("ascii")
                questions.append(replace(delivery, url=f"{place.scheme}://{place.netloc}/", body=body))
        return (*questions, *told)


class DefaultPath(Behaviour):
    """A URL of the domain's own settings is told of every result, beside the one of the request."""

    def callbacks_for(self, call: Call, result: CallResult) -> tuple[Delivery, ...]:
        """Return the callbacks, each for the host's event log too, which is told the state alone."""
        told = super().callbacks_for(call, result)
        state = "answered" if result.is_answered else "not_answered"
        logged = tuple(
            self.callback(f"{place.scheme}://{place.netloc}/pbx/events", {"result_code": 0, "state": state})
            for delivery in told
            for place in (urlsplit(delivery.url),)
        )
        return (*told, *logged)


DEFECTS: tuple[Defect, ...] = (
    row("callback-twice", "callback", "every result is sent twice", "callback/once", ToldTwice),
    row(
        "callback-again-unless-ok",
        "callback",
        "a callback is sent again unless the acknowledgement's body is the text OK",
        "callback/once",
        OnlyOkCounts,
    ),
    row(
        "callback-for-every-leg",
        "callback",
        "every leg that did not answer is told as a failure of the call",
        "callback/one-result",
        EveryLegTold,
        ("callback/once", "the legs of a call nobody answered all tell the same"),
    ),
    row(
        "callback-for-every-channel",
        "callback",
        "a success is told for every channel of the reply",
        "callback/one-result",
        EveryChannelTold,
    ),
    row(
        "callback-for-hang-up",
        "callback",
        "the end of the conversation is told as a failure",
        "callback/one-result",
        HangUpTold,
    ),
    row(
        "callback-for-destination",
        "callback",
        "after the user's answer the destination's failure is told too",
        "callback/one-result",
        DestinationTold,
    ),
    row(
        "callback-for-all-that-pick-up",
        "callback",
        "with auto_answer every telephone is told to have picked up",
        "callback/one-result",
        AllPickUp,
    ),
    row(
        "callback-for-progress",
        "callback",
        "the URL is told of the call's states as well, without a result code",
        "callback/body",
        ProgressTold,
        ("callback/one-result", "a state and a result are two different tellings"),
    ),
    row(
        "callback-to-verify-host",
        "callback",
        "the root of the receiver is called as well",
        "callback/unexpected",
        HostVerified,
    ),
    row(
        "callback-to-the-domain",
        "callback",
        "results are told to a path of the PBX's choice as well",
        "callback/unexpected",
        DefaultPath,
    ),
)
