"""Defects of answer_timeout: what is taken for one, and for how long the user is really rung."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._call import Call
from basix_contract.mock._defects._defect import Defect
from basix_contract.mock._exchange import Refusal

_DOCUMENTED_S = 180
_LEAST_S = 5
_BYTE = 0xFF
_RING_CYCLE_S = 6


class AtLeastFive(Behaviour):
    """The range is that of another element of the product, 5 to 180."""

    def allows_answer_timeout(self, seconds: int) -> bool:
        """Refuse less than five."""
        return super().allows_answer_timeout(seconds) and seconds >= _LEAST_S


class Below180(Behaviour):
    """The upper end is excluded where it should be included."""

    def allows_answer_timeout(self, seconds: int) -> bool:
        """Refuse 180 and more."""
        return super().allows_answer_timeout(seconds) and seconds < _DOCUMENTED_S


class AtMost180(Behaviour):
    """The default is taken for the maximum."""

    def allows_answer_timeout(self, seconds: int) -> bool:
        """Refuse more than 180."""
        return super().allows_answer_timeout(seconds) and seconds <= _DOCUMENTED_S


class OneByte(Behaviour):
    """The timeout is stored in a byte."""

    def allows_answer_timeout(self, seconds: int) -> bool:
        """Refuse what a byte cannot hold."""
        return super().allows_answer_timeout(seconds) and seconds <= _BYTE


class ZeroIsDefault(Behaviour):
    """`timeout or 180`: zero counts as not given."""

    def read_answer_timeout(self, parameters: Mapping[str, Any]) -> int | Refusal:
        """Take the default for it."""
        given = parameters.get("answer_timeout")
        is_zero = type(given) is int and not given
        return self.default_answer_timeout() if is_zero else super().read_answer_timeout(parameters)


class FractionIsCut(Behaviour):
    """The value goes through `int()`, which drops a fraction."""

    def read_answer_timeout(self, parameters: Mapping[str, Any]) -> int | Refusal:
        """Drop the fraction."""
        given = parameters.get("answer_timeout")
        if isinstance(given, float) and math.isfinite(given):
            return super().read_answer_timeout({"answer_timeout": int(given)})
        return super().read_answer_timeout(parameters)


class TrueIsOne(Behaviour):
    """To the language a boolean is an integer, and nobody looks closer."""

    def read_answer_timeout(self, parameters: Mapping[str, Any]) -> int | Refusal:
        """Take true for one second."""
        given = parameters.get("answer_timeout")
        return 1 if given is True else super().read_answer_timeout(parameters)


class SignIsDropped(Behaviour):
    """The timer's argument is unsigned, and a minus is thrown away."""

    def read_answer_timeout(self, parameters: Mapping[str, Any]) -> int | Refusal:
        """Drop the sign."""
        given = parameters.get("answer_timeout")
        if type(given) is int:
            return super().read_answer_timeout({"answer_timeout": abs(given)})
        return super().read_answer_timeout(parameters)


class UnreadableIsDefault(Behaviour):
    """What cannot be converted is caught, and the default stands."""

    def read_answer_timeout(self, parameters: Mapping[str, Any]) -> int | Refusal:
        """Take the default for anything that is no number."""
        given = parameters.get("answer_timeout")
        if isinstance(given, str | list | dict):
            return self.default_answer_timeout()
        return super().read_answer_timeout(parameters)


class Milliseconds(Behaviour):
    """The switch takes milliseconds, and gets the seconds as they are."""

    def ring_limit_s(self, call: Call) -> float:
        """Ring a thousand times shorter."""
        return super().ring_limit_s(call) / 1000


class Minutes(Behaviour):
    """The switch takes minutes, and gets the seconds as they are."""

    def ring_limit_s(self, call: Call) -> float:
        """Ring sixty times longer."""
        return super().ring_limit_s(call) * 60


class AlwaysDefault(Behaviour):
    """The parameter is validated, and then the default is used."""

    def ring_limit_s(self, call: Call) -> float:
        """Ring for 180 seconds."""
        return float(self.default_answer_timeout())


class PerTerminal(Behaviour):
    """The terminals' timers run one after the other."""

    def ring_limit_s(self, call: Call) -> float:
        """Ring for each terminal's time."""
        return super().ring_limit_s(call) * len(call.legs)


class RingsTwice(Behaviour):
    """When nobody answers, it is tried once more."""

    def ring_limit_s(self, call: Call) -> float:
        """Ring as long again."""
        return super().ring_limit_s(call) * 2


