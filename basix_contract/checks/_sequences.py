"""What only several exchanges together show: credentials, limits, timing, state from call to call, concurrency."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from basix_contract.checks._callbacks import judge_arrival, missing, someone_else, told_elsewhere
from basix_contract.checks._finding import Finding, broken, held, observed, untestable, worst
from basix_contract.checks._probes import describe, judge

if TYPE_CHECKING:
    from basix_contract.checks._history import Exchange, History

_TOLERANCE_S = 2.0
_HUNT_SHARE = 0.75
_REFUSED_CREDENTIALS = ("auth/absent", "auth/wrong-token", "auth/wrong-domain", "auth/near-miss")


def _credential_refusals(history: History) -> list[Exchange]:
    return [
        exchange
        for probe in _REFUSED_CREDENTIALS
        for exchange in history.probing(probe)
        if exchange.reply is not None and not exchange.was_accepted
    ]


def check_auth_error_id(history: History) -> Finding:
    """Every enveloped refusal of credentials has the id authentication_required."""
    findings = [
        held(exchange.id)
        if exchange.reply.error_id == "authentication_required"
        else broken(f"{exchange.title}: {describe(exchange.reply)}", exchange.id)
        for exchange in _credential_refusals(history)
        if exchange.reply is not None and exchange.reply.result_code is not None
    ]
    return worst(findings, nothing="") if findings else held(detail="no refusal was enveloped")


def observe_auth_refusal(history: History) -> Finding:
    """Record how refused credentials were answered."""
    seen = Counter(
        f"HTTP {exchange.reply.status} {'with' if exchange.reply.envelope else 'without'} the envelope"
        for exchange in _credential_refusals(history)
        if exchange.reply is not None
    )
    return observed(", ".join(f"{word} ({times})" for word, times in sorted(seen.items())) or "none seen")


def check_limit_error_id(history: History) -> Finding:
    """Every refusal at the channel limit has the id of the document's example."""
    findings = [
        held(exchange.id)
        if exchange.reply.error_id == "channel_limit_reached"
        else broken(f"{exchange.title}: error.id {exchange.reply.error_id!r}", exchange.id)
        for exchange in history.judged_by("limits/error-id")
        if exchange.reply is not None and exchange.was_refused and judge(history, exchange).status == "held"
    ]
    return worst(findings, nothing="no call beyond the channel limit was refused")


def check_answer_timeout(history: History) -> Finding:
    """Every hunt that nobody ended by answering lasted answer_timeout, to within two seconds and the grace."""
    findings = [_judge_hunt(history, exchange) for exchange in history.judged_by("timing/answer-timeout")]
    return worst(findings, nothing="the profile holds no user who never answers")


def _judge_hunt(history: History, exchange: Exchange) -> Finding:
    asked_s = exchange.intent.answer_timeout_s
    if not exchange.was_accepted or exchange.sent_at_s is None or asked_s is None:
        return untestable(f"{exchange.title}: the call was not accepted", exchange.id)
    if not exchange.callbacks:
        # A round number of seconds is not waited for to its end: only a hunt that is given up early shows then.
        last_s = min(exchange.watched_until_s, history.run_ended_at_s or exchange.watched_until_s)
        if last_s - exchange.sent_at_s < asked_s + _TOLERANCE_S + history.grace_s + history.lag_s:
            still = "it still rang when the run was over"
            return held(exchange.id, detail=still) if _is_anything_told(history) else untestable(still, exchange.id)
        return _judge_endless(history, exchange)
    lasted_s = exchange.callbacks[0].at_s - exchange.sent_at_s
    # A PBX may take its time before it rings anybody: the latest the hunt can begin is with the reply.
    began_s = exchange.reply.at_s - exchange.sent_at_s if exchange.reply else 0.0
    most_s = began_s + asked_s + _TOLERANCE_S + history.grace_s + history.lag_s
    if asked_s - _TOLERANCE_S <= lasted_s <= most_s:
        return held(exchange.id)
    return broken(
        f"{exchange.title}: the hunt lasted {lasted_s:.1f} s, answer_timeout was {asked_s:.0f} s", exchange.id
    )


def _is_anything_told(history: History) -> bool:
    return any(exchange.callbacks for exchange in history.exchanges)


def _judge_endless(history: History, exchange: Exchange) -> Finding:
    """Blame the timeout for a callback that never came only where other failures were told."""
    if missing(history, exchange).status != "broken" or not _is_failure_told(history):
        return untestable(f"{exchange.title}: no callback tells when the hunt ended", exchange.id)
    return broken(f"{exchange.title}: the hunt was not over by answer_timeout and the grace", exchange.id)


def _is_failure_told(history: History) -> bool:
    return any(
        exchange.intent.result == "not-answered" and exchange.callbacks and exchange.intent.answer_timeout_s is None
        for exchange in history.exchanges
    )


def check_reply_before_answer(history: History) -> Finding:
    """Every reply came well before the hunt it announces was over."""
    findings = [_judge_prompt(history, exchange) for exchange in history.judged_by("timing/reply-before-answer")]
    return worst(findings, nothing="no reply to a call that rings for long was seen")


