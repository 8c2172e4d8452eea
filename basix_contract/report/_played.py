"""The calls a reader knows from the document, as they went: request, reply and callback, a line each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from basix_contract.checks import CallbackSeen, Exchange
from basix_contract.report._answered import answered
from basix_contract.report._delivered import delivered
from basix_contract.report._excerpts import excerpt, excerpt_of_bytes, printable
from basix_contract.report._journaled import SentRequest, sent_requests
from basix_contract.suite import RunResult

# The checks whose calls are the document's own, in the order in which they are told.
_TOLD = ("reply/plain-call", "examples/accepted", "limits/channel-limit")

_EXAMPLE = "example "

# How the calls of the other roles are told.
_TELLERS: Mapping[str, Callable[[RunResult, int], Iterable[tuple[str, tuple[tuple[str, str], ...]]]]] = (
    MappingProxyType({"client": answered, "receiver": delivered})
)


@dataclass(frozen=True, slots=True)
class PlayedCall:
    """One call as lines, each with the way it went: `→` to the target, `←` its reply, `⇐` its callback."""

    title: str
    lines: tuple[tuple[str, str], ...]


def played_calls(result: RunResult, limit: int) -> tuple[PlayedCall, ...]:
    """Return the document's calls that a run got to, each line cut at about `limit` characters."""
    tell = _TELLERS.get(result.role)
    if tell is not None:
        return tuple(PlayedCall(*told) for told in tell(result, limit))
    sent = sent_requests(result.journal)
    told = [
        exchange
        for probe in _TOLD
        for exchange in result.history.probing(probe)
        if exchange.sent_at_s is not None or exchange.withheld
    ]
    examples = [exchange for exchange in told if exchange.title.startswith(_EXAMPLE)]
    return tuple(
        PlayedCall(exchange.title, tuple(_lines(exchange, sent.get(exchange.id), limit)))
        for exchange in sorted(examples, key=lambda exchange: exchange.title) or told
    )


def _lines(exchange: Exchange, sent: SentRequest | None, limit: int) -> Iterator[tuple[str, str]]:
    if sent is not None:
        yield "→", excerpt_of_bytes(sent.body, limit)
    yield "←", _reply(exchange, limit)
    for callback in exchange.callbacks:
        yield "⇐", _callback(exchange, callback, limit)
    if exchange.was_accepted and exchange.intent.asks_callback and not exchange.callbacks:
        yield "⇐", "no callback came"


def _reply(exchange: Exchange, limit: int) -> str:
    if exchange.withheld:
        return f"not sent: {printable(exchange.withheld)}"
    if exchange.reply is None:
        return f"no reply: {printable(exchange.silence) or 'the run was cut short'}"
    return f"{exchange.reply.status} {excerpt_of_bytes(exchange.reply.body, limit)}"


def _callback(exchange: Exchange, callback: CallbackSeen, limit: int) -> str:
    unreadable = f"unreadable: {printable(callback.problem)}"
    told = unreadable if callback.problem else excerpt(callback.value, limit)
    return f"{told} ({callback.at_s - (exchange.sent_at_s or 0.0):.2f} s after the request)"
