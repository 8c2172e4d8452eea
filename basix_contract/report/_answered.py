"""The calls a reader knows from the document, as a client placed them: request, reply and outcome, a line each."""

from __future__ import annotations

from collections.abc import Iterator

from basix_contract.checks import ClientCall, ClientRequest, Says
from basix_contract.report._excerpts import excerpt, printable
from basix_contract.suite import RunResult

_TOLD = "examples."
_RECORDED = "request."
_MOST_RECORDED = 6

Told = tuple[str, tuple[tuple[str, str], ...]]


def answered(result: RunResult, limit: int) -> Iterator[Told]:
    """Yield the title of each of the document's calls, or of those recorded, and what went to and fro."""
    recorded = [call for call in result.history.calls if call.id.startswith(_RECORDED)]
    calls = [call for call in result.history.calls if call.id.startswith(_TOLD)] or recorded[:_MOST_RECORDED]
    for call in calls:
        if call.given_at_s is not None:
            yield call.title, tuple(_lines(call, limit))


def _lines(call: ClientCall, limit: int) -> Iterator[tuple[str, str]]:
    for request in call.requests:
        yield "→", _request(request, limit)
        yield "←", _says(request.says, limit)
    if call.reported is not None:
        told = {"uuids": list(call.reported.uuids)} if call.reported.outcome == "success" else {}
        said = {"error_id": call.reported.error_id} if call.reported.error_id is not None else {}
        shown = f" {excerpt(told or said, limit)}" if told or said else ""
        yield "⇒", f"{call.reported.outcome}{shown}"
    elif call.lack:
        yield "⇒", printable(call.lack)


def _request(request: ClientRequest, limit: int) -> str:
    if request.problem or not request.has_body:
        return f"{request.method} {printable(request.problem) or '(no body)'}"
    return excerpt(request.value, limit)


def _says(says: Says | None, limit: int) -> str:
    if says is None:
        return "no reply"
    if not says.is_envelope:
        return "a reply without an envelope"
    told = {"result_code": says.result_code}
    more = {"uuids": list(says.uuids)} if says.result_code == 0 else {"error": {"id": says.error_id}}
    return excerpt({**told, **more}, limit)
