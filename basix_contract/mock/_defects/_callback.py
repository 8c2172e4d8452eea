"""Defects of the callback: whether it comes, when, where, and what it says."""

from __future__ import annotations

from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._call import Call, CallResult
from basix_contract.mock._defects._defect import Defect


class CallbackMissing(Behaviour):
    """The URL is read, and then nothing is ever sent to it."""

    def wants_callback(self, call: Call, result: CallResult) -> bool:
        """Tell nobody."""
        return False


DEFECTS: tuple[Defect, ...] = (
    Defect(
        id="callback-missing",
        family="callback",
        summary="no result is ever sent to callback_url",
        kills="callback/answered",
        also=(("callback/not-answered", "neither result is told"),),
        behaviour=CallbackMissing,
    ),
)
