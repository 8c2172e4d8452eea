"""How the user is rung: channels, uuids, what each terminal does, and what comes of it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from basix_contract.mock._behaviour._rules import Rules
from basix_contract.mock._call import (
    CALL_REJECTED,
    USER_BUSY,
    Call,
    CallRequest,
    CallResult,
    Leg,
    LegEnd,
    TerminalMove,
    TerminalPlan,
)
from basix_contract.mock._exchange import Refusal
from basix_contract.profile import User

# No telephone rings longer; and a timer takes no number of any size.
_MAX_RINGING_S = 86_400.0
# How many telephones ring for a user whose entry does not say.
_USUAL_TERMINALS = 2
_MOVES: dict[str, TerminalMove] = {"rejects": "rejects", "busy": "busy", "never-answers": "rings"}


class HuntRules(Rules):
    """Decisions about the originating leg (A39, A41, A49–A52, A56, A57)."""

    def check_limits(self, request: CallRequest) -> Refusal | None:
        """Refuse a call for which no channel is free; nobody is rung then, and nothing is told later."""
        if self.is_limited(request.user) or not self.has_free_channels(request.user):
            return Refusal("channel_limit_reached", "no channel is free")
        if not self.terminals_of(request.user) and self.settings.unreachable_user == "error":
            return Refusal("user_unavailable", "the user has no terminal to ring")
        return None

    def is_limited(self, user: User) -> bool:
        """Whether this user is always at the limit."""
        return user.outcome == "limited"

    def has_free_channels(self, user: User) -> bool:
        """Whether the domain has a channel left for each terminal of this user."""
        limit = self.directory.channel_limit
        return limit is None or self.state.channels_in_use + self.terminals_of(user) <= limit

    def terminals_of(self, user: User) -> int:
        """Return how many telephones ring for this user."""
        return _USUAL_TERMINALS if user.terminals is None else user.terminals

    def build_legs(self, request: CallRequest) -> list[Leg]:
        """Return one leg for each terminal; a user without any gets one, which fails."""
        uuids = self.new_uuids(max(1, self.terminals_of(request.user)))
        return [
            Leg(
                uuid=uuid_text,
                terminal=number,
                display=self.display_for(request),
                auto_answers=self.sends_auto_answer(request),
            )
            for number, uuid_text in enumerate(uuids, start=1)
        ]

    def new_uuids(self, count: int) -> tuple[str, ...]:
        """Return this many uuids, none of which has been used before."""
        return tuple(self.new_uuid() for _ in range(count))

    def new_uuid(self) -> str:
        """Return a uuid drawn by the mock's seed."""
        text = str(uuid.UUID(int=self.random.getrandbits(128), version=self.settings.uuid_version))
        return text.upper() if self.settings.uuid_case == "upper" else text

    def display_for(self, request: CallRequest) -> str:
        """Return what the ringing terminals show: the calling name, or else the destination (F25)."""
        return request.calling_name or request.destination.value

    def sends_auto_answer(self, request: CallRequest) -> bool:
        """Whether the terminals are told to pick up by themselves."""
        return request.auto_answer and request.user.auto_answer

    def shown_uuids(self, legs: Sequence[Leg]) -> tuple[str, ...]:
        """Return the uuids as the reply lists them: all, each once, in the order that is set."""
        uuids = tuple(leg.uuid for leg in legs)
        orders: dict[str, tuple[str, ...]] = {
            "reversed": uuids[::-1],
            "sorted": tuple(sorted(uuids)),
        }
        return orders.get(self.settings.uuid_order, uuids)

    def ring_limit_s(self, call: Call) -> float:
        """Return for how long the terminals ring at most."""
        return float(min(call.request.answer_timeout_s, _MAX_RINGING_S))

    def terminal_plans(self, call: Call) -> tuple[TerminalPlan, ...]:
        """Return what each terminal is going to do: one of them answers, or all do the same."""
        user = call.request.user
        if not self.terminals_of(user):
            return ()
        if user.outcome in _MOVES:
            return (TerminalPlan(_MOVES[user.outcome], user.outcome_after_s),) * len(call.legs)
        plans = [TerminalPlan("rings")] * len(call.legs)
        plans[self.answering_terminal(call)] = TerminalPlan("answers", user.outcome_after_s)
        return tuple(plans)

    def answering_terminal(self, call: Call) -> int:
        """Return the index of the leg that picks up."""
        return self.random.randrange(len(call.legs))

    def result_of(self, call: Call, answered: int | None, ends: Sequence[LegEnd]) -> CallResult:
        """Return how the attempt ended, given the leg that answered, if any, and why each leg stopped."""
        if answered is not None:
            return CallResult(uuid=call.legs[answered].uuid)
        return CallResult(error_id=self.failure_id(ends))

    def failure_id(self, ends: Sequence[LegEnd]) -> str:
        """Return the error id of an attempt nobody answered; invented here, but for its manner (A49)."""
        causes = {end.cause for end in ends}
        if not causes:
            return "user_unavailable"
        if causes == {USER_BUSY}:
            return "busy"
        return "rejected" if CALL_REJECTED in causes else "no_answer"

    def second_leg_s(self, call: Call) -> float:
        """Return how long the destination takes to answer or to fail."""
        return self.settings.second_leg_s

    def second_leg_outcome(self, call: Call) -> str:
        """Return what becomes of the destination; the result of the call never depends on it (A39)."""
        return call.request.destination.outcome

    def talk_s(self, call: Call) -> float:
        """Return how long an answered call lasts."""
        return self.settings.talk_s
