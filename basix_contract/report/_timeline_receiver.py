"""The timelines of a receiver's run: what was delivered for each call, the answers, and what is held in the end."""

from __future__ import annotations

from collections.abc import Iterator

from basix_contract.checks import CallTold, Delivery
from basix_contract.report._excerpts import excerpt_of_bytes, printable, shorten
from basix_contract.report._journaled import Event, SentRequest, sent_in
from basix_contract.report._marks import Mark, Message, Timeline
from basix_contract.report._timeline_server import message_of
from basix_contract.suite import RunResult

_LABEL = 60


def receiver_timelines(result: RunResult, events: list[Event]) -> Iterator[Timeline]:
    """Yield the timeline of every call, and of every delivery that belongs to none."""
    sent = sent_in(events)
    observed = {event["call"]: event["t"] for event in events if event.get("event") == "observed"}
    calls = {call.id: call for call in result.history.calls}
    grouped: dict[str, list[Delivery]] = {}
    for delivery in result.history.deliveries:
        grouped.setdefault(delivery.call or delivery.id, []).append(delivery)
    for name, deliveries in grouped.items():
        started = [delivery.sent_at_s for delivery in deliveries if delivery.sent_at_s is not None]
        began_s = min(started) if started else None
        marks = [mark for delivery in deliveries for mark in _marks(delivery, sent.get(delivery.id), began_s or 0.0)]
        marks.extend(_belief(calls.get(name), observed.get(name), began_s or 0.0))
        yield Timeline(
            id=name,
            scenario=deliveries[0].scenario,
            title=printable("; ".join(dict.fromkeys(delivery.title for delivery in deliveries))),
            role="receiver",
            expects=_expected(deliveries),
            began_s=began_s,
            marks=tuple(sorted(marks, key=lambda mark: mark.at_s)),
        )


def _expected(deliveries: list[Delivery]) -> str:
    words = dict.fromkeys(word for delivery in deliveries for word in delivery.expects.values())
    return f"to be answered by {', '.join(words)}" if words else ""


def _marks(delivery: Delivery, sent: SentRequest | None, began_s: float) -> Iterator[Mark]:
    if delivery.sent_at_s is None or delivery.withheld:
        yield Mark(0.0, "withheld", f"not sent: {printable(delivery.withheld) or 'the run ended before'}")
        return
    at_s = delivery.sent_at_s - began_s
    told = excerpt_of_bytes(sent.body, _LABEL) if sent is not None else "callback"
    yield Mark(at_s, "callback", told, message_of(sent) if sent is not None else None)
    reply = delivery.reply
    if reply is None:
        yield Mark(
            at_s, "missing", f"no answer: {printable(delivery.silence) or 'the run was cut short'}", None, delivery.id
        )
        return
    message = Message(
        place=f"HTTP {reply.status}", headers=reply.headers, body=reply.body, whole_length=len(reply.body)
    )
    yield Mark(reply.at_s - began_s, "acknowledgement", str(reply.status), message, delivery.id)


def _belief(call: CallTold | None, at_s: float | None, began_s: float) -> Iterator[Mark]:
    if call is None or call.belief is None or at_s is None:
        return
    held = [f"{item.outcome}{f' {item.uuid[:8]}…' if item.uuid else ''}" for item in call.belief.outcomes]
    told = f"cannot be read: {call.belief.problem}" if call.belief.problem else f"holds {', '.join(held) or 'nothing'}"
    yield Mark(at_s - began_s, "belief", shorten(told, _LABEL))
