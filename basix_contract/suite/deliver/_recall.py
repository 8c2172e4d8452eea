"""From a receiver run's journal back to a history: the live run and `verify` both go through here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, get_args

from basix_contract.checks import Allowed, Belief, CallTold, Delivery, Outcome, ReceiverHistory, Reply
from basix_contract.suite._journal import unpack
from basix_contract.suite._reading import read_events, read_run
from basix_contract.validation import parse_json, validate_callback_body

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from basix_contract.suite._journal import Event


_ALLOWED = frozenset(get_args(Allowed))


@dataclass(slots=True)
class ReceiverRecall:
    """What a journal tells: the history to judge, and the facts about the run itself."""

    run: Event = field(default_factory=dict)
    last_at_s: float = 0.0
    ending: str = "cut short"
    lag_s: float = 0.0
    requests_sent: int = 0
    ended_scenarios: set[str] = field(default_factory=set)
    planned_scenarios: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    deliveries: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: dict[str, dict[str, Any]] = field(default_factory=dict)

    def history(self) -> ReceiverHistory:
        """Return the run as the receiver's checks see it."""
        return ReceiverHistory(
            deliveries=tuple(Delivery(**members) for members in self.deliveries.values()),
            calls=tuple(CallTold(**members) for members in self.calls.values()),
            lag_s=self.lag_s,
        )


def recall_receiver(events: Iterable[Event]) -> ReceiverRecall:
    """Read events in order; kinds this version does not know are passed over.

    Raises UsageError where an event lacks what its kind must have.
    """
    return read_events(ReceiverRecall(), events, _READERS)


def _read_scenario(told: ReceiverRecall, event: Event) -> None:
    told.planned_scenarios.append(event["scenario"])


def _read_call(told: ReceiverRecall, event: Event) -> None:
    told.calls[event["call"]] = {
        "id": event["call"],
        "scenario": event["scenario"],
        "held_for": dict(event["held_for"]),
        "uuid": event["uuid"],
        "can_be_told_apart": event["can_be_told_apart"],
    }


def _read_planned(told: ReceiverRecall, event: Event) -> None:
    if not set(event["expects"].values()) <= _ALLOWED:
        raise ValueError
    told.deliveries[event["exchange"]] = {
        "id": event["exchange"],
        "scenario": event["scenario"],
        "title": event["title"],
        "call": event["call"],
        "expects": dict(event["expects"]),
        "features": tuple(event["features"]),
        "follows": event["follows"],
        "is_timed": event["is_timed"],
    }


def _read_about_to_send(told: ReceiverRecall, event: Event) -> None:
    delivery = told.deliveries[event["exchange"]]
    delivery["sent_at_s"] = event["t"]
    told.requests_sent += 1
    told.faults.extend(_own_breaches(delivery, event))


def _own_breaches(delivery: dict[str, Any], event: Event) -> Iterator[str]:
    """Hold our own traffic to the contract: what must be taken must be a callback."""
    if "2xx" not in delivery["expects"].values() or "cut_from" in event["request"]:
        return
    parsed = parse_json(unpack(event["request"]["body"]))
    found = validate_callback_body(parsed.value) if not parsed.problem else ()
    said = parsed.problem or next((violation.text for violation in found), "")
    if said:
        yield f"our own callback {delivery['id']} breaks the contract: {said}"


def _read_reply(told: ReceiverRecall, event: Event) -> None:
    told.deliveries[event["exchange"]]["reply"] = Reply(
        status=event["status"],
        headers=tuple((name, value) for name, value in event["headers"]),
        body=unpack(event["body"]),
        at_s=event["t"],
    )


def _read_silence(told: ReceiverRecall, event: Event) -> None:
    told.deliveries[event["exchange"]].update(silence=event["reason"], is_stalled=event["is_stall"])


def _read_withheld(told: ReceiverRecall, event: Event) -> None:
    told.deliveries[event["exchange"]]["withheld"] = event["reason"]


def _read_observed(told: ReceiverRecall, event: Event) -> None:
    outcomes = tuple(Outcome(**outcome) for outcome in event["outcomes"])
    told.calls[event["call"]]["belief"] = Belief(outcomes, event["problem"])


def _read_scenario_end(told: ReceiverRecall, event: Event) -> None:
    told.ended_scenarios.add(event["scenario"])


def _read_fault(told: ReceiverRecall, event: Event) -> None:
    told.faults.append(event["reason"])


def _read_end(told: ReceiverRecall, event: Event) -> None:
    told.ending = event["reason"]
    told.lag_s = event["lag_s"]


_READERS: dict[str, Callable[[ReceiverRecall, Event], None]] = {
    "run": read_run,
    "scenario": _read_scenario,
    "call": _read_call,
    "planned": _read_planned,
    "about-to-send": _read_about_to_send,
    "reply": _read_reply,
    "silence": _read_silence,
    "withheld": _read_withheld,
    "observed": _read_observed,
    "scenario-end": _read_scenario_end,
    "harness-error": _read_fault,
    "end": _read_end,
}
