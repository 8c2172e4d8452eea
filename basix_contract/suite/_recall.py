"""From a journal's events back to a history: the live run and `verify` both go through here."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from basix_contract.checks import CallbackSeen, Exchange, History, Intent, Reply
from basix_contract.suite._journal import unpack
from basix_contract.suite._reading import read_events, read_run
from basix_contract.validation import parse_json, validate_request_body

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from basix_contract.messages import Headers
    from basix_contract.suite._journal import Event


@dataclass(slots=True)
class _Draft:
    """An exchange while its events are being read."""

    planned: Event
    sent_at_s: float | None = None
    reply: Reply | None = None
    silence: str = ""
    withheld: str = ""
    callbacks: list[CallbackSeen] = field(default_factory=list)
    watched_until_s: float | None = None


@dataclass(slots=True)
class Recall:
    """What a journal tells: the history to judge, and the facts about the run itself."""

    run: Event = field(default_factory=dict)
    last_at_s: float = 0.0
    ending: str = "cut short"
    ended_at_s: float = 0.0
    lag_s: float = 0.0
    requests_sent: int = 0
    ended_scenarios: set[str] = field(default_factory=set)
    planned_scenarios: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    drafts: dict[str, _Draft] = field(default_factory=dict)
    strays: list[CallbackSeen] = field(default_factory=list)
    shrunk: dict[str, bytes] = field(default_factory=dict)
    is_route_exact: bool = True

    def history(self) -> History:
        """Return the run as checks see it; callbacks without a token go to the call whose uuid they name."""
        self._adopt_strays()
        self._share_out()
        if self.ending != "complete":
            self.stop_watching()
        arrived = any(draft.callbacks for draft in self.drafts.values())
        return History(
            exchanges=tuple(_exchange(name, draft) for name, draft in self.drafts.items()),
            strays=tuple(self.strays),
            grace_s=float(self.run.get("grace_s", 0.0)),
            lag_s=self.lag_s,
            may_be_guarded=bool(self.run.get("may_be_guarded")),
            is_route_proven=bool(self.run.get("is_loopback")) or arrived,
            is_route_exact=self.is_route_exact,
            run_ended_at_s=self.ended_at_s,
        )

    def stop_watching(self) -> None:
        """Note that nobody listened for the callbacks of these calls any more."""
        for draft in self.drafts.values():
            if draft.sent_at_s is not None and draft.watched_until_s is None:
                draft.watched_until_s = self.last_at_s

    def _adopt_strays(self) -> None:
        owners = {uuid.lower(): draft for draft in self.drafts.values() if draft.reply for uuid in draft.reply.uuids}
        for stray in list(self.strays):
            owner = owners.get((stray.uuid or "").lower())
            if owner is not None and owner.planned["intent"].get("asks_callback"):
                owner.callbacks.append(stray)
                self.strays.remove(stray)

    def _share_out(self) -> None:
        """Give each call its own of the callbacks that came to a URL it shares: by uuid, else in their order."""
        families: dict[str, list[_Draft]] = {}
        for draft in self.drafts.values():
            first = draft.planned["intent"].get("callback_of")
            if first in self.drafts:
                families.setdefault(first, [self.drafts[first]]).append(draft)
        for family in families.values():
            arrived = sorted(family[0].callbacks, key=lambda seen: seen.at_s)
            family[0].callbacks.clear()
            for seen in sorted(arrived, key=lambda seen: seen.uuid is None):
                _owner(family, seen).callbacks.append(seen)


def _owner(family: list[_Draft], seen: CallbackSeen) -> _Draft:
    """Return the call that a callback at a shared URL is about: the one it names, else the first that has none yet."""
    uuid = (seen.uuid or "").lower()
    named = [draft for draft in family if draft.reply and uuid in {item.lower() for item in draft.reply.uuids}]
    waiting = [draft for draft in named or family if not draft.callbacks]
    return next(iter((*waiting, *named, *family)))


def recall(events: Iterable[Event]) -> Recall:
    """Read events in order; kinds this version does not know are passed over.

    Raises UsageError where an event lacks what its kind must have.
    """
    return read_events(Recall(), events, _READERS)


def _exchange(name: str, draft: _Draft) -> Exchange:
    planned = draft.planned
    return Exchange(
        id=name,
        scenario=planned["scenario"],
        title=planned["title"],
        intent=_intent(planned["intent"]),
        sent_at_s=draft.sent_at_s,
        reply=draft.reply,
        silence=draft.silence,
        withheld=draft.withheld,
        callbacks=tuple(sorted(draft.callbacks, key=lambda seen: seen.at_s)),
        watched_until_s=math.inf if draft.watched_until_s is None else draft.watched_until_s,
    )


def _intent(members: dict[str, Any]) -> Intent:
    return Intent(**{**members, "judged_by": tuple(members.get("judged_by", ()))})


def _headers(pairs: list[list[str]]) -> Headers:
    return tuple((name, value) for name, value in pairs)


def _read_run(told: Recall, event: Event) -> None:
    if not isinstance(event["grace_s"], float | int):
        raise TypeError
    read_run(told, event)


def _read_route(told: Recall, event: Event) -> None:
    told.is_route_exact = bool(event["is_exact"])


def _read_planned(told: Recall, event: Event) -> None:
    earlier = told.drafts.get(event["exchange"])
    if earlier is None or earlier.sent_at_s is None:
        told.drafts[event["exchange"]] = _Draft(event)


def _read_resumed(told: Recall, _event: Event) -> None:
    told.stop_watching()


def _read_scenario(told: Recall, event: Event) -> None:
    if event["scenario"] not in told.planned_scenarios:
        told.planned_scenarios.append(event["scenario"])


def _read_scenario_end(told: Recall, event: Event) -> None:
    told.ended_scenarios.add(event["scenario"])


def _read_about_to_send(told: Recall, event: Event) -> None:
    draft = told.drafts[event["exchange"]]
    draft.sent_at_s = event["t"]
    told.requests_sent += 1
    told.faults += _own_faults(draft.planned, event["request"])


def _own_faults(planned: Event, request: Event) -> list[str]:
    """Judge our own traffic too: what we want accepted must keep the contract, or the fault is ours."""
    if planned["intent"]["expect"] != "accept" or "cut_from" in request:
        return []
    parsed = parse_json(unpack(request["body"]))
    found = validate_request_body(parsed.value) if not parsed.problem else ()
    said = parsed.problem or next((violation.text for violation in found), "")
    return [f"our own request {planned['exchange']} breaks the contract: {said}"] if said else []


def _read_reply(told: Recall, event: Event) -> None:
    body = unpack(event["body"])
    parsed = parse_json(body)
    told.drafts[event["exchange"]].reply = Reply(
        status=event["status"],
        headers=_headers(event["headers"]),
        body=body,
        at_s=event["t"],
        value=parsed.value,
        problem=parsed.problem,
    )


def _read_silence(told: Recall, event: Event) -> None:
    told.drafts[event["exchange"]].silence = event["reason"]


def _read_withheld(told: Recall, event: Event) -> None:
    draft = told.drafts[event["exchange"]]
    draft.withheld = event["reason"]
    if draft.sent_at_s is not None:
        draft.sent_at_s = None
        told.requests_sent -= 1


def _read_callback(told: Recall, event: Event) -> None:
    parsed = parse_json(unpack(event["body"]))
    seen = CallbackSeen(
        id=event["callback"],
        exchange=event["exchange"],
        method=event["method"],
        target=event["target"],
        headers=_headers(event["headers"]),
        at_s=event["t"],
        value=parsed.value,
        problem=parsed.problem,
        is_exact=event["is_exact"],
    )
    draft = told.drafts.get(seen.exchange)
    (draft.callbacks if draft else told.strays).append(seen)


def _read_fault(told: Recall, event: Event) -> None:
    told.faults.append(event["reason"])


def _read_shrunk(told: Recall, event: Event) -> None:
    told.shrunk[event["exchange"]] = unpack(event["request"]["body"])


def _read_end(told: Recall, event: Event) -> None:
    told.ending = event["reason"]
    told.ended_at_s = event["t"]
    told.lag_s = event["lag_s"]


_READERS: dict[str, Callable[[Recall, Event], None]] = {
    "run": _read_run,
    "route": _read_route,
    "scenario": _read_scenario,
    "planned": _read_planned,
    "about-to-send": _read_about_to_send,
    "reply": _read_reply,
    "silence": _read_silence,
    "withheld": _read_withheld,
    "callback": _read_callback,
    "resumed": _read_resumed,
    "scenario-end": _read_scenario_end,
    "harness-error": _read_fault,
    "end": _read_end,
    "shrunk": _read_shrunk,
}
