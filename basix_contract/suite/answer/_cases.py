"""What a client is played with, known in full before it is started: scenarios, their calls, and our replies."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from basix_contract.checks import Says

if TYPE_CHECKING:
    from collections.abc import Mapping

MOVED_URL = "{moved_url}"
"""Stands in a reply for a URL on our own host that is not the call's, until the address is known."""

ELSEWHERE_URL = "{elsewhere_url}"
"""Stands in a reply for a URL on another host."""

# keep: the connection stays open for the next request; hold: it stays open, and nothing more is said.
Ending = Literal["keep", "close", "reset", "hold"]
Order = Literal["together", "in-turn", "alone"]
ENDINGS: tuple[str, ...] = ("keep", "close", "reset", "hold")
ORDERS: tuple[str, ...] = ("together", "in-turn", "alone")
ALLOWED: tuple[str, ...] = ("success", "error", "failure", "any")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyScript:
    """One reply, to the byte: what is sent (bytes) and how long is waited in between (seconds), and how it ends.

    `zipped`, where it is not empty, is sent in place of `acts` to a client that asks for gzip.
    """

    label: str
    says: Says = field(default_factory=Says)
    acts: tuple[bytes | float, ...] = ()
    zipped: tuple[bytes | float, ...] = ()
    ending: Ending = "keep"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientCase:
    """One call a client is told to place. Its first request gets the first reply, any further one the next or last."""

    id: str
    scenario: str
    title: str
    serves: tuple[str, ...]
    params: Mapping[str, Any]
    domain: str
    token: str = field(repr=False)
    timeout_s: float
    replies: tuple[ReplyScript, ...]
    allows: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientScenario:
    """Calls that belong together: given at the same time, one after the other, or with nothing else in flight.

    One that `is_last` may leave a client worse than before, and is played once the others are over.
    """

    id: str
    order: Order
    is_last: bool = False
    cases: tuple[ClientCase, ...]
