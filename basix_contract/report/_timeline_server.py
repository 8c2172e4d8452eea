"""The timelines of a server's run: request, reply, what was declared of the hunt, callbacks and their answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from basix_contract.checks import CallbackSeen, Exchange
from basix_contract.report._excerpts import excerpt, printable, shorten
from basix_contract.report._journaled import Event, SentRequest, sent_in, unpacked
from basix_contract.report._marks import Band, Mark, Message, Timeline
from basix_contract.suite import RunResult

_LABEL = 60
_EXPECTED: Mapping[str, str] = MappingProxyType(
    {
        "accept": "to be accepted",
        "refuse": "to be refused",
        "envelope": "to be answered by the envelope, whatever it says",
        "answer": "to be answered, and to start no call",
        "open": "nothing: the document leaves it open",
    }
)
_HUNTS: Mapping[str, str] = MappingProxyType({"answered": "rings, then answered", "not-answered": "rings, no answer"})


@dataclass(frozen=True, slots=True)
class _Journaled:
    """What stands in the journal and not in the history."""

    sent: Mapping[str, SentRequest]
    bodies: Mapping[str, bytes]
    answers: Mapping[str, Sequence[int]]
    reply_timeout_s: float | None

    def answer(self, exchange: str, place: int) -> int:
        """Return the status with which a callback of an exchange was answered; `place` counts from 0."""
        answers = self.answers.get(exchange) or (200,)
        return answers[min(place, len(answers) - 1)]


def server_timelines(result: RunResult, events: list[Event]) -> Iterator[Timeline]:
    """Yield the timeline of every exchange in the order in which they were planned."""
    journaled = _read(events)
    for exchange in result.history.exchanges:
        due_s = result.history.deadline_s(exchange) if exchange.was_accepted else None
        yield Timeline(
            id=exchange.id,
            scenario=exchange.scenario,
            title=printable(exchange.title),
            role="server",
            expects=_EXPECTED[exchange.intent.expect],
            began_s=exchange.sent_at_s,
            marks=_marks(exchange, journaled, due_s),
            bands=tuple(_bands(exchange, due_s, journaled.reply_timeout_s)),
        )


def _read(events: list[Event]) -> _Journaled:
    kinds: dict[str, list[Event]] = {}
    for event in events:
        kinds.setdefault(event.get("event", ""), []).append(event)
    return _Journaled(
        sent=sent_in(kinds.get("about-to-send", ())),
        bodies={event["callback"]: unpacked(event["body"]) for event in kinds.get("callback", ())},
        answers={event["exchange"]: event["wire"]["callback_answers"] for event in kinds.get("planned", ())},
        reply_timeout_s=next((event.get("reply_timeout_s") for event in kinds.get("run", ())), None),
    )


def _marks(exchange: Exchange, journaled: _Journaled, due_s: float | None) -> tuple[Mark, ...]:
    if exchange.withheld:
        return (Mark(0.0, "withheld", f"not sent: {printable(exchange.withheld)}"),)
    if exchange.sent_at_s is None:
        return (Mark(0.0, "withheld", "not sent: the run ended before"),)
    began_s = exchange.sent_at_s
    marks = [_request(journaled.sent.get(exchange.id)), _reply(exchange, began_s)]
    for place, callback in enumerate(exchange.callbacks):
        at_s = callback.at_s - began_s
        marks.append(_callback(callback, at_s, journaled.bodies.get(callback.id, b"")))
        marks.append(Mark(at_s, "acknowledgement", str(journaled.answer(exchange.id, place))))
    if due_s is not None and exchange.intent.asks_callback and not exchange.callbacks:
        marks.append(Mark(due_s - began_s, "missing", "no callback came"))
    return tuple(sorted(marks, key=lambda mark: mark.at_s))


def _request(sent: SentRequest | None) -> Mark:
    if sent is None:
        return Mark(0.0, "request", "request")
    return Mark(0.0, "request", f"{sent.method} {urlsplit(sent.url).path.rpartition('/')[2]}", message_of(sent))


def message_of(sent: SentRequest) -> Message:
    """Return a request of ours as a message."""
    return Message(
        method=sent.method,
        place=sent.url,
        headers=sent.headers,
        body=sent.body,
        whole_length=sent.whole_length,
        is_ours=True,
    )


def _reply(exchange: Exchange, began_s: float) -> Mark:
    reply = exchange.reply
    if reply is None:
        return Mark(0.0, "silence", f"no reply: {printable(exchange.silence) or 'the run was cut short'}")
    message = Message(
        place=f"HTTP {reply.status}", headers=reply.headers, body=reply.body, whole_length=len(reply.body)
    )
    told = "not JSON" if reply.problem else said_by(reply.envelope, reply.uuids)
    return Mark(reply.at_s - began_s, "reply", f"{reply.status} · {told}", message)


def said_by(envelope: Mapping[str, Any] | None, uuids: tuple[str, ...] = ()) -> str:
    """Return what an envelope says, in a few words."""
    if envelope is None:
        return "no JSON object"
    code = envelope.get("result_code")
    if type(code) is int and code == 0:
        return f"0 · {len(uuids)} uuid{'s' if len(uuids) != 1 else ''}"
    error = envelope.get("error")
    name = error.get("id") if isinstance(error, dict) else None
    return shorten(f"{excerpt(code, _LABEL)} · {name if isinstance(name, str) else 'no error id'}", _LABEL)


def _callback(callback: CallbackSeen, at_s: float, body: bytes) -> Mark:
    message = Message(
        method=callback.method,
        place=callback.target,
        headers=callback.headers,
        body=body,
        whole_length=len(body),
    )
    told = "not JSON" if callback.problem else _result(callback)
    method = "" if callback.method == "POST" else f"{callback.method} "
    return Mark(at_s, "callback", method + told, message, callback.id)


def _result(callback: CallbackSeen) -> str:
    if callback.result_code == 0:
        return f"0 · uuid {callback.uuid[:8]}…" if callback.uuid else "0 · no uuid"
    return said_by(callback.envelope)


def _bands(exchange: Exchange, due_s: float | None, timeout_s: float | None) -> Iterator[Band]:
    if exchange.sent_at_s is None:
        return
    if exchange.reply is None:
        if exchange.silence and timeout_s:
            yield Band(0.0, float(timeout_s), "client", "reply due")
        return
    hunt_s = exchange.intent.hunt_s
    if due_s is None or hunt_s is None:
        return
    replied_s = exchange.reply.at_s - exchange.sent_at_s
    yield Band(replied_s, replied_s + hunt_s, "PBX", _HUNTS.get(exchange.intent.result, "rings"))
    if exchange.intent.asks_callback:
        yield Band(replied_s, due_s - exchange.sent_at_s, "receiver", "callback due")
