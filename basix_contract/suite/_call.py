"""One call: planned, placed through the gate, journaled, and told how it ended."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from basix_contract.contract import load_document
from basix_contract.errors import UsageError
from basix_contract.suite._journal import read_journal
from basix_contract.suite._options import ServerOptions, open_target, read_profile
from basix_contract.suite._preview import planned_target, preview_of
from basix_contract.suite._promise import promise_of
from basix_contract.suite._recall import recall
from basix_contract.suite._resume import Earlier
from basix_contract.suite._run import Run, conduct
from basix_contract.suite._scenario import CALLBACK_URL, Scenario
from basix_contract.suite.plan import Plan
from basix_contract.suite.plan._desk import Desk

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from basix_contract.checks import Exchange
    from basix_contract.profile import Profile, User
    from basix_contract.suite._journal import Event
    from basix_contract.suite._options import Target
    from basix_contract.suite._preview import Preview

Outcome = Literal["answered", "not-answered", "accepted", "refused", "not-sent", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOptions:
    """Whom to call and what to connect the call to, each as the parameters of call_user.

    Without a user selector the first user of the profile who answers is called, without a destination the first
    number. `waits`: the call asks for its callback, and is over when that has come.
    """

    server: ServerOptions
    members: Mapping[str, Any] = field(default_factory=dict)
    waits: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedCall:
    """How one call ended. `accepted`: the PBX took it, and nobody waited for its callback.

    `unknown`: it may have been placed, or was, and what came of it cannot be known; it is never placed again.
    """

    outcome: Outcome
    detail: str
    http_status: int | None
    result_code: int | None
    error_id: str
    uuids: tuple[str, ...]
    uuid: str
    took_s: float
    journal: Path


def plan_call(options: CallOptions, *, reveal: bool = False) -> Preview:
    """Return what placing the call would send; nothing is sent, and no consent is needed."""
    profile = read_profile(options.server)
    target = planned_target(profile, options.server)
    return preview_of(profile, target, options.server, _plan(profile, target, options), reveal=reveal)


def place_call(options: CallOptions) -> PlacedCall:
    """Place the call, once, and return how it ended.

    Raises UsageError when the gate does not let it pass, and as `run_server` does; nothing was sent then.
    """
    profile = read_profile(options.server)
    journal = options.server.report / "journal.ndjson"
    with open_target(profile, options.server) as target:
        plan = _plan(profile, target, options)
        for step in preview_of(profile, target, options.server, plan).steps:
            if step.withheld:
                raise UsageError(step.withheld)
        promise = promise_of(profile, target, options.server)
        conduct(Run(options.server, profile, target, Plan(plan), (), Earlier(), promise=promise), journal)
    return _placed(journal)


# ── the plan of one call ──


def _plan(profile: Profile, target: Target, options: CallOptions) -> tuple[Scenario, ...]:
    desk = Desk(profile, is_embedded=target.is_embedded, is_remote=target.is_remote)
    body, user = _body(desk, options)
    seconds = body.get("answer_timeout", desk.longest_ring_s)
    if target.is_remote and seconds > desk.longest_ring_s:
        what = f"a call may ring for {desk.longest_ring_s} s at most"
        raise UsageError(what, where="--answer-timeout", fix="ask for less, or change [live] longest_ring_s")
    hunt_s = float(seconds) if options.waits and isinstance(seconds, int | float) else 0.0
    step = desk.step("call", "a call from the command line", body, user=user, hunt_s=hunt_s)
    alone = dataclasses.replace(step, talk_s=0.0)  # nothing follows that would have to wait for its end
    return (Scenario(id="call", phase="alone", is_settled=True, steps=(alone,)),)


def _body(desk: Desk, options: CallOptions) -> tuple[dict[str, Any], User | None]:
    names = load_document().user_selectors
    callback = {"callback_url": CALLBACK_URL} if options.waits else {}
    named = {name: value for name, value in options.members.items() if name in names}
    if named:
        user = desk.user_of(named)
        plain = desk.destination()
        destination = {"destination": plain.value} if plain else {}
        return {**named, **destination, **callback, **options.members}, user
    for user in (*desk.profile.users_who("answers"), *desk.profile.users):
        return desk.call(user, **callback, **options.members), user
    raise UsageError("there is nobody to call", where="profile", fix="list a user under [[users]], or give --user")


# ── how it ended ──


def _placed(journal: Path) -> PlacedCall:
    events = list(read_journal(journal))
    exchange = next(iter(recall(events).history().exchanges), None)
    if exchange is None:
        raise KeyboardInterrupt  # it was ended before the call was so much as written down
    if exchange.withheld:
        raise UsageError(exchange.withheld)
    outcome, detail = _outcome(exchange, events)
    reply, callback = exchange.reply, next(iter(exchange.callbacks), None)
    told = callback.at_s if callback else reply.at_s if reply else exchange.sent_at_s or 0.0
    return PlacedCall(
        outcome=outcome,
        detail=detail,
        http_status=reply.status if reply else None,
        result_code=reply.result_code if reply else None,
        error_id=_error_id(exchange),
        uuids=reply.uuids if reply else (),
        uuid=(callback.uuid if callback else None) or "",
        took_s=round(told - (exchange.sent_at_s or 0.0), 3),
        journal=journal,
    )


def _outcome(exchange: Exchange, events: list[Event]) -> tuple[Outcome, str]:
    if exchange.callbacks and exchange.callbacks[0].result_code is not None:
        is_answered = exchange.callbacks[0].result_code == 0
        return ("answered", "the user answered") if is_answered else ("not-answered", "the user did not answer")
    if exchange.reply is None:
        return _without_reply(exchange, events)
    if not exchange.reply.is_success:
        return ("refused", "the PBX did not take it") if exchange.was_refused else ("unknown", "its reply is neither")
    if not exchange.intent.asks_callback:
        return "accepted", "the PBX took it; nobody waited for its callback"
    return "unknown", f"the PBX took it, and its callback {'cannot be read' if exchange.callbacks else 'has not come'}"


def _without_reply(exchange: Exchange, events: list[Event]) -> tuple[Outcome, str]:
    silent = next((event for event in events if event["event"] == "silence"), None)
    if exchange.sent_at_s is None or (silent is not None and not silent["was_sent"]):
        return "not-sent", exchange.silence or "it was stopped before it was sent"
    return "unknown", f"it was sent, and no reply came: {exchange.silence or 'it was broken off'}"


def _error_id(exchange: Exchange) -> str:
    envelopes = [exchange.reply.envelope if exchange.reply else None]
    envelopes += [callback.envelope for callback in exchange.callbacks[:1]]
    for envelope in envelopes:
        error = (envelope or {}).get("error")
        if isinstance(error, dict) and isinstance(error.get("id"), str):
            return str(error["id"])
    return ""
