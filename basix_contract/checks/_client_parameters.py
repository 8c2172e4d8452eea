"""What a request says: every parameter that was given, as it was given, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from basix_contract.checks._client_leftovers import Leftovers, is_default
from basix_contract.checks._client_values import EMPTY, Kind, is_named, is_same, kinds, wrong_kind
from basix_contract.checks._finding import Finding, broken, held, worst
from basix_contract.contract import load_document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from basix_contract.checks._client_history import ClientHistory

_NOTHING_CAME = "no request with a JSON object came"
_SCHEMES = ("http", "https")


def check_kinds(history: ClientHistory) -> Finding:
    """Every documented member is of a kind that the document allows or leaves open."""
    return _each_body(
        history,
        lambda body: next(
            (said for name, value in body.items() if name in kinds() and (said := wrong_kind(name, value))), ""
        ),
    )


def check_user_selector(history: ClientHistory) -> Finding:
    """Every request names a user."""
    names = load_document().user_selectors
    return _each_body(
        history,
        lambda body: "" if any(is_named(body.get(name)) for name in names) else "it names no user",
    )


def check_destination(history: ClientHistory) -> Finding:
    """Every request has a destination."""
    return _each_body(
        history,
        lambda body: "its destination is missing or empty" if body.get("destination") in (*EMPTY, {}) else "",
    )


def check_callback_form(history: ClientHistory) -> Finding:
    """Every callback_url is absolute, http or https, with a host."""
    return _each_body(history, lambda body: _wrong_url(body.get("callback_url")))


def _wrong_url(value: Any) -> str:
    if not isinstance(value, str) or not value:
        return ""
    try:
        parts = urlsplit(value)
        is_good = parts.scheme.lower() in _SCHEMES and bool(parts.hostname) and value.isprintable() and " " not in value
    except ValueError:
        is_good = False
    return "" if is_good else f"callback_url {value[:80]!r} is no absolute http or https URL"


def check_all_sent(history: ClientHistory) -> Finding:
    """Every parameter that was given arrives under its own name."""
    return _each_given(history, "given/every-parameter", _missing)


def _missing(params: Mapping[str, Any], body: Mapping[str, Any]) -> str:
    for name, value in params.items():
        is_owed = value not in EMPTY and not is_default(name, value)
        if is_owed and name in kinds() and body.get(name) is None:
            return f"{name} is missing"
    return ""


def check_nothing_invented(history: ClientHistory) -> Finding:
    """No documented parameter goes out with a value that nobody gave."""
    leftovers = Leftovers(history)

    def invented(params: Mapping[str, Any], body: Mapping[str, Any]) -> str:
        for name, value in _not_given(params, body):
            if not (leftovers.found_in(params, {name: value}) or value in EMPTY or is_default(name, value)):
                return f"{name} was not given"
        return ""

    findings = [
        broken(f"{call.title}: {said}", call.id) if (said := invented(params, body)) else held()
        for call, params, body in history.given()
    ]
    return worst(findings, nothing=_NOTHING_CAME)


def _not_given(params: Mapping[str, Any], body: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((name, value) for name, value in body.items() if name in kinds() and name not in params)


def check_values(history: ClientHistory, check_id: str, of_kinds: tuple[Kind, ...]) -> Finding:
    """Parameters of these kinds arrive with the value that was given."""

    def changed(params: Mapping[str, Any], body: Mapping[str, Any]) -> str:
        for name, given in params.items():
            kind = kinds().get(name)
            sent = body.get(name)
            if kind in of_kinds and given not in EMPTY and sent not in EMPTY and not is_same(kind, given, sent):
                return f"{name} does not arrive as it was given"
        return ""

    return _each_given(history, check_id, changed)


def check_flag(history: ClientHistory) -> Finding:
    """True stays true, and false never becomes true."""
    return _each_given(history, "given/auto-answer", _turned)


def _turned(params: Mapping[str, Any], body: Mapping[str, Any]) -> str:
    for name, given in params.items():
        if (
            kinds().get(name) == "flag"
            and name in body
            and body[name] is not None
            and not is_same("flag", given, body[name])
        ):
            return f"{name} {given!r} arrives as {body[name]!r}"
    return ""


def check_nothing_left_over(history: ClientHistory) -> Finding:
    """Nothing that was given for one call only stands in the request of another."""
    leftovers = Leftovers(history)
    findings = [
        broken(f"{call.title}: {said}", call.id) if (said := leftovers.found_in(params, body)) else held()
        for call, params, body in history.given()
    ]
    return worst(findings, nothing=_NOTHING_CAME)


def _each_body(history: ClientHistory, fault: Callable[[Mapping[str, Any]], str]) -> Finding:
    findings = [
        broken(f"{call.title}: {said}", call.id) if (said := fault(request.members)) else held()
        for call, request in history.bodies()
    ]
    return worst(findings, nothing=_NOTHING_CAME)


def _each_given(
    history: ClientHistory, check_id: str, fault: Callable[[Mapping[str, Any], Mapping[str, Any]], str]
) -> Finding:
    """Judge every request by what was given for it; a call played for this very check must have come at all."""
    findings = [
        broken(f"{call.title}: {said}", call.id) if (said := fault(params, body)) else held()
        for call, params, body in history.given()
    ]
    absent = [
        broken(f"{call.title}: no request came", call.id)
        for call in history.serving(check_id)
        if call.reported is not None and call.first is None
    ]
    return worst([*findings, *absent], nothing=_NOTHING_CAME)
