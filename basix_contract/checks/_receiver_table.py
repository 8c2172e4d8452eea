"""Every check of the receiver role by its id."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from basix_contract.checks._receiver_answers import check_answers, check_in_time, check_survival
from basix_contract.checks._receiver_beliefs import check_belief

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from basix_contract.checks._finding import Finding
    from basix_contract.checks._receiver_history import ReceiverHistory

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

RECEIVER_CHECKS: Mapping[str, Callable[[ReceiverHistory], Finding]] = {
    **{check: partial(check_answers, check_id=check) for check in _ANSWERS},
    **{check: partial(check_survival, check_id=check) for check in _SURVIVALS},
    **{check: partial(check_belief, check_id=check) for check in _BELIEFS},
    "acknowledge/in-time": check_in_time,
}
