"""Defects of memory: parameters and results of one call that act on another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._call import Call, CallResult, Place
from basix_contract.mock._defects._defect import Defect, row
from basix_contract.mock._exchange import Delivery, Refusal


class LastUrlStays(Behaviour):
    """The URL is a field of the session: a call that names none has the one before."""

    def callback_url(self, call: Call) -> str | None:
        """Return the last URL anyone gave."""
        url = super().callback_url(call) or self.state.memory.get("url")
        self.state.memory["url"] = url
        return url


class FirstUrlStays(Behaviour):
    """Whoever wants to know when a user answers is registered once, and a registration is never replaced."""

    def callbacks_for(self, call: Call, result: CallResult) -> tuple[Delivery, ...]:
        """Tell an answer to the URL of the first answered call to this user."""
        told = super().callbacks_for(call, result)
        if not told or not result.is_answered:
            return told
        registered: dict[str, str] = self.state.memory.setdefault("urls", {})
        return (replace(told[0], url=registered.setdefault(call.request.user.name, told[0].url)),)


class ListenersPileUp(Behaviour):
    """Every URL becomes a listener of the PBX's answers, and none is ever taken off the list."""

    def callbacks_for(self, call: Call, result: CallResult) -> tuple[Delivery, ...]:
        """Tell an answer to every URL so far."""
        told = super().callbacks_for(call, result)
        if not result.is_answered:
            return told
        listeners: list[str] = self.state.memory.setdefault("listeners", [])
        listeners.extend(delivery.url for delivery in told)
        return tuple(replace(told[0], url=url) for url in listeners) if told else ()


class FirstTimeoutStays(Behaviour):
    """The first answer_timeout ever given is written into the settings and read from there."""

    def read_answer_timeout(self, parameters: Mapping[str, Any]) -> int | Refusal:
        """Return the first timeout given, whatever this request says."""
        seconds = super().read_answer_timeout(parameters)
        if isinstance(seconds, Refusal) or "answer_timeout" not in parameters:
            return seconds
        first: int = self.state.memory.setdefault("answer_timeout", seconds)
        return first


class LastDestinationStays(Behaviour):
    """The request record is used again, and a destination that is not given stays as it was."""

    def find_destination(self, parameters: Mapping[str, Any]) -> Place | Refusal:
        """Return the place given, or that of the request before."""
        last: Place | None = self.state.memory.get("destination")
        if last is not None and "destination" not in parameters:
            return last
        place = super().find_destination(parameters)
        if isinstance(place, Place):
            self.state.memory["destination"] = place
        return place


class LastUserStays(Behaviour):
    """The request record is used again, and a user selector that is not given stays as it was."""

    def given_user_selectors(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Return the selectors given, or those of the last request that gave any."""
        given = super().given_user_selectors(parameters) or self.state.memory.get("selectors", {})
        self.state.memory["selectors"] = given
        return dict(given)


class FirstResultStays(Behaviour):
    """The channel that answered is kept with the user, and set only where it is not set yet."""

    def callback_uuid(self, call: Call, result: CallResult) -> str:
        """Return the channel on which this user answered for the first time."""
        answered: dict[str, str] = self.state.memory.setdefault("answered", {})
        return answered.setdefault(call.request.user.name, super().callback_uuid(call, result))


_STICKS = "state/nothing-sticks"

DEFECTS: tuple[Defect, ...] = (
    row(
        "last-callback-url-stays",
        "state",
        "a call without callback_url is told to the URL of the call before",
        _STICKS,
        LastUrlStays,
        ("callback/unexpected", "the call without a URL is told to someone"),
        ("concurrency/callbacks", "the calls that come after are told to one of these URLs"),
    ),
    row(
        "first-callback-url-stays",
        "state",
        "every answer of a user is told to the URL of the first call to him",
        _STICKS,
        FirstUrlStays,
        ("callback/answered", "the calls' own URLs are not called"),
        ("callback/url", "the calls' own URLs are not called"),
        ("callback/unexpected", "the first URL is told of all later calls"),
    ),
    row(
        "listeners-pile-up",
        "state",
        "every answer is told to the URLs of all answered calls before as well",
        "callback/unexpected",
        ListenersPileUp,
        (_STICKS, "the URL of one call acts on all later ones"),
        ("concurrency/callbacks", "one URL is told the answers of all calls"),
        ("callback/once", "a URL that two calls share is a listener twice"),
    ),
    row(
        "first-timeout-stays",
        "state",
        "the first answer_timeout ever given is that of every later call",
        "timing/answer-timeout",
        FirstTimeoutStays,
        ("callback/never-answers", "where the first timeout is the longer one, results are late"),
    ),
    row(
        "last-destination-stays",
        "state",
        "a request without destination goes where the one before went",
        "destination/absent",
        LastDestinationStays,
        ("destination/not-a-destination", "an empty destination is no destination either"),
    ),
    row(
        "last-user-stays",
        "state",
        "a request without user selector rings the user of the one before",
        "selectors/none",
        LastUserStays,
        ("selectors/empty", "an empty selector is no selector either"),
        ("selectors/name-name", "an unknown parameter is no selector either"),
    ),
    row(
        "first-result-stays",
        "state",
        "the callback names the channel on which the user answered his first call",
        "callback/uuid",
        FirstResultStays,
        (_STICKS, "the result of another call is told"),
    ),
)
