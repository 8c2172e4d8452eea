"""The form of callbacks: method, media type, body, error and URL, each told apart."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from basix_contract.checks._finding import Finding, broken, held, untestable, worst
from basix_contract.messages import field_value
from basix_contract.validation import validate_callback_body

if TYPE_CHECKING:
    from collections.abc import Callable

    from basix_contract.checks._history import CallbackSeen, Exchange, History

_SNAKE_CASE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_NO_CALLBACK = "no callback was seen"


def check_method(history: History) -> Finding:
    """Every callback is a POST."""
    return _each(
        history,
        lambda exchange, seen: "" if seen.method == "POST" else f"{exchange.title}: sent by {seen.method}",
    )


def check_body(history: History) -> Finding:
    """Every callback's body is a JSON object with an integer result_code."""
    return _each(history, _wrong_body)


def _wrong_body(exchange: Exchange, seen: CallbackSeen) -> str:
    if seen.envelope is None:
        return f"{exchange.title}: malformed, {seen.problem or 'no JSON object'}"
    wrong = [item for item in validate_callback_body(seen.envelope) if item.pointer == "/result_code"]
    return f"{exchange.title}: malformed, {wrong[0].text}" if wrong else ""


def check_content_type(history: History) -> Finding:
    """Every callback is labelled application/json."""
    return _each(history, _wrong_label)


def _wrong_label(exchange: Exchange, seen: CallbackSeen) -> str:
    label = field_value(seen.headers, "content-type") or ""
    kind = label.split(";")[0].strip().lower()
    return "" if kind == "application/json" else f"{exchange.title}: content type {label!r}"


def check_error_id(history: History) -> Finding:
    """Every callback with a non-zero result_code carries an error object with a text id."""
    return _each(history, _wrong_error, only=_is_failure, nothing="no callback of a failed call was seen")


def _is_failure(seen: CallbackSeen) -> bool:
    return seen.result_code not in (0, None)


def _wrong_error(exchange: Exchange, seen: CallbackSeen) -> str:
    wrong = [item for item in validate_callback_body(seen.envelope) if item.pointer.startswith("/error")]
    return f"{exchange.title}: {wrong[0].text}" if wrong else ""


def check_snake_case(history: History) -> Finding:
    """Every error id of a callback is one lower snake_case word."""
    return _each(
        history,
        lambda exchange, seen: (
            "" if _SNAKE_CASE.fullmatch(error_id_of(seen)) else f"{exchange.title}: error.id {error_id_of(seen)!r}"
        ),
        only=lambda seen: _is_failure(seen) and bool(error_id_of(seen)),
        nothing="no error id was seen",
    )


def error_id_of(seen: CallbackSeen) -> str:
    """Return the text error.id of a callback; empty when there is none."""
    error = (seen.envelope or {}).get("error")
    found = error.get("id") if isinstance(error, dict) else None
    return found if isinstance(found, str) else ""


def check_url(history: History) -> Finding:
    """Every callback came to the URL exactly as it was given, and to the tempting ones one did come."""
    if not history.is_route_exact:
        return untestable("a proxy before our own receiver alters URLs, as a request of our own has shown")
    seen = [
        held(exchange.id)
        if seen.is_exact
        else broken(f"{exchange.title}: altered-url, {seen.method} {seen.target}", exchange.id)
        for exchange, seen in history.callbacks()
    ]
    lost = [
        broken(f"{exchange.title}: missing, while the callbacks of plainer URLs came", exchange.id)
        for exchange in history.judged_by("callback/url")
        if exchange.was_accepted and not exchange.callbacks and exchange.watched_until_s == math.inf
    ]
    plain = [exchange for exchange in history.judged_by("callback/answered") if exchange.was_accepted]
    is_told = bool(plain) and all(exchange.callbacks for exchange in plain)
    return worst([*seen, *(lost if is_told else ())], nothing=_NO_CALLBACK)


def _each(
    history: History,
    fault: Callable[[Exchange, CallbackSeen], str],
    *,
    only: Callable[[CallbackSeen], bool] = lambda _seen: True,
    nothing: str = _NO_CALLBACK,
) -> Finding:
    findings = [
        broken(said, exchange.id) if (said := fault(exchange, seen)) else held(exchange.id)
        for exchange, seen in history.callbacks()
        if only(seen)
    ]
    return worst(findings, nothing=nothing)
