"""Every check of the receiver role by its id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from basix_contract.checks._receiver_answers import check_answers, check_in_time, check_survival
from basix_contract.checks._receiver_beliefs import check_belief

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from basix_contract.checks._finding import Finding
    from basix_contract.checks._receiver_history import ReceiverHistory

    Check = Callable[[ReceiverHistory], Finding]

_ANSWERS = (
    "acknowledge/answered",
    "acknowledge/not-answered",
    "acknowledge/unknown-error-id",
    "acknowledge/other-code",
    "acknowledge/extra-members",
    "acknowledge/json-spelling",
    "acknowledge/charset",
    "acknowledge/bare-post",
    "acknowledge/uuid-forms",
    "acknowledge/repeat",
    "acknowledge/before-reply",
    "acknowledge/together",
    "odd/unknown-call",
    "odd/contradiction",
    "odd/slow-sender",
    "odd/junk",
    "odd/junk-refused",
    "odd/huge-body",
    "odd/other-method",
    "odd/chunked",
)
_SURVIVALS = ("odd/hang-up", "odd/next-callback")
_BELIEFS = (
    "belief/answered",
    "belief/not-answered",
    "belief/repeat",
    "belief/before-reply",
    "belief/not-mixed-up",
    "belief/contradiction",
    "belief/junk",
    "belief/no-callback",
)


def _bound(check: Callable[[ReceiverHistory, str], Finding], id_: str) -> Check:
    """Return one rule as the check of this id."""
    return lambda history: check(history, id_)


RECEIVER_CHECKS: Mapping[str, Check] = {
    **{id_: _bound(check_answers, id_) for id_ in _ANSWERS},
    **{id_: _bound(check_survival, id_) for id_ in _SURVIVALS},
    **{id_: _bound(check_belief, id_) for id_ in _BELIEFS},
    "acknowledge/in-time": check_in_time,
}
