"""What an adapter says of a call: one JSON object a line, read strictly."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from basix_contract.checks import ClientOutcome

if TYPE_CHECKING:
    from collections.abc import Mapping

_OUTCOMES: tuple[str, ...] = get_args(ClientOutcome)
_MOST_DETAIL = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer; `problem` says what is wrong with it, and `case` is empty where it names none."""

    case: str = ""
    members: Mapping[str, Any] | None = None
    problem: str = ""


def read_line(line: bytes) -> Answer:
    """Read one line of an adapter's standard output; never raises."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return Answer(problem="a line that is no JSON")
    return read_answer(value)


def read_answer(value: Any) -> Answer:
    """Read an answer that is a JSON value already; never raises."""
    if not isinstance(value, dict):
        return Answer(problem="a line that is no JSON object")
    case = value.get("case")
    if not isinstance(case, str):
        return Answer(problem="an answer without the text case")
    if problem := _problem(value):
        return Answer(case=case, problem=problem)
    return Answer(case=case, members=_kept(value))


def _problem(value: Mapping[str, Any]) -> str:
    outcome = value.get("outcome")
    if outcome not in _OUTCOMES:
        return f"outcome must be one of {', '.join(_OUTCOMES)}, not {json.dumps(outcome)[:80]}"
    uuids = value.get("uuids")
    if outcome == "success" and not (isinstance(uuids, list) and all(isinstance(item, str) for item in uuids)):
        return "a success without uuids, a list of texts"
    error_id, code = value.get("error_id"), value.get("result_code")
    if error_id is not None and not isinstance(error_id, str):
        return "error_id is neither text nor null"
    if code is not None and not (type(code) is int or (type(code) is float and code.is_integer())):
        return "result_code is neither a whole number nor null"
    return ""


def _kept(value: Mapping[str, Any]) -> dict[str, Any]:
    detail = value.get("detail")
    return {
        "outcome": value["outcome"],
        "uuids": value.get("uuids", []) if value["outcome"] == "success" else [],
        "error_id": value.get("error_id"),
        "result_code": None if value.get("result_code") is None else int(value["result_code"]),
        "detail": detail[:_MOST_DETAIL] if isinstance(detail, str) else "",
    }
