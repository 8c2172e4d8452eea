"""What a run against a receiver came to before any requirement is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from basix_contract.suite._standing import Standing

if TYPE_CHECKING:
    from basix_contract.checks import ReceiverHistory


def receiver_standing(history: ReceiverHistory, told: Any) -> Standing:
    """Sum up a run of the receiver role; it places no calls.

    A receiver that takes connections and answers nothing is reached, and fails.
    """
    sent = [delivery for delivery in history.deliveries if delivery.sent_at_s is not None]
    silence = next((delivery.silence for delivery in sent if delivery.silence), "no answer at all")
    return Standing(
        calls_placed=0,
        was_played=bool(sent),
        has_success=any(delivery.was_taken for delivery in sent),
        unreachable=f"the receiver is unreachable: {silence}" if told.ending == "unreachable" else "",
    )
