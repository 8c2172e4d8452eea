"""`--plan` of the receiver role: what would be delivered, step by step. Nothing is started, nothing sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from basix_contract.contract import load_ledger
from basix_contract.suite.deliver import plan_receiver

if TYPE_CHECKING:
    from collections.abc import Mapping

    from basix_contract.checks import Allowed
    from basix_contract.suite.deliver import ReceiverOptions

_NO_NONCE = "c0000000000"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDelivery:
    """One delivery of a plan; `lasts_s` is how long its sender takes, `is_cut` that it hangs up on the way."""

    id: str
    scenario: str
    title: str
    method: str
    body_bytes: int
    lasts_s: float
    is_cut: bool
    allowed: Mapping[str, Allowed]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPreview:
    """A whole plan: what would be delivered to `target`, and for how many calls."""

    target: str
    calls: int
    deliveries: tuple[PlannedDelivery, ...]


def preview_receiver(options: ReceiverOptions) -> DeliveryPreview:
    """Return what a run with these options would deliver; no receiver need be named, and none is looked for.

    Raises UsageError for a row that does not exist.
    """
    for row in options.only:
        load_ledger().by_id(row)
    plan = plan_receiver(options, _NO_NONCE)
    return DeliveryPreview(
        target=options.url or "the URLs that --url-command gives",
        calls=sum(len(scenario.calls) for scenario in plan),
        deliveries=tuple(
            PlannedDelivery(
                id=step.id,
                scenario=scenario.id,
                title=step.title,
                method=step.method,
                body_bytes=len(step.body),
                lasts_s=step.pace.over_s if step.pace else 0.0,
                is_cut=step.hang_up is not None,
                allowed=dict(step.expects),
            )
            for scenario in plan
            for step in scenario.steps
        ),
    )
