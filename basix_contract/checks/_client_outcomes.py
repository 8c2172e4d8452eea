"""What a client makes of a reply: the outcome it reports, beside what the reply said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from basix_contract.checks._finding import Finding, broken, held, untestable, worst

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from basix_contract.checks._client_history import ClientCall, ClientHistory, Reported

_FAILURES = ("error", "unknown", "exception", "not-sent")


def check_outcome(history: ClientHistory, check_id: str) -> Finding:
    """Every call played for this check is reported as one of the outcomes that its reply allows."""
    return _each(history, check_id, _wrong_outcome)


def check_error_id(history: ClientHistory, check_id: str) -> Finding:
    """Every error played for this check is reported with its own id."""
    return _each(history, check_id, _no_such_error)


def check_error(history: ClientHistory) -> Finding:
    """Every error envelope is reported as an error, whatever its id."""
    return _each(history, "outcome/error", _no_error)


def check_finished(history: ClientHistory) -> Finding:
    """Every call ended in one outcome, in time."""
    findings = [_judge_finished(call) for call in history.calls if call.given_at_s is not None]
    return worst(findings, nothing="no call was given")


def _judge_finished(call: ClientCall) -> Finding:
    if call.lack:
        return broken(f"{call.title}: {call.lack}", call.id)
    if call.reported is None:
        return untestable(f"{call.title}: the run was cut short", call.id)
    if call.more_reports:
        return broken(f"{call.title}: {1 + call.more_reports} outcomes were reported for one call", call.id)
    return held()


def check_together(history: ClientHistory) -> Finding:
    """Calls in flight together each report their own reply."""
    calls = history.serving("outcome/together")
    mixed = [said for call in calls if (said := _mixed_up(call, calls))]
    if mixed:
        return broken(mixed[0], *(call.id for call in calls))
    return _each(history, "outcome/together", _wrong_outcome)


def _mixed_up(call: ClientCall, others: tuple[ClientCall, ...]) -> str:
    told = call.reported.uuids if call.reported else ()
    for other in others:
        if told and other is not call and other.says.uuids == told:
            return f"{call.title}: it reports the reply to another call, {other.title}"
    return ""


def _each(history: ClientHistory, check_id: str, fault: Callable[[ClientCall, Reported], str]) -> Finding:
    return worst((_judge(call, fault) for call in history.serving(check_id)), nothing="not played")


def _judge(call: ClientCall, fault: Callable[[ClientCall, Reported], str]) -> Finding:
    if call.given_at_s is None:
        return untestable(f"{call.title}: not played", call.id)
    if call.reported is None:
        lack = call.lack or "the run was cut short"
        return (broken if call.lack else untestable)(f"{call.title}: {lack}", call.id)
    said = fault(call, call.reported)
    return broken(f"{call.title}: {said}", call.id) if said else held(call.id)


def _wrong_outcome(call: ClientCall, reported: Reported) -> str:
    faults = [_FAULTS[way](call, reported) for way in call.allows]
    return "" if not all(faults) else faults[0]


def _no_success(call: ClientCall, reported: Reported) -> str:
    if reported.outcome != "success":
        return f"a success is reported as {describe(reported)}"
    if sorted(reported.uuids) == sorted(call.says.uuids):
        return ""
    if len(reported.uuids) != len(call.says.uuids):
        return f"{len(reported.uuids)} uuids are reported of {len(call.says.uuids)}"
    return "other uuids are reported than the reply has"


def _no_error(call: ClientCall, reported: Reported) -> str:
    if reported.outcome != "error":
        return f"an error is reported as {describe(reported)}"
    code = reported.result_code
    return "" if code in (None, call.says.result_code) else f"result_code {call.says.result_code} is reported as {code}"


def _no_such_error(call: ClientCall, reported: Reported) -> str:
    if said := _no_error(call, reported):
        return said
    same = reported.error_id == call.says.error_id
    return "" if same else f"error.id {call.says.error_id!r} is reported as {reported.error_id!r}"


def _no_failure(_call: ClientCall, reported: Reported) -> str:
    return "" if reported.outcome in _FAILURES else f"it is reported as {describe(reported)}"


def _nothing(_call: ClientCall, _reported: Reported) -> str:
    return ""


_FAULTS: Mapping[str, Callable[[ClientCall, Reported], str]] = {
    "success": _no_success,
    "error": _no_error,
    "failure": _no_failure,
    "any": _nothing,
}


def describe(reported: Reported) -> str:
    """Say in a few words what was reported."""
    if reported.outcome == "success":
        return f"success with {len(reported.uuids)} uuids"
    said = reported.error_id if reported.outcome == "error" else reported.detail[:80]
    return f"{reported.outcome} ({said})" if said else reported.outcome
