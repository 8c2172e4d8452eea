"""The callbacks a reader knows from the document, as they were delivered: callback and answer, a line each."""

from __future__ import annotations

from collections.abc import Iterator

from basix_contract.checks import Delivery
from basix_contract.report._excerpts import excerpt_of_bytes, printable
from basix_contract.report._journaled import SentRequest, sent_requests
from basix_contract.suite import RunResult

_TOLD = (("acknowledge/answered", "answered"), ("acknowledge/not-answered", "not answered"))

Told = tuple[str, tuple[tuple[str, str], ...]]


def delivered(result: RunResult, limit: int) -> Iterator[Told]:
    """Yield the title of each of the document's callbacks and what went to and fro, cut at about `limit` characters."""
    sent = sent_requests(result.journal)
    for check, title in _TOLD:
        for delivery in result.history.judged_by(check)[:1]:
            if delivery.sent_at_s is not None:
                yield title, tuple(_lines(delivery, sent.get(delivery.id), limit))


def _lines(delivery: Delivery, sent: SentRequest | None, limit: int) -> Iterator[tuple[str, str]]:
    if sent is not None:
        yield "→", excerpt_of_bytes(sent.body, limit)
    if delivery.reply is None:
        yield "←", f"no answer: {printable(delivery.silence) or 'the run was cut short'}"
        return
    took_s = delivery.reply.at_s - (delivery.sent_at_s or 0.0)
    shown = f" {excerpt_of_bytes(delivery.reply.body, limit)}" if delivery.reply.body else ""
    yield "←", f"{delivery.reply.status}{shown} (after {took_s:.3f} s)"
