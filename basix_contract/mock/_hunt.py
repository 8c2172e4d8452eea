"""A hunt: terminals ring until one answers, all have refused, or the time is up. Pure but for the playing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from basix_contract.mock._call import (
    ANSWERED,
    CALL_REJECTED,
    LOSE_RACE,
    NO_ANSWER,
    USER_BUSY,
    Call,
    LegEnd,
    TerminalPlan,
)
from basix_contract.mock._clock import Clock
from basix_contract.mock._state import PbxState

_REFUSALS = {"rejects": CALL_REJECTED, "busy": USER_BUSY}


@dataclass(frozen=True, slots=True)
class Hunt:
    """How a hunt goes: when and why each leg stops ringing, in order of time, and which one answered."""

    ends: tuple[LegEnd, ...]
    answered: int | None


def plan_hunt(plans: Sequence[TerminalPlan], limit_s: float) -> Hunt:
    """Return what comes of terminals with these plans, rung for at most `limit_s` seconds.

    The first to answer wins and the others stop at that moment; of two at the same moment, the first listed.
    """
    in_time = [(plan.after_s, leg, plan) for leg, plan in enumerate(plans) if plan.after_s < limit_s]
    winner = min(((at_s, leg) for at_s, leg, plan in in_time if plan.move == "answers"), default=None)
    end_s, leftover = (limit_s, NO_ANSWER) if winner is None else (winner[0], LOSE_RACE)
    refusals = {
        leg: LegEnd(at_s, leg, _REFUSALS[plan.move])
        for at_s, leg, plan in in_time
        if plan.move in _REFUSALS and at_s <= end_s
    }
    answered = None if winner is None else winner[1]
    ends = [refusals.get(leg, LegEnd(end_s, leg, leftover)) for leg in range(len(plans)) if leg != answered]
    if winner is not None:
        ends.append(LegEnd(end_s, winner[1], ANSWERED))
    return Hunt(tuple(sorted(ends, key=_moment)), answered)


async def play_hunt(hunt: Hunt, call: Call, clock: Clock, state: PbxState) -> None:
    """Let the hunt go its way in time; afterwards every leg has stopped ringing."""
    started_s = clock.now()
    for end in hunt.ends:
        await clock.sleep(started_s + end.at_s - clock.now())
        leg = call.legs[end.leg]
        leg.cause = end.cause
        leg.state = "answered" if end.cause == ANSWERED else "ended"
        state.log("leg", call, uuid=leg.uuid, terminal=leg.terminal, state=leg.state, cause=leg.cause)


def _moment(end: LegEnd) -> tuple[float, bool, int]:
    """Order by time; the answer comes before the ends it brings about."""
    return (end.at_s, end.cause != ANSWERED, end.leg)
