"""The result callback: there, in time, once, true, and about its own call."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from basix_contract.checks._callback_form import error_id_of
from basix_contract.checks._finding import Finding, broken, held, observed, untestable, worst
from basix_contract.validation import validate_callback_body

if TYPE_CHECKING:
    from collections.abc import Callable

    from basix_contract.checks._history import CallbackSeen, Exchange, History

_EARLY_S = 0.05
# A token of an earlier run, whose late callback is not ours.
_OTHER_RUN = re.compile(r"/c[0-9a-z]{14}(?![0-9a-z])")
_NO_CALLBACK = "no callback was seen"
_UNREADABLE = "the callback cannot be read"


def check_arrival(history: History, check_id: str) -> Finding:
    """Every accepted call played for this check got its callback by the hunt's end and the grace."""
    findings = [judge_arrival(history, exchange) for exchange in history.judged_by(check_id)]
    return worst(findings, nothing="the profile holds no user whose phone does that")


def judge_arrival(history: History, exchange: Exchange) -> Finding:
    """Judge whether the callback of one call came, and in time."""
    if exchange.was_refused and exchange.intent.result == "not-answered":
        # A50: a PBX may know at once that nobody will answer; then no attempt was made (A51).
        return held(exchange.id, detail="refused at once")
    if not exchange.was_accepted:
        return untestable(f"{exchange.title}: the call was not accepted", exchange.id)
    deadline_s = history.deadline_s(exchange)
    if not exchange.callbacks:
        return missing(history, exchange)
    late_s = exchange.callbacks[0].at_s - (deadline_s or exchange.callbacks[0].at_s)
    if late_s > 0:
        return broken(f"{exchange.title}: late, {late_s:.2f} s after the hunt's end and the grace", exchange.id)
    return held(exchange.id)


def missing(history: History, exchange: Exchange) -> Finding:
    """Judge an accepted call whose callback never came."""
    if (history.deadline_s(exchange) or 0.0) > exchange.watched_until_s:
        return untestable(f"{exchange.title}: the run ended before its callback was due", exchange.id)
    if not history.is_route_proven:
        return untestable(f"{exchange.title}: missing, but no callback of this run arrived at all", exchange.id)
    return broken(f"{exchange.title}: missing, none by the hunt's end and the grace", exchange.id)


def check_truth(history: History) -> Finding:
    """Every first callback says whether the user answered."""
    findings = [
        _judge_truth(exchange, exchange.callbacks[0])
        for exchange in history.judged_by("callback/truth")
        if exchange.callbacks and exchange.was_accepted
    ]
    return worst(findings, nothing=_NO_CALLBACK)


def _judge_truth(exchange: Exchange, seen: CallbackSeen) -> Finding:
    if seen.result_code is None:
        return untestable(_UNREADABLE, exchange.id)
    said = "answered" if seen.result_code == 0 else "not-answered"
    if said == exchange.intent.result:
        return held(exchange.id)
    return broken(f"{exchange.title}: the callback says {said}, the user has {exchange.intent.result}", exchange.id)


def check_uuid(history: History) -> Finding:
    """Every success callback names a uuid of its own call's reply."""
    findings = [
        _judge_uuid(history, exchange, seen)
        for exchange in history.judged_by("callback/uuid")
        for seen in exchange.callbacks[:1]
        if exchange.was_accepted and seen.result_code == 0
    ]
    return worst(findings, nothing="no callback of an answered call was seen")


def _judge_uuid(history: History, exchange: Exchange, seen: CallbackSeen) -> Finding:
    fault = wrong_uuid(history, exchange, seen)
    return broken(f"{exchange.title}: {fault}", exchange.id) if fault else held(exchange.id)


def wrong_uuid(history: History, exchange: Exchange, seen: CallbackSeen) -> str:
    """Say what is wrong with a success callback's uuid; empty when it is one of the reply's."""
    if seen.uuid is None:
        found = [item.text for item in validate_callback_body(seen.envelope) if item.pointer.startswith("/uuid")]
        return found[0] if found else "the callback names no uuid"
    if not exchange.own_uuids or seen.uuid.lower() in exchange.own_uuids:
        return ""
    other = history.owner_of(seen.uuid)
    return f"foreign, {seen.uuid} belongs to {other.id}" if other else f"{seen.uuid} is none of the reply's uuids"


def check_once(history: History) -> Finding:
    """No acknowledged callback was sent again."""
    return _each_call(history, _repeat)


def _repeat(history: History, exchange: Exchange) -> str:
    # At a URL that two calls share, a result that names no channel may be the other's.
    is_shared = history.shares_url(exchange)
    told = [_result(seen) for seen in exchange.callbacks if seen.uuid is not None or not is_shared]
    repeats = len(told) - len(set(told))
    return f"{exchange.title}: duplicate, the same result came {repeats + 1} times" if repeats else ""


def check_one_result(history: History) -> Finding:
    """No call was told two different results, not even where the first was not acknowledged."""
    return _each_call(history, _contradiction, and_refused=True)