def _judge_prompt(history: History, exchange: Exchange) -> Finding:
    """A slow reply is prompt all the same where most of the hunt came after it."""
    asked_s = exchange.intent.answer_timeout_s
    if exchange.reply is None or exchange.sent_at_s is None or not asked_s:
        return untestable(f"{exchange.title}: no reply", exchange.id)
    waited_s = exchange.reply.at_s - exchange.sent_at_s
    rang_on_s = exchange.callbacks[0].at_s - exchange.reply.at_s if exchange.callbacks else 0.0
    if waited_s <= asked_s * _HUNT_SHARE + history.lag_s or rang_on_s >= asked_s * _HUNT_SHARE:
        return held(exchange.id)
    return broken(f"{exchange.title}: the reply took {waited_s:.1f} s, as long as the hunt", exchange.id)


def check_nothing_sticks(history: History) -> Finding:
    """Calls played right after a call with other parameters behaved by their own."""
    # Where a user's first hunt does not keep its time, the second cannot tell what stuck from it.
    is_time_kept = all(_judge_hunt(history, exchange).status != "broken" for exchange in _first_hunts(history))
    findings = [
        _judge_own(history, exchange)
        for exchange in history.judged_by("state/nothing-sticks")
        if is_time_kept or not _measures_a_hunt(history, exchange)
    ]
    return worst(findings, nothing="the profile holds no users to play this with")


def _first_hunts(history: History) -> list[Exchange]:
    firsts: dict[str, Exchange] = {}
    for exchange in history.judged_by("timing/answer-timeout"):
        firsts.setdefault(exchange.intent.user, exchange)
    return list(firsts.values())


def _measures_a_hunt(history: History, exchange: Exchange) -> bool:
    before = history.by_id(exchange.intent.control)
    return exchange.intent.answer_timeout_s is not None or bool(before and before.intent.answer_timeout_s)


def _judge_own(history: History, exchange: Exchange) -> Finding:
    found = judge(history, exchange)
    if found.status != "held" and exchange.intent.probe == "state/nothing-sticks":
        return found
    if exchange.intent.answer_timeout_s is not None:
        return _judge_hunt(history, exchange)
    before = history.by_id(exchange.intent.control)
    if before is not None and before.intent.answer_timeout_s is not None:
        return _judge_default(history, exchange, before)
    return _judge_told(history, exchange)


def _judge_default(history: History, exchange: Exchange, before: Exchange) -> Finding:
    """Judge a call without answer_timeout that nobody answers: it must not end by the timeout of the one before."""
    if not exchange.was_accepted or not before.was_accepted or exchange.sent_at_s is None:
        return untestable(f"{exchange.title}: not both calls were accepted", exchange.id)
    most_s = (before.intent.answer_timeout_s or 0.0) + _TOLERANCE_S + history.grace_s
    if exchange.callbacks and (lasted_s := exchange.callbacks[0].at_s - exchange.sent_at_s) <= most_s:
        return broken(f"{exchange.title}: given up after {lasted_s:.1f} s", exchange.id, before.id)
    return held(exchange.id)


def _judge_told(history: History, exchange: Exchange) -> Finding:
    """Judge where the result of a call was told: at its own URL if it gave one, and nowhere else."""
    elsewhere = told_elsewhere(history, exchange)
    if elsewhere:
        return broken(f"{exchange.title}: its result was told to the URL of {elsewhere.id}", exchange.id, elsewhere.id)
    if not exchange.intent.asks_callback:
        return held(exchange.id)
    if not exchange.callbacks:
        return untestable(f"{exchange.title}: no callback came", exchange.id)
    fault = callback_fault(history, exchange)
    return broken(f"{exchange.title}: {fault}", exchange.id) if fault else held(exchange.id)


def callback_fault(history: History, exchange: Exchange) -> str:
    """Say how an accepted call's first callback tells another call's story; empty when it is its own."""
    seen = exchange.callbacks[0]
    if seen.result_code is None:
        return "its callback cannot be read"
    said = "answered" if seen.result_code == 0 else "not-answered"
    if exchange.intent.result and said != exchange.intent.result:
        return f"its callback says {said}, its user has {exchange.intent.result}"
    other = someone_else(history, exchange, seen)
    return f"its callback names a channel of {other.id}" if other else ""


def check_together_callbacks(history: History) -> Finding:
    """Of calls in flight together each got its own callback."""
    findings = [_judge_together(history, exchange) for exchange in history.judged_by("concurrency/callbacks")]
    return worst(findings, nothing="the profile holds fewer than two users who can ring together")


def _judge_together(history: History, exchange: Exchange) -> Finding:
    if exchange.was_refused and exchange.intent.expect == "envelope":
        return held(exchange.id, detail="refused, as a telephone that rings may be")
    if not exchange.was_accepted:
        return untestable(f"{exchange.title}: the call was not accepted", exchange.id)
    alone = history.by_id(exchange.intent.control)
    if alone is not None and judge_arrival(history, alone).status != "held":
        return untestable(f"{exchange.title}: the same call alone was not told in time either", exchange.id)
    arrival = judge_arrival(history, exchange)
    if arrival.status != "held":
        return arrival
    if any(someone_else(history, exchange, seen) for seen in exchange.callbacks[1:]):
        return broken(f"{exchange.title}: callbacks of several calls came to its URL", exchange.id)
    fault = callback_fault(history, exchange)
    return broken(f"{exchange.title}: {fault}", exchange.id) if fault else held(exchange.id)
