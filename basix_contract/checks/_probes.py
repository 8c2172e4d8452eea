"""Acceptance and refusal: one rule for every request whose one peculiarity a check is about.

A refusal counts only where its positive control, the same request without that one thing, was accepted:
a server that refuses everything proves nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from basix_contract.checks._finding import Finding, ambiguous, broken, held, observed, untestable, worst
from basix_contract.validation import validate_reply_body

if TYPE_CHECKING:
    from collections.abc import Callable

    from basix_contract.checks._history import CallbackSeen, Exchange, History, Reply

_ENVELOPE = ("/result_code", "/error")
_GUARDED = (
    "every call that names our receiver is refused: the target may not call hosts of a private network; "
    "give callback.public_url, or allow this host there"
)


def check_probe(history: History, probe: str) -> Finding:
    """Judge every exchange played for this check by what was expected of it."""
    findings = [judge(history, exchange) for exchange in history.probing(probe)]
    return worst(findings, nothing="the profile holds no data to play this with")


def judge(history: History, exchange: Exchange) -> Finding:
    """Judge one exchange by its own expectation."""
    if exchange.withheld:
        return untestable(f"not sent: {exchange.withheld}", exchange.id)
    if exchange.sent_at_s is None:
        return untestable("not played", exchange.id)
    if exchange.reply is None:
        return _judge_silence(exchange)
    return _JUDGES[exchange.intent.expect](history, exchange, exchange.reply)


def describe(reply: Reply) -> str:
    """Say in a few words what a reply was."""
    if reply.envelope is None:
        return f"HTTP {reply.status} without a JSON object"
    if reply.is_success:
        return "result_code 0"
    code = reply.envelope.get("result_code")
    named = f", error.id {reply.error_id}" if reply.error_id else ""
    return f"result_code {code!r}{named}"


def _judge_silence(exchange: Exchange) -> Finding:
    if not exchange.silence:
        return ambiguous(f"{exchange.title}: sent, and then the run was cut short", exchange.id)
    if exchange.intent.expect in ("answer", "envelope"):
        return broken(f"{exchange.title}: no answer ({exchange.silence})", exchange.id)
    if exchange.intent.expect == "open":
        return observed(f"{exchange.title}: no answer ({exchange.silence})", exchange.id)
    return ambiguous(f"{exchange.title}: no answer ({exchange.silence})", exchange.id)


def _judge_accept(history: History, exchange: Exchange, reply: Reply) -> Finding:
    if reply.result_code is None:
        return untestable(f"{exchange.title}: the reply cannot be read", exchange.id)
    if not reply.is_success and exchange.intent.asks_callback and history.are_callbacks_guarded():
        return untestable(_GUARDED, exchange.id)
    control = history.by_id(exchange.intent.control)
    if not reply.is_success and control is not None and not control.was_accepted:
        return untestable(f"{exchange.title}: refused, but so was its control {control.id}", exchange.id)
    if not reply.is_success:
        return broken(f"{exchange.title}: refused ({describe(reply)})", exchange.id)
    if is_other_user(exchange) and history.rings_rightly(exchange.intent.user):
        return broken(
            f"{exchange.title}: {len(exchange.own_uuids)} legs rang, of {exchange.intent.terminals} terminals",
            exchange.id,
        )
    return held(exchange.id)


def is_other_user(exchange: Exchange) -> bool:
    """Tell whether a selector's own exchange rang another number of legs than its user has."""
    chosen = exchange.intent.terminals
    selects = exchange.intent.probe.startswith("selectors/")
    return selects and chosen is not None and len(exchange.own_uuids) not in (0, chosen)


def _judge_refuse(history: History, exchange: Exchange, reply: Reply) -> Finding:
    started = _sign_of_a_call(history, exchange, reply)
    if started:
        return broken(f"{exchange.title}: {started}", exchange.id)
    if exchange.intent.owes_envelope and reply.result_code is None:
        return untestable(f"{exchange.title}: the reply cannot be read", exchange.id)
    control = history.by_id(exchange.intent.control)
    if control is not None and not control.was_accepted:
        return untestable(f"{exchange.title}: refused, but so was its control {control.id}", exchange.id)
    return held(exchange.id)


def _sign_of_a_call(history: History, exchange: Exchange, reply: Reply) -> str:
    """Name the first sign that a refused request started a call all the same; empty when there is none."""
    if reply.is_success:
        return "accepted with result_code 0"
    if reply.uuids and (reply.result_code is None or exchange.intent.probe.startswith("auth/")):
        return "the refusal names channel uuids"
    if any(seen.result_code == 0 and _may_be_of(history, exchange, seen) for seen in exchange.callbacks):
        return "refused in the reply, yet its callback says that the user answered"
    return ""


def _may_be_of(history: History, exchange: Exchange, seen: CallbackSeen) -> bool:
    """Leave out what names another call's channel: that call is told at the wrong URL, and this one was not placed."""
    return seen.uuid is None or history.owner_of(seen.uuid) in (None, exchange)


def _judge_answer(history: History, exchange: Exchange, reply: Reply) -> Finding:
    started = _sign_of_a_call(history, exchange, reply)
    return broken(f"{exchange.title}: {started}", exchange.id) if started else held(exchange.id)


def _judge_envelope(_history: History, exchange: Exchange, reply: Reply) -> Finding:
    if reply.envelope is None:
        return broken(f"{exchange.title}: {describe(reply)}", exchange.id)
    wrong = [item for item in validate_reply_body(reply.value) if item.pointer.startswith(_ENVELOPE)]
    return broken(f"{exchange.title}: {wrong[0].text}", exchange.id) if wrong else held(exchange.id)


def _judge_open(_history: History, exchange: Exchange, reply: Reply) -> Finding:
    word = "accepted" if reply.is_success else f"refused ({describe(reply)})"
    return observed(f"{exchange.title}: {word}", exchange.id)


_JUDGES: dict[str, Callable[[History, Exchange, Reply], Finding]] = {
    "accept": _judge_accept,
    "refuse": _judge_refuse,
    "envelope": _judge_envelope,
    "answer": _judge_answer,
    "open": _judge_open,
}
