"""`replay`: one journaled case again, with its control, as it was sent; nothing is drawn anew."""

from __future__ import annotations

import dataclasses
import difflib
from typing import TYPE_CHECKING, Any

from basix_contract.checks import Intent
from basix_contract.contract import load_ledger
from basix_contract.errors import UsageError
from basix_contract.suite._conclude import conclude
from basix_contract.suite._journal import read_journal, unpack
from basix_contract.suite._options import open_target, read_profile
from basix_contract.suite._promise import promise_of
from basix_contract.suite._redact import Redactor
from basix_contract.suite._resume import Earlier
from basix_contract.suite._run import Run, conduct, plan_for
from basix_contract.suite._scenario import CALLBACK_URL, Scenario, Step
from basix_contract.suite.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from basix_contract.suite._journal import Event
    from basix_contract.suite._options import ServerOptions
    from basix_contract.suite._result import RunResult


SMALLEST = ".smallest"
"""Behind the id of an exchange: the smallest body that failed as it did."""


def replay(case: str, journal: Path, options: ServerOptions) -> RunResult:
    """Play one exchange of a journal again, its positive control before it, and judge what comes of it.

    Secrets and personal values come from the profile; the gate and the budget hold as in any run. Raises
    UsageError when the journal does not hold the exchange, or its body is not wholly in it.
    """
    planned, sent = _events(journal)
    if case not in planned:
        near = ", ".join(difflib.get_close_matches(case, planned, n=3, cutoff=0.4))
        fix = f"did you mean {near}?" if near else "name an exchange as the report's evidence does"
        raise UsageError(f"the journal holds no exchange {case!r}", where=str(journal), fix=fix)
    profile = read_profile(options)
    with open_target(profile, options) as target:
        known = {step.id: step for scenario in plan_for(profile, target, options).whole() for step in scenario.steps}
        redactor = Redactor(profile, target.token)
        control = planned[case]["intent"].get("control", "")
        ids = [name for name in (control, case) if name]
        steps = tuple(_step(planned[name], sent.get(name), known, redactor) for name in ids)
        plan = Plan((Scenario(id="replay", phase="alone", is_settled=True, steps=steps),))
        path = options.report / "journal.ndjson"
        asked = dataclasses.replace(options, only=_rows(planned[case]["intent"]))
        promise = promise_of(profile, target, options)
        conduct(Run(asked, profile, target, plan, (), Earlier(), replay=case, promise=promise), path)
    return conclude(path)


def _rows(intent: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the rows of the ledger that judge an exchange by itself."""
    checks = {intent["probe"], *intent["judged_by"]}
    return tuple(row.id for row in load_ledger() if checks & set(row.checks))


def _events(journal: Path) -> tuple[dict[str, Event], dict[str, Event]]:
    events = list(read_journal(journal))
    planned = {event["exchange"]: event for event in events if event["event"] == "planned"}
    sent = {event["exchange"]: event for event in events if event["event"] == "about-to-send"}
    for event in events:
        if event["event"] == "shrunk" and event["exchange"] in planned:
            name = event["exchange"] + SMALLEST
            planned[name] = {**planned[event["exchange"]], "exchange": name}
            sent[name] = event
    return planned, sent


def _step(planned: Event, sent: Event | None, known: Mapping[str, Step], redactor: Redactor) -> Step:
    """Rebuild a step; the plan supplies what a journal may not hold: credentials, and bodies too long for it."""
    name = planned["exchange"]
    original = known.get(name)
    if original is not None and (sent is None or "cut_from" in sent["request"]):
        return original
    if sent is None or "cut_from" in sent["request"]:
        raise UsageError(f"the body of {name} is not in the journal", fix="replay another exchange of the same check")
    raw = redactor.restore(unpack(sent["request"]["body"])).replace(
        planned["callback_url"].encode(), CALLBACK_URL.encode()
    )
    intent = Intent(**{**planned["intent"], "judged_by": tuple(planned["intent"]["judged_by"])})
    if original is not None:
        return dataclasses.replace(original, body=raw, intent=intent)
    return Step(id=name, title=planned["title"], intent=intent, body=raw, **planned["wire"])
