"""The shape of replies: the contract's own validation, told apart requirement by requirement."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from basix_contract.checks._finding import Finding, ambiguous, broken, held, observed, worst
from basix_contract.messages import field_value
from basix_contract.validation import validate_reply_body

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from basix_contract.checks._history import Exchange, History, Reply
    from basix_contract.messages import Violation

_SNAKE_CASE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_ERROR_CODE = 500
_DOCUMENTED_MEMBERS = {"result_code", "uuids", "error"}
_PATIENCE_S = 5.0


def enveloped(history: History) -> Iterator[tuple[Exchange, Reply]]:
    """Yield the replies for which the envelope is owed: authenticated, well-formed JSON object POSTs."""
    for exchange in history.exchanges:
        if exchange.reply is not None and exchange.intent.owes_envelope:
            yield exchange, exchange.reply


def check_answered(history: History) -> Finding:
    """Every ordinary request was answered in time."""
    findings = [
        _judge_answered(exchange)
        for exchange in history.exchanges
        if exchange.sent_at_s is not None and exchange.intent.owes_envelope and not _may_ring_on(exchange)
    ]
    return worst(findings, nothing="nothing was sent")


def _may_ring_on(exchange: Exchange) -> bool:
    """Tell whether the hunt outlasts the wait for a reply: whoever replies after it is blamed for that elsewhere."""
    intent = exchange.intent
    outlasts = bool(intent.control) or (intent.answer_timeout_s or 0.0) > _PATIENCE_S
    return outlasts and intent.result == "not-answered" and intent.hunt_s is not None and not exchange.reply


def _judge_answered(exchange: Exchange) -> Finding:
    if exchange.reply is not None:
        return held(exchange.id)
    if not exchange.silence:
        return ambiguous(f"{exchange.title}: sent, and then the run was cut short", exchange.id)
    return broken(f"{exchange.title}: no answer ({exchange.silence})", exchange.id)


def check_json_object(history: History) -> Finding:
    """Every reply that owes the envelope is one JSON object."""
    return _each(history, _wrong_envelope)


def _wrong_envelope(exchange: Exchange, reply: Reply) -> str:
    if reply.envelope is not None:
        return ""
    return f"{exchange.title}: {reply.problem or 'the reply is no JSON object'} (HTTP {reply.status})"


def check_result_code(history: History) -> Finding:
    """Every envelope carries an integer result_code."""
    return _violations(history, lambda _reply, violation: violation.pointer == "/result_code")


def check_error_id(history: History) -> Finding:
    """Every error carries an error object with a text id."""
    return _violations(
        history,
        lambda reply, violation: reply.result_code not in (0, None) and violation.pointer.startswith("/error"),
        only=lambda reply: reply.result_code not in (0, None),
        nothing="no error reply was seen",
    )


def check_uuids_present(history: History) -> Finding:
    """Every success names at least one channel uuid."""
    return _violations(
        history,
        lambda _reply, violation: violation.pointer == "/uuids" and violation.rule != "uniqueItems",
        only=lambda reply: reply.is_success,
        nothing="no success was seen",
    )


def check_uuids_form(history: History) -> Finding:
    """Every uuid has the documented form."""
    return _violations(
        history,
        lambda _reply, violation: violation.pointer.startswith("/uuids/"),
        only=lambda reply: bool((reply.envelope or {}).get("uuids")) and reply.is_success,
        nothing="no success with uuids was seen",
    )


def check_uuids_distinct(history: History) -> Finding:
    """No reply names a uuid twice, whatever the case of its letters."""
    return _each(
        history,
        _repeated_uuid,
        only=lambda reply: bool(reply.uuids),
        nothing="no success with uuids was seen",
    )


def _repeated_uuid(exchange: Exchange, reply: Reply) -> str:
    counted = Counter(uuid.lower() for uuid in reply.uuids)
    repeated = [uuid for uuid, times in counted.items() if times > 1]
    return f"{exchange.title}: {repeated[0]} stands in uuids more than once" if repeated else ""


def check_error_code_500(history: History) -> Finding:
    """Every error has the documented result_code."""
    return _each(
        history,
        lambda exchange, reply: (
            ""
            if reply.result_code == _ERROR_CODE
            else f"{exchange.title}: result_code {reply.result_code}, documented is {_ERROR_CODE}"
        ),
        only=lambda reply: reply.result_code not in (0, None),
        nothing="no error reply was seen",
    )


def check_error_has_no_uuids(history: History) -> Finding:
    """No error names channels."""
    return _each(
        history,
        lambda exchange, reply: f"{exchange.title}: an error with uuids" if reply.uuids else "",
        only=lambda reply: reply.result_code not in (0, None),
        nothing="no error reply was seen",
    )


def check_success_has_no_error(history: History) -> Finding:
    """No success carries an error."""
    return _each(
        history,
        lambda exchange, reply: f"{exchange.title}: a success with an error" if _has_error(reply) else "",
        only=lambda reply: reply.is_success,
        nothing="no success was seen",
    )


def _has_error(reply: Reply) -> bool:
    return (reply.envelope or {}).get("error") is not None


def check_content_type(history: History) -> Finding:
    """Every envelope is labelled application/json."""
    return _each(history, _wrong_label, only=lambda reply: reply.envelope is not None, nothing="no envelope was seen")


def _wrong_label(exchange: Exchange, reply: Reply) -> str:
    label = field_value(reply.headers, "content-type") or ""
    kind = label.split(";")[0].strip().lower()
    return "" if kind == "application/json" else f"{exchange.title}: content type {label!r}"


def check_snake_case(history: History) -> Finding:
    """Every error id is one lower snake_case word."""
    return _each(
        history,
        lambda exchange, reply: (
            "" if _SNAKE_CASE.fullmatch(reply.error_id or "") else f"{exchange.title}: error.id {reply.error_id!r}"
        ),
        only=lambda reply: reply.result_code not in (0, None) and bool(reply.error_id),
        nothing="no error id was seen",
    )


def observe_error_status(history: History) -> Finding:
    """Record the HTTP statuses errors came with."""
    return _tally(history, lambda reply: str(reply.status) if reply.result_code not in (0, None) else "", "HTTP")


def observe_extra_members(history: History) -> Finding:
    """Record members beyond the documented ones."""
    return _tally(
        history,
        lambda reply: ", ".join(sorted(set(reply.envelope or {}) - _DOCUMENTED_MEMBERS)),
        "extra members:",
    )


def _tally(history: History, word: Callable[[Reply], str], label: str) -> Finding:
    seen = Counter(found for _, reply in enveloped(history) if (found := word(reply)))
    listed = ", ".join(f"{found} ({times})" for found, times in sorted(seen.items()))
    return observed(f"{label} {listed}" if listed else "none seen")


def _each(
    history: History,
    fault: Callable[[Exchange, Reply], str],
    *,
    only: Callable[[Reply], bool] = lambda _reply: True,
    nothing: str = "no reply was seen",
) -> Finding:
    findings = [
        broken(said, exchange.id) if (said := fault(exchange, reply)) else held(exchange.id)
        for exchange, reply in enveloped(history)
        if only(reply)
    ]
    return worst(findings, nothing=nothing)


def _violations(
    history: History,
    concerns: Callable[[Reply, Violation], bool],
    *,
    only: Callable[[Reply], bool] = lambda _reply: True,
    nothing: str = "no envelope was seen",
) -> Finding:
    def fault(exchange: Exchange, reply: Reply) -> str:
        found = [item for item in validate_reply_body(reply.envelope) if concerns(reply, item)]
        return f"{exchange.title}: {found[0].text}" if found else ""

    return _each(history, fault, only=lambda reply: reply.envelope is not None and only(reply), nothing=nothing)
