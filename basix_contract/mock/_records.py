"""The read-out: what happened to each call, as frozen values that turn into JSON."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from basix_contract.mock._call import Call
from basix_contract.mock._directory import Directory
from basix_contract.mock._state import Event, PbxState


@dataclass(frozen=True, slots=True, kw_only=True)
class LegRecord:
    """One terminal that rang: its channel, what it showed, and how it ended (F27)."""

    uuid: str
    terminal: int
    display: str
    auto_answers: bool
    state: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackRecord:
    """One callback that was sent: `status` is the receiver's, `error` says why there is none."""

    at_s: float
    method: str
    url: str
    body: str
    attempt: int
    status: int | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """One call: what was asked for, who was rung on whose behalf, and how it ended.

    `parameters` are those given. `outcome` is empty while the terminals ring, then `answered` or an error id.
    """

    id: str
    parameters: Mapping[str, Any] = field(hash=False)
    user: str
    group: str | None
    destination: Mapping[str, Any] = field(hash=False)
    answer_timeout_s: float
    auto_answer: bool
    calling_name: str | None
    callback_url: str | None
    uuids: tuple[str, ...]
    legs: tuple[LegRecord, ...]
    outcome: str
    answered_uuid: str | None
    second_leg: str
    callbacks: tuple[CallbackRecord, ...]
    events: tuple[Event, ...] = field(hash=False)

    def as_json(self) -> dict[str, Any]:
        """Return the record as plain JSON values."""
        return dataclasses.asdict(self)


def read_calls(state: PbxState) -> tuple[CallRecord, ...]:
    """Return a record of every call, in the order in which they were placed; from any thread."""
    with state.changed:
        calls = tuple(state.calls)
        events: dict[str, list[Event]] = {}
        for event in state.events:
            if event.call_id is not None:
                events.setdefault(event.call_id, []).append(event)
        return tuple(_record(call, tuple(events.get(call.id, ()))) for call in calls)


def directory_json(directory: Directory) -> dict[str, Any]:
    """Return the directory as plain JSON values, without the token."""
    shown = dataclasses.asdict(directory)
    del shown["token"]
    return shown


def _record(call: Call, events: tuple[Event, ...]) -> CallRecord:
    request, result = call.request, call.result
    outcome = "" if result is None else result.error_id or "answered"
    return CallRecord(
        id=call.id,
        parameters=request.parameters,
        user=request.user.name or str(request.user.id),
        group=request.group.name if request.group else None,
        destination=dataclasses.asdict(request.destination),
        answer_timeout_s=request.answer_timeout_s,
        auto_answer=request.auto_answer,
        calling_name=request.calling_name,
        callback_url=request.callback_url,
        uuids=call.uuids,
        legs=tuple(LegRecord(**dataclasses.asdict(leg)) for leg in call.legs),
        outcome=outcome,
        answered_uuid=result.uuid if result else None,
        second_leg=call.second_leg,
        callbacks=tuple(_callback(event) for event in events if event.kind == "callback"),
        events=events,
    )


def _callback(event: Event) -> CallbackRecord:
    return CallbackRecord(at_s=event.at_s, **event.detail)
