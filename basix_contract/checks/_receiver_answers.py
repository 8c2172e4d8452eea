"""How a receiver answers: one rule for every callback whose one peculiarity a check is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from basix_contract.checks._finding import Finding, ambiguous, broken, held, observed, untestable, worst

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from basix_contract.checks._receiver_history import Allowed, Delivery, ReceiverHistory

_IN_TIME_S = 2.0
_NOT_FOUND = 404
_KNOWN_ONLY = "; a receiver that takes known calls only is told of them with --url-command"


def check_answers(history: ReceiverHistory, check_id: str) -> Finding:
    """Judge the answer to every delivery made for this check."""
    findings = [
        judge(delivery, delivery.expects[check_id])
        for delivery in history.judged_by(check_id)
        if not _is_explained(history, delivery, check_id)
    ]
    return worst(findings, nothing="nothing was delivered for this")


def judge(delivery: Delivery, allowed: Allowed) -> Finding:
    """Judge one delivery by the answers that are allowed to it."""
    if delivery.withheld:
        return untestable(f"{delivery.title}: not sent, {delivery.withheld}", delivery.id)
    if delivery.sent_at_s is None:
        return untestable("not played", delivery.id)
    if delivery.reply is None and not delivery.silence:
        return ambiguous(f"{delivery.title}: sent, and then the run was cut short", delivery.id)
    return _judge_played(delivery, allowed)


def _judge_played(delivery: Delivery, allowed: Allowed) -> Finding:
    """Judge what came; a closed connection answers what need not be read to its end, running out of time never does."""
    said = f"{delivery.title}: {describe(delivery)}"
    if allowed == "any":
        return observed(said, delivery.id)
    if delivery.reply is not None:
        is_allowed = _ALLOWED[allowed](delivery.reply.status)
    else:
        is_allowed = allowed == "cut-or-no-5xx" and not delivery.is_stalled
    return held(delivery.id) if is_allowed else broken(said, delivery.id)


def describe(delivery: Delivery) -> str:
    """Say in a few words what came of a delivery."""
    if delivery.reply is None:
        return f"no answer ({delivery.silence})" if delivery.silence else "no answer"
    status = delivery.reply.status
    return f"answered {status}{_KNOWN_ONLY if status == _NOT_FOUND and not delivery.follows else ''}"


def _is_explained(history: ReceiverHistory, delivery: Delivery, check_id: str) -> bool:
    """Tell whether a delivery that is unusual in several ways failed for one of them that fails alone too."""
    if len(delivery.features) < 2 or judge(delivery, delivery.expects[check_id]).status != "broken":  # noqa: PLR2004 - several of them
        return False
    return any(
        judge(other, other.expects[feature]).status == "broken"
        for feature in delivery.features
        for other in history.judged_by(feature)
        if other.features in ((), (feature,))
    )


def check_in_time(history: ReceiverHistory) -> Finding:
    """Every plain callback was answered within the bound, our own lag allowed for."""
    findings = [
        broken(f"{delivery.title}: answered after {took_s:.1f} s", delivery.id)
        if (took_s := _took_s(delivery)) > _IN_TIME_S + history.lag_s
        else held(delivery.id)
        for delivery in history.deliveries
        if delivery.is_timed and delivery.was_taken
    ]
    return worst(findings, nothing="no callback was taken")


def _took_s(delivery: Delivery) -> float:
    if delivery.reply is None or delivery.sent_at_s is None:
        return 0.0
    return delivery.reply.at_s - delivery.sent_at_s


def check_survival(history: ReceiverHistory, check_id: str) -> Finding:
    """Judge the good callback after everything that could have broken the receiver."""
    findings = [_judge_survival(history, delivery) for delivery in history.judged_by(check_id)]
    return worst(findings, nothing="nothing odd was delivered")


def _judge_survival(history: ReceiverHistory, delivery: Delivery) -> Finding:
    found = judge(delivery, "2xx")
    before = history.by_id(delivery.follows)
    if found.status != "broken" or before is None:
        return found
    return broken(f"after {before.title}: the next callback got {describe(delivery)}", before.id, delivery.id)


_ALLOWED: Mapping[Allowed, Callable[[int], bool]] = {
    "2xx": lambda status: status in range(200, 300),
    "4xx": lambda status: status in range(400, 500),
    "no-5xx": lambda status: status not in range(500, 600),
    "cut-or-no-5xx": lambda status: status not in range(500, 600),
}
