"""Channel uuids from call to call: one for each leg, none named twice, alone and in flight together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from basix_contract.checks._callbacks import judge_arrival
from basix_contract.checks._finding import Finding, broken, held, untestable, worst

if TYPE_CHECKING:
    from basix_contract.checks._history import Exchange, History

_PAIR = 2
_TWICE = "state/same-request-twice"


def check_legs(history: History) -> Finding:
    """Every reply to a call that was in flight alone names as many uuids as the profile says terminals ring."""
    together = history.together()
    findings = [
        _judge_legs(exchange)
        for exchange in history.exchanges
        if exchange.was_accepted and _counts_legs(exchange) and exchange.id not in together
    ]
    return worst(findings, nothing="the profile gives no user's terminals, or no call was accepted")


def _counts_legs(exchange: Exchange) -> bool:
    """Where a user is named in a peculiar way, another number of legs may mean another user; not judged here."""
    is_combined = "combinations/legs" in exchange.intent.judged_by
    is_plain = exchange.intent.is_plainly_named and not is_combined
    return is_plain and exchange.intent.terminals is not None and bool(exchange.own_uuids)


def _judge_legs(exchange: Exchange) -> Finding:
    count = len(exchange.own_uuids)
    if count == exchange.intent.terminals:
        return held(exchange.id)
    return broken(
        f"{exchange.title}: {count} uuids for {exchange.intent.terminals} terminals of {exchange.intent.user}",
        exchange.id,
    )


def check_fresh(history: History) -> Finding:
    """No uuid is named by the replies to two calls, one after the other."""
    accepted = _in_order(history)
    for other, exchange, uuid in _shared(accepted):
        if not _overlap(other, exchange) and not _is_repeated(other, exchange):
            return broken(f"{uuid} was named by {other.id} already", other.id, exchange.id)
    if len(accepted) < _PAIR:
        return untestable("fewer than two calls were accepted")
    return held(accepted[0].id, accepted[1].id)


def check_together(history: History) -> Finding:
    """Of calls in flight together no two share a uuid, and each has its own user's legs."""
    ids = history.together()
    together = [exchange for exchange in _in_order(history) if exchange.id in ids]
    if len(together) < _PAIR:
        return untestable("fewer than two calls were in flight together")
    findings = [
        broken(f"{exchange.title}: {uuid} was named by {other.id} too", exchange.id, other.id)
        for other, exchange, uuid in _shared(together)
        if _overlap(other, exchange)
    ]
    findings += [_judge_legs(exchange) for exchange in together if _counts_legs(exchange)]
    return worst(findings, nothing="the profile gives no user's terminals")


def _is_repeated(one: Exchange, other: Exchange) -> bool:
    """Tell whether both are the same request sent again, which is judged by a check of its own."""
    return _TWICE in one.intent.judged_by and _TWICE in other.intent.judged_by


def _overlap(one: Exchange, other: Exchange) -> bool:
    if one.span_s is None or other.span_s is None:
        return False
    return one.span_s[0] < other.span_s[1] and other.span_s[0] < one.span_s[1]


def _in_order(history: History) -> list[Exchange]:
    accepted = [exchange for exchange in history.exchanges if exchange.was_accepted and exchange.reply]
    return sorted(accepted, key=lambda exchange: exchange.sent_at_s or 0.0)


def _shared(exchanges: list[Exchange]) -> list[tuple[Exchange, Exchange, str]]:
    """Return the pairs of exchanges that name the same uuid, the earlier first."""
    owners: dict[str, Exchange] = {}
    found = []
    for exchange in exchanges:
        for uuid in sorted(exchange.own_uuids):
            other = owners.setdefault(uuid, exchange)
            if other is not exchange:
                found.append((other, exchange, uuid))
    return found


def _was_accepted_before(history: History, exchange: Exchange) -> bool:
    """Tell whether the request that is repeated was accepted, where it is one of a pair."""
    before = history.by_id(exchange.intent.callback_of)
    return before is None or before.was_accepted


def _judge_told(history: History, exchange: Exchange) -> Finding:
    """Judge whether the second call was told as well as the first, at the URL that both gave."""
    before = history.by_id(exchange.intent.callback_of)
    if before is None or judge_arrival(history, before).status != "held":
        return held(exchange.id)
    arrival = judge_arrival(history, exchange)
    return arrival if arrival.status == "broken" else held(exchange.id)


def check_two_calls(history: History) -> Finding:
    """The same request sent again was accepted again, and rang channels of its own."""
    played = history.judged_by(_TWICE)
    accepted = [exchange for exchange in played if exchange.was_accepted]
    if not accepted:
        return untestable("no such call was accepted")
    findings = [
        broken(f"{exchange.title}: refused", exchange.id)
        for exchange in played
        if exchange.was_refused and _was_accepted_before(history, exchange)
    ]
    findings += [
        broken(f"{exchange.title}: got {uuid} of {other.id} again", other.id, exchange.id)
        for other, exchange, uuid in _shared(accepted)
    ]
    findings += [_judge_told(history, exchange) for exchange in accepted]
    return worst(findings, nothing="")