def _contradiction(history: History, exchange: Exchange) -> str:
    own = [
        _result(seen)
        for seen in exchange.callbacks
        if someone_else(history, exchange, seen) is None and _is_telling(exchange, seen)
    ]
    told = sorted({str(code) for code, _ in own})
    if len(told) > 1:
        return f"{exchange.title}: contradictory, result_code {' and '.join(told)}"
    uuids = sorted({str(uuid) for _, uuid in own})
    return f"{exchange.title}: contradictory, uuid {' and '.join(uuids)}" if len(uuids) > 1 else ""


def _is_telling(exchange: Exchange, seen: CallbackSeen) -> bool:
    """Leave out what follows a redirect: it may come as another method, and without a body."""
    return seen.result_code is not None or "callback/after-refusal" not in exchange.intent.judged_by


def someone_else(history: History, exchange: Exchange, seen: CallbackSeen) -> Exchange | None:
    """Return the other call that a callback is about; None when it is about its own, or nobody's."""
    if seen.uuid is None or seen.uuid.lower() in exchange.own_uuids:
        return None
    return history.owner_of(seen.uuid)


def _result(seen: CallbackSeen) -> tuple[object, object]:
    return (seen.result_code, seen.uuid or error_id_of(seen))


def check_none_after_error(history: History) -> Finding:
    """No call refused in its reply got a callback that reports a failure."""
    findings = [
        broken(f"{exchange.title}: refused in the reply, yet a callback came", exchange.id)
        if any(seen.result_code != 0 for seen in exchange.callbacks)
        else held(exchange.id)
        for exchange in history.exchanges
        if exchange.was_refused and exchange.intent.asks_callback
    ]
    return worst(findings, nothing="no call with a callback_url was refused")


def check_after_reply(history: History) -> Finding:
    """No callback came more than 50 ms before its call's reply."""
    findings = [
        broken(f"{exchange.title}: the callback came {ahead_s * 1000:.0f} ms before the reply", exchange.id)
        if (ahead_s := exchange.reply.at_s - exchange.callbacks[0].at_s) > _EARLY_S + history.lag_s
        else held(exchange.id)
        for exchange in history.exchanges
        if exchange.reply is not None and exchange.callbacks
    ]
    return worst(findings, nothing=_NO_CALLBACK)


def check_first_leg_only(history: History) -> Finding:
    """The callback of an answered call came in time and told success although its destination did not answer."""
    findings = [_judge_first_leg(history, exchange) for exchange in history.judged_by("callback/first-leg-only")]
    return worst(findings, nothing="the profile holds no destination that does not answer")


def _judge_first_leg(history: History, exchange: Exchange) -> Finding:
    arrival = judge_arrival(history, exchange)
    if arrival.status != "held":
        return arrival
    code = exchange.callbacks[0].result_code
    if code is None:
        return untestable(_UNREADABLE, exchange.id)
    if code == 0:
        return held(exchange.id)
    return broken(f"{exchange.title}: result_code {code}, although the user answered", exchange.id)


def check_unexpected(history: History) -> Finding:
    """No callback came that no call asked for, and none at one call's URL that was about another call."""
    faults = [
        broken(f"unexpected, {seen.method} {seen.target} bears no token of a call", seen.id)
        for seen in history.strays
        if not _OTHER_RUN.search(seen.target)
    ]
    for exchange in history.exchanges:
        for number, seen in enumerate(exchange.callbacks):
            owner = someone_else(history, exchange, seen)
            # The first callback of a call that asked for one is `foreign` then, and judged as such.
            if owner and (number or not owner.intent.asks_callback):
                faults.append(broken(f"{exchange.title}: unexpected, its URL was called for {owner.id}", exchange.id))
    return worst(faults, nothing="") if faults else held()


def told_elsewhere(history: History, exchange: Exchange) -> Exchange | None:
    """Return the call at whose URL this call's result was told; None when it was told nowhere but at its own."""
    return next(
        (
            other
            for other, seen in history.callbacks_naming(exchange.own_uuids)
            if other.id != exchange.id and someone_else(history, other, seen) is exchange
        ),
        None,
    )


def observe_after_refusal(history: History) -> Finding:
    """Record whether a callback came again after it was not acknowledged."""
    said = [
        f"{exchange.title}: {len(exchange.callbacks)} sent"
        for exchange in history.judged_by("callback/after-refusal")
        if exchange.was_accepted
    ]
    return observed("; ".join(said) if said else "not played")


def _each_call(history: History, fault: Callable[[History, Exchange], str], *, and_refused: bool = False) -> Finding:
    findings = [
        broken(said, exchange.id) if (said := fault(history, exchange)) else held(exchange.id)
        for exchange in history.exchanges
        if exchange.callbacks and (and_refused or "callback/after-refusal" not in exchange.intent.judged_by)
    ]
    return worst(findings, nothing=_NO_CALLBACK)
