"""What happened in a run against a callback receiver: the only thing a receiver's check may look at.

Times are seconds since the run began, on one monotonic clock. Nothing here knows a socket or an observer's command.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from basix_contract.checks._history import Reply

_SUCCESSFUL = range(200, 300)

Allowed = Literal["2xx", "4xx", "no-5xx", "cut-or-no-5xx", "any"]
"""The answers that keep a requirement; `cut-or-no-5xx` takes a closed connection for an answer."""

Held = Literal["answered", "not-answered", "either", "not-held-for-answered"]
"""What an application must hold a call for in the end; `either`: one of both, and not both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One callback, or what passes for one, and what came of it.

    `expects` has, for each check that judges it, the answers allowed. `features` are the checks of all that is
    unusual about it: where it has more than one, what is wrong with one alone explains it. `follows` is the
    delivery after which this one shows that the receiver has survived. `silence` says why no answer came to what
    was sent (`is_stalled`: the time was up), `withheld` why it was not sent.
    """

    id: str
    scenario: str
    title: str
    call: str
    expects: Mapping[str, Allowed]
    features: tuple[str, ...] = ()
    follows: str = ""
    is_timed: bool = False
    sent_at_s: float | None = None
    reply: Reply | None = None
    silence: str = ""
    is_stalled: bool = False
    withheld: str = ""

    @property
    def was_taken(self) -> bool:
        """True when the answer is a 2xx."""
        return self.reply is not None and self.reply.status in _SUCCESSFUL


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome an application holds a call for; `uuid` is None where it keeps none."""

    outcome: str
    uuid: str | None = None


@dataclass(frozen=True, slots=True)
class Belief:
    """What the observer said of a call: every outcome held, or why it could not be read."""

    outcomes: tuple[Outcome, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTold:
    """One call whose result was told, and what the application held it for in the end.

    `held_for` has, for each check that judges it, what is right; `uuid` is the one its callback named, empty where
    it named none or where it is open which one stays. `can_be_told_apart`: the application has a URL of its own or a
    uuid to know it by. `belief` is None where nobody observed.
    """

    id: str
    scenario: str
    held_for: Mapping[str, Held]
    uuid: str = ""
    can_be_told_apart: bool = True
    belief: Belief | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiverHistory:
    """A whole run: every delivery, every call, and by how much our own process was late."""

    deliveries: tuple[Delivery, ...]
    calls: tuple[CallTold, ...] = ()
    lag_s: float = 0.0
    _by_id: dict[str, Delivery] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._by_id.update({delivery.id: delivery for delivery in self.deliveries})

    def by_id(self, delivery_id: str) -> Delivery | None:
        """Return one delivery; None when the run did not plan it."""
        return self._by_id.get(delivery_id)

    def judged_by(self, check_id: str) -> tuple[Delivery, ...]:
        """Return the deliveries whose answer this check judges."""
        return tuple(delivery for delivery in self.deliveries if check_id in delivery.expects)

    def of_call(self, call_id: str) -> tuple[Delivery, ...]:
        """Return what was delivered for one call, in the order it was planned."""
        return tuple(delivery for delivery in self.deliveries if delivery.call == call_id)
