"""What a run came to before any requirement is looked at: was anything reached, and did anything succeed?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from basix_contract.checks import History


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What every role can say of a run.

    `unreachable` says why nothing could be scored, and is empty where something was; `has_success`: some call
    went well, without which nothing is proven; `is_refused`: nothing did, for the credentials were refused. `shrunk`
    has the smallest body that still failed, by the exchange it was made from.
    """

    calls_placed: int
    was_played: bool
    has_success: bool
    is_refused: bool = False
    unreachable: str = ""
    shrunk: Mapping[str, bytes] = field(default_factory=dict)


def server_standing(history: History, told: Any) -> Standing:
    """Sum up a run of the server role."""
    is_refused = _were_credentials_refused(history, told.ending)
    return Standing(
        calls_placed=sum(exchange.was_accepted for exchange in history.exchanges),
        was_played=any(exchange.sent_at_s is not None for exchange in history.exchanges),
        has_success=any(exchange.was_accepted for exchange in history.exchanges),
        is_refused=is_refused,
        unreachable=_unreachable(history, told.ending, is_refused=is_refused),
        shrunk=told.shrunk,
    )


def _unreachable(history: History, ending: str, *, is_refused: bool) -> str:
    sent = [exchange for exchange in history.exchanges if exchange.sent_at_s is not None]
    if ending == "unreachable" or (sent and all(exchange.reply is None for exchange in sent)):
        silence = next((exchange.silence for exchange in sent if exchange.silence), "no reply at all")
        return f"the target is unreachable: {silence}"
    return "the credentials were refused, nothing could be scored" if is_refused else ""


def _were_credentials_refused(history: History, ending: str) -> bool:
    """Tell whether every request with the right credentials was turned away for its credentials."""
    if ending == "credentials refused":
        return True
    replies = [
        exchange.reply
        for exchange in history.exchanges
        if exchange.reply is not None and exchange.intent.expect == "accept"
    ]
    return bool(replies) and all(
        reply.status in (401, 403) or reply.error_id == "authentication_required" for reply in replies
    )
