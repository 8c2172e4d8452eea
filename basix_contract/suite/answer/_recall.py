"""From the journal of a client's run back to a history: the live run and `verify` both go through here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from basix_contract.checks import ClientCall, ClientHistory, ClientRequest, Reported, Says, SignIn
from basix_contract.suite._journal import unpack
from basix_contract.suite._reading import read_events, read_run
from basix_contract.suite._standing import Standing
from basix_contract.validation import parse_json, validate_request_body

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from basix_contract.suite._journal import Event


@dataclass(slots=True)
class _Draft:
    """A call while its events are being read."""

    planned: Event
    attempt: int = 0
    given_at_s: float | None = None
    requests: list[Event] = field(default_factory=list)
    reported: Event | None = None
    lack: str = ""
    more_reports: int = 0
    leaks: list[str] = field(default_factory=list)


@dataclass(slots=True)
class ClientRecall:
    """What a journal tells: the history to judge, and the facts about the run itself."""

    run: Event = field(default_factory=dict)
    last_at_s: float = 0.0
    ending: str = "cut short"
    lag_s: float = 0.0
    requests_sent: int = 0
    ended_scenarios: set[str] = field(default_factory=set)
    planned_scenarios: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    noise: list[str] = field(default_factory=list)
    drafts: dict[str, _Draft] = field(default_factory=dict)
    strays: list[Event] = field(default_factory=list)
    replied: dict[str, Event] = field(default_factory=dict)

    def history(self) -> ClientHistory:
        """Return the run as checks see it."""
        return ClientHistory(
            calls=tuple(self._call(name, draft) for name, draft in self.drafts.items()),
            strays=tuple(self._request(event, {}) for event in self.strays),
            is_recording=bool(self.run.get("is_recording")),
            lag_s=self.lag_s,
        )

    def _call(self, name: str, draft: _Draft) -> ClientCall:
        planned = draft.planned
        return ClientCall(
            id=name,
            title=planned["title"],
            serves=tuple(planned["serves"]),
            allows=tuple(planned["allows"]),
            params=planned["params"],
            given_at_s=draft.given_at_s,
            requests=tuple(self._request(event, planned) for event in draft.requests),
            reported=_reported(draft.reported),
            lack=draft.lack,
            more_reports=draft.more_reports,
            leaks=tuple(draft.leaks),
        )

    def _request(self, event: Event, planned: Event) -> ClientRequest:
        body = unpack(event["body"])
        parsed = parse_json(body)
        return ClientRequest(
            id=event["request"],
            at_s=event["t"],
            method=event["method"],
            target=event["target"],
            place=event["place"],
            headers=tuple((name, value) for name, value in event["headers"]),
            has_body=bool(body),
            value=parsed.value,
            problem=event["problem"] or parsed.problem,
            has_byte_order_mark=parsed.has_byte_order_mark,
            sign_in=SignIn(**event.get("sign_in", {})),
            token_places=tuple(event.get("token_places", ())),
            says=self._says(event, planned),
            answered_at_s=self.replied.get(event["request"], {}).get("t"),
        )

    def _says(self, event: Event, planned: Event) -> Says | None:
        """Return what a request was answered; a reply that the client did not wait for says nothing."""
        if event["request"] not in self.replied:
            return None
        is_whole = self.replied[event["request"]]["is_whole"]
        declared = planned["replies"][event["reply"]]["says"] if is_whole else {}
        return Says(**{**declared, "uuids": tuple(declared.get("uuids", ()))})


def recall_client(events: Iterable[Event]) -> ClientRecall:
    """Read events in order; kinds this version does not know are passed over.

    Raises UsageError where an event lacks what its kind must have.
    """
    return read_events(ClientRecall(), events, _READERS)


def _reported(event: Event | None) -> Reported | None:
    if event is None:
        return None
    return Reported(
        outcome=event["outcome"],
        at_s=event["t"],
        uuids=tuple(event["uuids"]),
        error_id=event["error_id"],
        result_code=event["result_code"],
        detail=event["detail"],
    )


def client_standing(history: ClientHistory, told: Any) -> Standing:
    """Sum up a run of the client role; a call that was placed is one whose request got a success."""
    requests = [request for _, request in history.requests()]
    reported = [call for call in history.calls if call.reported is not None]
    return Standing(
        calls_placed=sum(request.says is not None and request.says.result_code == 0 for request in requests),
        was_played=bool(requests) or bool(reported),
        has_success=history.is_recording or any(_was_taken_as_success(call) for call in reported),
        unreachable="" if requests or history.is_recording else _silence(history, told),
    )


def _was_taken_as_success(call: ClientCall) -> bool:
    return call.reported is not None and call.reported.outcome == "success" and call.says.result_code == 0


def _silence(history: ClientHistory, told: Any) -> str:
    lack = next((call.lack for call in history.calls if call.lack), "")
    if not lack and not any(call.given_at_s is not None for call in history.calls):
        return ""
    return f"the client sent no request at all: {lack or next(iter(told.noise), 'it reported and sent nothing')}"


# ── events ──


def _read_scenario(told: ClientRecall, event: Event) -> None:
    told.planned_scenarios.append(event["scenario"])


def _read_scenario_end(told: ClientRecall, event: Event) -> None:
    told.ended_scenarios.add(event["scenario"])


def _read_case(told: ClientRecall, event: Event) -> None:
    told.drafts[event["case"]] = _Draft(event)
    told.faults += _own_faults(event)


def _own_faults(event: Event) -> list[str]:
    """Judge what we ask for: a call that must be placed has to keep the contract, or the fault is ours."""
    if event["params"] is None or tuple(event["allows"]) not in (("success",), ("error",)):
        return []
    found = validate_request_body(event["params"])
    return [f"our own call {event['case']} breaks the contract: {found[0].text}"] if found else []


def _read_given(told: ClientRecall, event: Event) -> None:
    draft = told.drafts[event["case"]]
    fresh = _Draft(draft.planned, event["attempt"], event["t"], leaks=draft.leaks)
    told.drafts[event["case"]] = fresh


def _read_request(told: ClientRecall, event: Event) -> None:
    told.requests_sent += 1
    if not event["case"]:
        told.strays.append(event)
    elif event["method"] != "OPTIONS" and event["attempt"] == told.drafts[event["case"]].attempt:
        told.drafts[event["case"]].requests.append(event)


def _read_replied(told: ClientRecall, event: Event) -> None:
    told.replied[event["request"]] = event


def _read_answer(told: ClientRecall, event: Event) -> None:
    told.drafts[event["case"]].reported = event


def _read_answered_again(told: ClientRecall, event: Event) -> None:
    draft = told.drafts[event["case"]]
    draft.more_reports += draft.reported is not None and event["attempt"] == draft.attempt


def _read_lack(told: ClientRecall, event: Event) -> None:
    told.drafts[event["case"]].lack = event["reason"]


def _read_leak(told: ClientRecall, event: Event) -> None:
    told.drafts[event["case"]].leaks.append(event["stream"])


def _read_noise(told: ClientRecall, event: Event) -> None:
    told.noise.append(event["what"])


def _read_fault(told: ClientRecall, event: Event) -> None:
    told.faults.append(event["reason"])


def _read_end(told: ClientRecall, event: Event) -> None:
    told.ending = event["reason"]
    told.lag_s = event["lag_s"]


_READERS: dict[str, Callable[[ClientRecall, Event], None]] = {
    "run": read_run,
    "scenario": _read_scenario,
    "scenario-end": _read_scenario_end,
    "case": _read_case,
    "given": _read_given,
    "request": _read_request,
    "replied": _read_replied,
    "answer": _read_answer,
    "answered-again": _read_answered_again,
    "lack": _read_lack,
    "leak": _read_leak,
    "noise": _read_noise,
    "harness-error": _read_fault,
    "end": _read_end,
}
