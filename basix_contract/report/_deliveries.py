"""A plan of callbacks before it is played, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from types import MappingProxyType

from basix_contract.report._excerpts import printable
from basix_contract.suite import DeliveryPreview, PlannedDelivery

_ANSWERS: Mapping[str, str] = MappingProxyType(
    {
        "2xx": "2xx",
        "4xx": "4xx",
        "no-5xx": "no 5xx",
        "cut-or-no-5xx": "no 5xx, or none",
        "any": "any",
    }
)


def deliveries_json(plan: DeliveryPreview) -> bytes:
    """Return a plan of callbacks as JSON: the totals, then every delivery in its order."""
    members = {
        "target": plan.target,
        "requests": len(plan.deliveries),
        "calls": plan.calls,
        "bytes": sum(delivery.body_bytes for delivery in plan.deliveries),
        "steps": [asdict(delivery) for delivery in plan.deliveries],
    }
    return (json.dumps(members, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "backslashreplace")


def deliveries_text(plan: DeliveryPreview) -> str:
    """Return a plan of callbacks as text: every delivery in its order, the answers allowed, the totals."""
    lines = [f"Nothing has been sent. This is what would be, to {printable(plan.target)}:", *_steps(plan)]
    whole = sum(delivery.body_bytes for delivery in plan.deliveries)
    lines += ["", f"{len(plan.deliveries)} requests about {plan.calls} calls, {_size(whole)} in all", ""]
    return "\n".join(lines)


def _steps(plan: DeliveryPreview) -> Iterator[str]:
    scenario = ""
    for number, delivery in enumerate(plan.deliveries, 1):
        if delivery.scenario != scenario:
            scenario = delivery.scenario
            yield from ("", scenario)
        facts = f"{number:>5}  {delivery.method:<6}  {_allowed(delivery):<16}"
        yield f"{facts}  {printable(delivery.title)}{_oddity(delivery)}"


def _allowed(delivery: PlannedDelivery) -> str:
    words = dict.fromkeys(_ANSWERS[word] for word in delivery.allowed.values())
    return ", ".join(words) or "no answer"


def _oddity(delivery: PlannedDelivery) -> str:
    slow = f", over {delivery.lasts_s:g} s" if delivery.lasts_s else ""
    return f" ({_size(delivery.body_bytes)}{slow})" if slow or delivery.body_bytes >= 10_000 else ""  # noqa: PLR2004 - worth telling


def _size(number: int) -> str:
    for unit in ("bytes", "kB", "MB"):
        if number < 10_000 or unit == "MB":  # noqa: PLR2004 - four digits at most
            return f"{number} {unit}"
        number //= 1000
    return ""
