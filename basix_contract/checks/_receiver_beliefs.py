"""What the application behind a receiver holds its calls for: one call, one outcome, and the right one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from basix_contract.checks._finding import Finding, broken, held, untestable, worst

if TYPE_CHECKING:
    from collections.abc import Mapping

    from basix_contract.checks._receiver_history import CallTold, Held, Outcome, ReceiverHistory

_NO_OBSERVER = "nobody told what the application believes: give --observer-command or --observer-url"
_ONE_URL = "all calls have one URL, so nobody can tell them apart: put {case} into --url, or give --url-command"
_OUTCOMES: Mapping[Held, tuple[str, ...]] = {
    "answered": ("answered",),
    "not-answered": ("not-answered",),
    "either": ("answered", "not-answered"),
}


def check_belief(history: ReceiverHistory, check_id: str) -> Finding:
    """Judge what every call played for this check was held for in the end."""
    findings = [_judge(history, call, call.held_for[check_id]) for call in history.calls if check_id in call.held_for]
    return worst(findings, nothing="no call was played for this")


def _judge(history: ReceiverHistory, call: CallTold, right: Held) -> Finding:
    deliveries = history.of_call(call.id)
    evidence = tuple(delivery.id for delivery in deliveries) or (call.id,)
    if not call.can_be_told_apart:
        return untestable(_ONE_URL)
    if call.belief is None:
        return untestable(_NO_OBSERVER)
    if call.belief.problem:
        return untestable(f"the observer cannot be understood: {call.belief.problem}", *evidence)
    if right == "not-held-for-answered":
        return _judge_untold(call, evidence)
    if deliveries and not deliveries[0].was_taken:
        return untestable(f"{deliveries[0].title}: its callback was not taken", *evidence)
    title = deliveries[-1].title if deliveries else call.id
    fault = _fault(call, right)
    return broken(f"{title}: the application {fault}", *evidence) if fault else held(*evidence)


def _judge_untold(call: CallTold, evidence: tuple[str, ...]) -> Finding:
    said = call.belief.outcomes if call.belief else ()
    if any(outcome.outcome == "answered" for outcome in said):
        return broken("a call whose callback never came is held for answered", *evidence)
    return held(*evidence)


def _fault(call: CallTold, right: Held) -> str:
    """Say what is wrong with what a call is held for; empty when it is right."""
    outcomes = call.belief.outcomes if call.belief else ()
    if len(outcomes) > 1:
        return f"holds {len(outcomes)} outcomes of one call: {', '.join(outcome.outcome for outcome in outcomes)}"
    faults = (_wrong(call, outcome, right) for outcome in outcomes)
    return next(faults, "knows no outcome of the call")


def _wrong(call: CallTold, outcome: Outcome, right: Held) -> str:
    if outcome.outcome not in _OUTCOMES[right]:
        return f"holds the call for {outcome.outcome}, told was {right}"
    if call.uuid and outcome.uuid is not None and outcome.uuid.lower() != call.uuid.lower():
        return f"keeps the uuid {outcome.uuid}, told was {call.uuid}"
    return ""
