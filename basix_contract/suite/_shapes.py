"""What members of a journal's events must be, whatever the event: a journal may come from anywhere."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any


def problem_with_event(event: Any) -> str:
    """Say what keeps a value from being an event that can be read back; empty for nothing."""
    if not isinstance(event, dict) or not isinstance(event.get("event"), str):
        return "this line is no event"
    request = event.get("request")
    if event["event"] == "about-to-send" and not isinstance(request, dict):
        return "this event does not say what was sent"
    members = (*event.items(), *(request.items() if isinstance(request, dict) else ()))
    wrong = next((name for name, value in members if name in _SHAPES and not _SHAPES[name](value)), "")
    return f"{wrong} of this event is not what it should be" if wrong else ""


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_table(value: Any) -> bool:
    return isinstance(value, dict)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_status(value: Any) -> bool:
    return type(value) is int


def _are_fields(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(pair, list) and [type(part) for part in pair] == [str, str] for pair in value
    )


def _is_packed(value: Any) -> bool:
    if not isinstance(value, dict) or not all(isinstance(part, str) for part in value.values()):
        return False
    try:
        base64.b64decode(value.get("base64", ""))
    except ValueError:
        return False
    return True


_SHAPES: Mapping[str, Callable[[Any], bool]] = MappingProxyType(
    {
        "t": _is_number,
        "lag_s": _is_number,
        "exchange": _is_text,
        "scenario": _is_text,
        "title": _is_text,
        "reason": _is_text,
        "intent": _is_table,
        "wire": _is_table,
        "only": _are_texts,
        "unsupported": _are_texts,
        "uuids": _are_texts,
        "method": _is_text,
        "status": _is_status,
        "headers": _are_fields,
        "body": _is_packed,
    }
)
