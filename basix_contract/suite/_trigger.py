"""One callback at one URL, valid or odd, with what the contract makes of the answer."""

from __future__ import annotations

import asyncio
import dataclasses
import difflib
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from basix_contract.checks import RECEIVER_CHECKS, Delivery, ReceiverHistory, Reply
from basix_contract.contract import load_ledger, load_scenarios
from basix_contract.errors import UsageError
from basix_contract.messages import Response
from basix_contract.profile import RawSender
from basix_contract.suite._files import shipped
from basix_contract.suite.deliver._addresses import ensure_url, new_nonce
from basix_contract.suite.deliver._build import build_scenarios
from basix_contract.suite.deliver._commands import CASE
from basix_contract.suite.deliver._options import ensure_consent
from basix_contract.suite.deliver._uuids import Uuids
from basix_contract.suite.deliver._wire import raw_request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from basix_contract.profile import Silence
    from basix_contract.suite.deliver._scenario import Scenario, Step

# Ids of calls and channels look like this; nothing else that a callback could say can be written with it.
_UUID = re.compile(r"[0-9A-Za-z._@:-]{1,128}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerOptions:
    """What to send where: `kind` is a scenario, which stands for its first callback, or one callback by its id."""

    kind: str
    url: str
    uuid: str = ""
    times: int = 1
    live: bool = False
    timeout_s: float = 10.0
    ca_file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """One callback that was sent, and what came of it; `breaches` are (row, level, sentence) of what it breaks."""

    title: str
    method: str
    url: str
    body: bytes
    took_s: float
    status: int | None
    answer: bytes
    silence: str
    was_sent: bool
    breaches: tuple[tuple[str, str, str], ...]


def triggers() -> tuple[tuple[str, str], ...]:
    """Return id and title of every callback that can be sent by itself; a scenario's first bears its name too."""
    return tuple((step.id, step.title) for scenario in _scenarios() for step in scenario.steps if not step.follows)


def fire(options: TriggerOptions) -> Iterator[Fired]:
    """Send the callback as often as asked for, one after the other, and yield what came of each.

    Raises UsageError for a kind there is none of, and for a URL that may not be sent to.
    """
    ensure_url(options.url, "--to")
    ensure_consent(options.url, "--to", is_live=options.live)
    step = _step(options)
    sender = RawSender(options.url, allows_remote=options.live, ca_file=options.ca_file)
    url = options.url.replace(CASE, new_nonce())
    for _ in range(options.times):
        began = time.monotonic()
        outcome = asyncio.run(sender.send(raw_request(step, url), timeout_s=options.timeout_s))
        yield _fired(step, url, outcome, time.monotonic() - began)


def _scenarios() -> tuple[Scenario, ...]:
    return build_scenarios(load_scenarios(shipped("scenarios/receiver")), Uuids(0, new_nonce()))


def _step(options: TriggerOptions) -> Step:
    known: dict[str, tuple[Scenario, Step]] = {}
    for scenario in _scenarios():
        for step in scenario.steps:
            known.setdefault(scenario.id, (scenario, step))
            known[step.id] = (scenario, step)
    if options.kind not in known:
        near = difflib.get_close_matches(options.kind, known, n=1, cutoff=0.4)
        fix = f"did you mean {near[0]}?" if near else "--list shows them all"
        raise UsageError(f"there is no callback {options.kind!r}", fix=fix)
    scenario, step = known[options.kind]
    if not options.uuid:
        return step
    if not _UUID.fullmatch(options.uuid):
        raise UsageError("this is no uuid", where="--uuid", fix="use letters, digits and . _ @ : - only")
    call = next(call for call in scenario.calls if call.id == step.call)
    named = next((uuid for uuid in call.uuids if uuid.encode() in step.body), "")
    if not named:
        raise UsageError(f"{step.id} names no uuid of its call", where="--uuid", fix="leave --uuid out")
    return dataclasses.replace(step, body=step.body.replace(named.encode(), options.uuid.encode()))


def _fired(step: Step, url: str, outcome: Response | Silence, took_s: float) -> Fired:
    delivery = _delivery(step, outcome, took_s)
    reply, was_sent = delivery.reply, isinstance(outcome, Response) or outcome.was_sent
    return Fired(
        title=step.title,
        method=step.method,
        url=url,
        body=step.body,
        took_s=took_s,
        status=reply.status if reply else None,
        answer=reply.body if reply else b"",
        silence=delivery.silence,
        was_sent=was_sent,
        breaches=tuple(_breaches(delivery)) if was_sent else (),
    )


def _delivery(step: Step, outcome: Response | Silence, took_s: float) -> Delivery:
    plain = Delivery(
        id=step.id, scenario="trigger", title=step.title, call=step.call, expects=step.expects, sent_at_s=0.0
    )
    if isinstance(outcome, Response):
        reply = Reply(status=outcome.status, headers=outcome.headers, body=outcome.body, at_s=took_s)
        return dataclasses.replace(plain, reply=reply)
    return dataclasses.replace(plain, silence=outcome.reason, is_stalled=outcome.is_stall)


def _breaches(delivery: Delivery) -> Iterator[tuple[str, str, str]]:
    """Judge one delivery by the very checks of a run."""
    history = ReceiverHistory(deliveries=(delivery,))
    for check in delivery.expects:
        if RECEIVER_CHECKS[check](history).status == "broken":
            row = load_ledger().requirement_of(check)
            yield row.id, row.level, row.statement
