"""One exchange played again, in full: what was sent, what came back, what is made of it, and how to send it by hand."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from basix_contract.checks import Exchange
from basix_contract.report._curl import curl_line
from basix_contract.report._excerpts import file_names, printable, shorten
from basix_contract.report._journaled import SentRequest, sent_requests
from basix_contract.suite import RequirementVerdict, RunResult

_WIDTH = 100
_MOST_SHOWN = 4_000
_PSEUDONYM = re.compile(rb"redacted_|\b90000000000000\d\d\b")
_CREDENTIALS = "auth/"
_FIELDS_LEFT_OUT = ("connection", "date", "server")


def replay_text(result: RunResult, earlier: Mapping[str, str], *, files: Sequence[Path] = ()) -> str:
    """Return a replay as text; `earlier` are the verdicts of the run that is replayed, by requirement.

    Everything stands as the journal has it: values of the profile by their pseudonyms, credentials not at all.
    """
    sent = sent_requests(result.journal)
    lines = [f"replayed against {printable(result.target)}, seed {result.seed}"]
    for exchange in result.history.exchanges:
        lines += ["", *_exchange(exchange, sent.get(exchange.id), is_control=exchange != result.history.exchanges[-1])]
    lines += ["", "Verdict", *_verdicts(result.requirements, earlier)]
    for exchange in result.history.exchanges[-1:]:
        lines += _by_hand(exchange, sent.get(exchange.id))
    lines += ["", f"report  {file_names(files)}"] if files else [""]
    return "\n".join([*lines, f"{result.verdict} · exit code {result.exit_code}: {printable(result.reason)}", ""])


# ── how it went ──


def _exchange(exchange: Exchange, sent: SentRequest | None, *, is_control: bool) -> Iterator[str]:
    role = "  (the good call beside it)" if is_control else ""
    yield f"{exchange.id}  {printable(exchange.title)}{role}"
    if exchange.withheld:
        yield f"  not sent: {printable(exchange.withheld)}"
        return
    if sent is not None:
        yield f"  → {sent.method} {printable(sent.url)}"
        yield from _fields(sent.headers)
        yield from _body(sent.body, sent.whole_length)
    yield from _reply(exchange)
    for callback in exchange.callbacks:
        yield f"  ⇐ {callback.method} {printable(callback.target)}{_after(exchange, callback.at_s)}"
        yield f"      {_value(callback.value, callback.problem)}"
    if exchange.intent.asks_callback and exchange.was_accepted and not exchange.callbacks:
        yield "  ⇐ no callback came"


def _fields(headers: Sequence[tuple[str, str]]) -> Iterator[str]:
    for name, value in headers:
        if name.lower() not in _FIELDS_LEFT_OUT:
            yield f"      {printable(name)}: {printable(value)}"


def _body(body: bytes, whole_length: int) -> Iterator[str]:
    if not body:
        yield "      (no body)"
        return
    yield f"      {shorten(body.decode('utf-8', 'backslashreplace'), _MOST_SHOWN)}"
    if whole_length > len(body):
        yield f"      (the journal holds the first {len(body)} of {whole_length} bytes)"


def _reply(exchange: Exchange) -> Iterator[str]:
    reply = exchange.reply
    if reply is None:
        yield f"  ← no reply: {printable(exchange.silence) or 'the run was cut short'}"
        return
    yield f"  ← {reply.status}{_after(exchange, reply.at_s)}"
    yield from _fields(reply.headers)
    yield from _body(reply.body, len(reply.body))


def _value(value: object, problem: str) -> str:
    if problem:
        return f"unreadable: {printable(problem)}"
    return shorten(json.dumps(value, ensure_ascii=False), _MOST_SHOWN)


def _after(exchange: Exchange, at_s: float) -> str:
    return f"  ({at_s - (exchange.sent_at_s or 0.0):.3f} s after the request)"


# ── what is made of it ──


def _verdicts(rows: Sequence[RequirementVerdict], earlier: Mapping[str, str]) -> Iterator[str]:
    judged = [row for row in rows if row.verdict != "disabled"]
    if len(judged) == len(rows):  # nothing judges this exchange in particular: what it could not show says nothing
        judged = [row for row in rows if row.verdict != "not-testable"]
    for row in judged:
        was = f" (it was {earlier[row.id]})" if row.id in earlier else ""
        yield from _folded(f"{row.verdict}{was} {row.id} {row.level}  {row.statement}", 2)
        if row.detail:
            yield from _folded(row.detail, 6)


def _by_hand(exchange: Exchange, sent: SentRequest | None) -> Iterator[str]:
    if sent is None:
        return
    yield from ("", "By hand", f"  {curl_line(sent)}")
    if exchange.intent.probe.startswith(_CREDENTIALS) and exchange.intent.expect != "accept":
        yield f"  (put in what it was sent with in place of DOMAIN:TOKEN: {printable(exchange.title)})"
    if _PSEUDONYM.search(sent.body):
        yield "  (put values of the profile where redacted_… or 90000000000000… stands)"
    if sent.whole_length > len(sent.body):
        yield "  (the body was too long for the journal: this line sends its beginning)"


def _folded(text: str, columns: int) -> list[str]:
    return textwrap.wrap(printable(text), _WIDTH, initial_indent=" " * columns, subsequent_indent=" " * (columns + 2))
