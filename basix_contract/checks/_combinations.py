"""What the parts of a request do beside each other, where each of them does right alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from basix_contract.checks._callbacks import judge_arrival
from basix_contract.checks._finding import Finding, broken, held, untestable, worst
from basix_contract.checks._sequences import callback_fault

if TYPE_CHECKING:
    from basix_contract.checks._history import Exchange, History

_NOTHING = "no combination was accepted"


def check_legs(history: History) -> Finding:
    """Whatever stands beside a user's selector, the legs of that user ring."""
    played = [exchange for exchange in history.judged_by("combinations/legs") if exchange.was_accepted]
    return worst([_judge_legs(exchange) for exchange in played], nothing=_NOTHING)


def _judge_legs(exchange: Exchange) -> Finding:
    terminals, count = exchange.intent.terminals, len(exchange.own_uuids)
    if terminals is None or not count:
        return untestable(f"{exchange.title}: the user's terminals are not known", exchange.id)
    if count == terminals:
        return held(exchange.id)
    said = f"{exchange.title}: {count} uuids for {terminals} terminals of {exchange.intent.user}"
    return broken(said, exchange.id)


def check_callbacks(history: History) -> Finding:
    """Whatever stands beside a callback_url, the call is told there, truly and under its own uuid."""
    played = [
        exchange
        for exchange in history.judged_by("combinations/callbacks")
        if exchange.was_accepted and exchange.intent.asks_callback
    ]
    return worst([_judge_callback(history, exchange) for exchange in played], nothing=_NOTHING)


def _judge_callback(history: History, exchange: Exchange) -> Finding:
    arrival = judge_arrival(history, exchange)
    if arrival.status != "held":
        return arrival
    fault = callback_fault(history, exchange)
    return broken(f"{exchange.title}: {fault}", exchange.id) if fault else held(exchange.id)
