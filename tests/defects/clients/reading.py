"""Steps that read a reply, or refuse to: what faults of an outcome are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.defects.clients.small import Reply, SmallClient

if TYPE_CHECKING:
    Call = dict[str, Any]
    Outcome = dict[str, Any]

UNKNOWN = {"outcome": "unknown", "detail": "the reply is not as it should be"}


def plain(client: SmallClient, call: Call, reply: Reply) -> Outcome:
    """Read a reply as the small client does."""
    return SmallClient.read(client, call, reply)


def reading(change: Any) -> Any:
    """Return the step that looks at a reply before it is read; what it returns, if anything, is the outcome."""
    return lambda client, call, reply: change(reply) or plain(client, call, reply)


def only(is_good: Any) -> Any:
    """Return the step that reads no replies but these."""
    return reading(lambda reply: None if is_good(reply) else UNKNOWN)
