"""The timelines of a client's run: the call it was given, its requests, our replies, and what it reported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from basix_contract.checks import ClientCall, ClientRequest
from basix_contract.report._excerpts import excerpt, printable, shorten
from basix_contract.report._journaled import Event, unpacked
from basix_contract.report._marks import Mark, Message, Timeline
from basix_contract.suite import RunResult

_LABEL = 60
_MOST_BYTES = 4096


def client_timelines(result: RunResult, events: list[Event]) -> Iterator[Timeline]:
    """Yield the timeline of every call in the order in which they were planned."""
    cases = {event["case"]: event for event in events if event.get("event") == "case"}
    requests = {event["request"]: event for event in events if event.get("event") == "request"}
    for call in result.history.calls:
        case = cases.get(call.id, {})
        began_s = call.given_at_s if call.given_at_s is not None else _first_at_s(call)
        yield Timeline(
            id=call.id,
            scenario=case.get("scenario", "recording"),
            title=printable(call.title),
            role="client",
            expects=f"to be reported as {' or '.join(call.allows)}" if call.allows else "",
            began_s=began_s,
            marks=tuple(_marks(call, began_s or 0.0, case, requests)),
        )


def _first_at_s(call: ClientCall) -> float | None:
    return call.first.at_s if call.first is not None else None


def _marks(call: ClientCall, began_s: float, case: Mapping[str, Any], requests: Mapping[str, Event]) -> Iterator[Mark]:
    if call.given_at_s is not None and call.params is not None:
        yield Mark(0.0, "given", f"given {excerpt(call.params, _LABEL)}")
    for request in call.requests:
        event = requests.get(request.id, {})
        yield _request(request, event, began_s)
        yield _reply(request, event, case, began_s)
    if call.reported is not None:
        told = call.reported.error_id or call.reported.detail
        said = f"reports {call.reported.outcome}{f' · {told}' if told else ''}"
        yield Mark(call.reported.at_s - began_s, "reported", shorten(said, _LABEL))
    elif call.lack:
        last_s = max((request.at_s for request in call.requests), default=began_s)
        yield Mark(last_s - began_s, "withheld", shorten(call.lack, _LABEL))


def _request(request: ClientRequest, event: Event, began_s: float) -> Mark:
    body = unpacked(event.get("body", {}))
    message = Message(
        method=request.method,
        place=request.target,
        headers=request.headers,
        body=body,
        whole_length=event.get("cut_from", len(body)),
    )
    where = "" if request.place == "call" else f" ({request.place})"
    path = request.target.partition("?")[0].rpartition("/")[2]
    return Mark(request.at_s - began_s, "request", f"{request.method} {printable(path)}{where}", message, request.id)


def _reply(request: ClientRequest, event: Event, case: Mapping[str, Any], began_s: float) -> Mark:
    declared = _declared(event, case)
    if request.says is None or request.answered_at_s is None:
        return Mark(
            request.at_s - began_s, "silence", f"our reply did not reach it{declared.place and ': '}{declared.place}"
        )
    at_s = request.answered_at_s - began_s
    return Mark(at_s, "reply", shorten(f"{declared.place} · {_said(request)}", _LABEL), declared)


def _said(request: ClientRequest) -> str:
    says = request.says
    if says is None or not says.is_envelope:
        return "no envelope"
    return f"0 · {len(says.uuids)} uuids" if says.result_code == 0 else f"{says.result_code} · {says.error_id}"


def _declared(event: Event, case: Mapping[str, Any]) -> Message:
    """Return our reply to a request as it was planned."""
    replies, place = case.get("replies", ()), event.get("reply")
    if not isinstance(place, int) or place >= len(replies):
        return Message(place="reply")
    told = replies[place]
    raw = b"".join(unpacked(act) for act in told.get("acts", ()) if isinstance(act, dict))
    return Message(place=str(told.get("label", "reply")), body=raw[:_MOST_BYTES], whole_length=len(raw))