class WholeRingCycles(Behaviour):
    """The time is looked at between two rings only, and a ring with its pause takes six seconds."""

    def ring_limit_s(self, call: Call) -> float:
        """Ring to the end of the cycle."""
        return math.ceil(super().ring_limit_s(call) / _RING_CYCLE_S) * _RING_CYCLE_S


class SticksToUser(Behaviour):
    """The timeout is written into the user's settings, where the first one given stays."""

    def ring_limit_s(self, call: Call) -> float:
        """Ring for as long as the first call to this user said."""
        known: dict[str, float] = self.state.memory.setdefault("timeouts", {})
        return known.setdefault(call.request.user.name, super().ring_limit_s(call))


class LostWithObject(Behaviour):
    """The branch for an object destination builds a request of its own and leaves the timeout out."""

    def ring_limit_s(self, call: Call) -> float:
        """Ring for 180 seconds where the destination is an object."""
        is_object = isinstance(call.request.parameters.get("destination"), dict)
        return float(self.default_answer_timeout()) if is_object else super().ring_limit_s(call)


class LostWithName(Behaviour):
    """Users found by name get the timeout of their own settings."""

    def ring_limit_s(self, call: Call) -> float:
        """Ring for 180 seconds where the user was not named by id."""
        is_by_id = "user_id" in call.request.parameters
        return super().ring_limit_s(call) if is_by_id else float(self.default_answer_timeout())


def _defect(id_: str, summary: str, kills: str, behaviour: type[Behaviour], *also: tuple[str, str]) -> Defect:
    return Defect(id=id_, family="parameters", summary=summary, kills=kills, also=also, behaviour=behaviour)


_VALID, _ABOVE = "parameters/answer-timeout", "parameters/answer-timeout-above-180"
_INVALID, _BOUND = "parameters/answer-timeout-invalid", "timing/answer-timeout"
_UNTRUE = ("callback/truth", "a user who would have answered in time is given up")
_LATE = ("callback/never-answers", "the callback tells the hunt's end, which comes too late")

DEFECTS: tuple[Defect, ...] = (
    _defect("answer-timeout-at-least-5", "an answer_timeout below 5 is refused", _VALID, AtLeastFive),
    _defect("answer-timeout-below-180", "an answer_timeout of 180 is refused", _VALID, Below180),
    _defect("answer-timeout-at-most-180", "an answer_timeout above 180 is refused", _ABOVE, AtMost180),
    _defect("answer-timeout-one-byte", "an answer_timeout above 255 is refused", _ABOVE, OneByte),
    _defect("answer-timeout-zero-is-default", "an answer_timeout of 0 is taken for none", _INVALID, ZeroIsDefault),
    _defect("answer-timeout-fraction-cut", "an answer_timeout of 1.5 is taken for 1", _INVALID, FractionIsCut),
    _defect("answer-timeout-true-is-one", "an answer_timeout of true is taken for 1", _INVALID, TrueIsOne),
    _defect("answer-timeout-without-sign", "an answer_timeout of -180 is taken for 180", _INVALID, SignIsDropped),
    _defect(
        "answer-timeout-unreadable-is-default",
        "an answer_timeout that is no number is taken for none",
        _INVALID,
        UnreadableIsDefault,
    ),
    _defect("answer-timeout-in-ms", "answer_timeout is counted in milliseconds", _BOUND, Milliseconds, _UNTRUE),
    _defect("answer-timeout-in-minutes", "answer_timeout is counted in minutes", _BOUND, Minutes, _LATE),
    _defect("answer-timeout-ignored", "every user is rung for 180 seconds", _BOUND, AlwaysDefault, _LATE),
    _defect("answer-timeout-per-terminal", "each terminal adds its own answer_timeout", _BOUND, PerTerminal, _LATE),
    _defect("answer-timeout-twice", "a user who does not answer is rung once more", _BOUND, RingsTwice, _LATE),
    _defect("answer-timeout-in-ring-cycles", "ringing ends after whole cycles only", _BOUND, WholeRingCycles, _LATE),
    _defect(
        "answer-timeout-sticks-to-user",
        "a user is rung for as long as the first call to that user said",
        "state/nothing-sticks",
        SticksToUser,
        ("callback/never-answers", "a short hunt after a long one ends too late"),
        ("timing/answer-timeout", "and so does not keep its time"),
    ),
    _defect(
        "answer-timeout-lost-with-object",
        "answer_timeout is forgotten where the destination is an object",
        _BOUND,
        LostWithObject,
        _LATE,
    ),
    _defect(
        "answer-timeout-lost-with-name",
        "answer_timeout is forgotten where the user is not named by id",
        _BOUND,
        LostWithName,
        _LATE,
    ),
)
