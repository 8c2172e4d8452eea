"""Where a call leads: texts stay as they are, objects keep just the members that were given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from basix_contract.checks._client_values import EMPTY, digits_of, is_code
from basix_contract.checks._finding import Finding, broken, held, worst

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from basix_contract.checks._client_history import ClientHistory

_END_USER, _ID = "end_user", "id"


def check_text(history: ClientHistory) -> Finding:
    """A destination given as text arrives as that text."""
    return _each(history, "given/destination-text", str, _changed_text)


def _changed_text(given: Any, sent: Any) -> str:
    return "" if isinstance(sent, str) and sent == given else "the destination does not arrive as it was given"


def check_object(history: ClientHistory) -> Finding:
    """A destination given as an object arrives as an object with just those members."""
    return _each(history, "given/destination-object", dict, _changed_object)


def _changed_object(given: Any, sent: Any) -> str:
    if not isinstance(sent, dict):
        return "the destination object does not arrive as an object"
    for name, value in given.items():
        if value not in EMPTY and sent.get(name) is None:
            return f"destination.{name} is missing"
        if name != _END_USER and value not in EMPTY and sent[name] != value:
            return f"destination.{name} does not arrive as it was given"
    return _additions("destination", given, sent)


def check_end_user(history: ClientHistory) -> Finding:
    """The end user's members arrive as they were given."""
    return _each(history, "given/end-user", dict, _changed_end_user)


def _changed_end_user(given: Any, sent: Any) -> str:
    wanted, found = given.get(_END_USER), sent.get(_END_USER) if isinstance(sent, dict) else None
    if not wanted or found is None:
        return ""  # told by the check of the object itself
    if not isinstance(found, dict):
        return "destination.end_user does not arrive as an object"
    for name, value in wanted.items():
        if value not in EMPTY and not _is_same(name, value, found.get(name)):
            return f"destination.end_user.{name} does not arrive as it was given"
    return _additions("destination.end_user", wanted, found)


def _is_same(name: str, given: Any, sent: Any) -> bool:
    if name == _ID:
        return is_code(sent) and digits_of(sent) == digits_of(given)
    return isinstance(sent, str) and sent == given


def _additions(place: str, given: Mapping[str, Any], sent: Mapping[str, Any]) -> str:
    added = [name for name, value in sent.items() if name not in given and value not in EMPTY]
    return f"{place}.{added[0]} was not given" if added else ""


def _each(history: ClientHistory, check_id: str, kind: type, fault: Callable[[Any, Any], str]) -> Finding:
    """Judge every destination of a kind that arrived; a call played for this very check must have come at all."""
    findings = []
    for call, params, body in history.given():
        given, sent = params.get("destination"), body.get("destination")
        if isinstance(given, kind) and given not in EMPTY and sent not in (*EMPTY, {}):
            said = fault(given, sent)
            findings.append(broken(f"{call.title}: {said}", call.id) if said else held())
    absent = [
        broken(f"{call.title}: no request came", call.id)
        for call in history.serving(check_id)
        if call.reported is not None and call.first is None
    ]
    return worst([*findings, *absent], nothing="no such destination was sent")
