"""The request itself: method, path, credentials, label and body, before anybody asks what it says."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from basix_contract.checks._finding import Finding, broken, held, observed, untestable, worst
from basix_contract.contract import load_document
from basix_contract.messages import field_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from basix_contract.checks._client_history import ClientCall, ClientHistory, ClientRequest

_NOTHING_CAME = "no request came"
_BASIC = "basic"
_ODD_CREDENTIALS = ("sign-in/special-characters", "sign-in/outside-ascii")


def check_post(history: ClientHistory) -> Finding:
    """Every request is a POST; where a redirect leads is another matter."""
    method = load_document().operation_method
    return _each(history, lambda request: "" if request.method == method else f"method {request.method}")


def check_path(history: ClientHistory) -> Finding:
    """Every request goes to the base URL with /call_user appended."""
    return _each(history, lambda request: f"it went to {_path(request)}" if request.place == "other" else "")


def _path(request: ClientRequest) -> str:
    return request.target.partition("?")[0]


def check_basic_at_once(history: ClientHistory) -> Finding:
    """The first request of every call signs in by Basic, with the domain and the token that were given."""
    findings = [
        broken(f"{call.title}: {said}", call.id) if (said := _wrong_sign_in(call.first)) else held()
        for call in history.calls
        if call.first is not None and not any(check in call.serves for check in _ODD_CREDENTIALS)
    ]
    return worst(findings, nothing=_NOTHING_CAME)


def _wrong_sign_in(request: ClientRequest) -> str:
    said = request.sign_in
    if not said.scheme:
        return "" if said.has_cookie else "the request has no Authorization field"
    if said.scheme != _BASIC:
        return f"it signs in by {said.scheme}"
    if not said.is_readable:
        return "its Basic credentials cannot be read"
    wrong = [name for name, found in (("domain", said.domain), ("token", said.token)) if not found]
    return f"its Basic credentials hold another {' and another '.join(wrong)}" if wrong else ""


def check_odd_credentials(history: ClientHistory, check_id: str) -> Finding:
    """Credentials that tempt alteration arrive whole."""
    return worst((_judge_odd(call) for call in history.serving(check_id)), nothing="not played")


def _judge_odd(call: ClientCall) -> Finding:
    if call.given_at_s is None:
        return untestable(f"{call.title}: not played", call.id)
    if call.first is None:
        is_refusal = call.reported is not None and call.reported.outcome != "success"
        if is_refusal and "failure" in call.allows:
            return held(call.id)
        return broken(f"{call.title}: no request came", call.id)
    said = _wrong_sign_in(call.first)
    return broken(f"{call.title}: {said}", call.id) if said else held()


def observe_browser(history: ClientHistory) -> Finding:
    """Record what the vendor's browser client does: a cookie in place of Basic, JSON labelled as a form."""
    seen = Counter(word for _, request in history.requests() for word in _browser_habits(request))
    listed = ", ".join(f"{word} ({times})" for word, times in sorted(seen.items()))
    return observed(listed or "neither was seen")


def _browser_habits(request: ClientRequest) -> Iterable[str]:
    if request.sign_in.has_cookie and not request.sign_in.scheme:
        yield "a cookie in place of Basic"
    if _media_type(request) == "application/x-www-form-urlencoded" and request.members:
        yield "JSON labelled as a form"


def check_content_type(history: ClientHistory) -> Finding:
    """Every request with Basic credentials labels its body as JSON."""
    wanted = load_document().media_type
    return _each(
        history,
        lambda request: "" if _media_type(request) == wanted else f"content type {_label(request)!r}",
        only=lambda request: request.sign_in.scheme == _BASIC or not request.sign_in.has_cookie,
    )


def _label(request: ClientRequest) -> str:
    return field_value(request.headers, "content-type") or ""


def _media_type(request: ClientRequest) -> str:
    return _label(request).partition(";")[0].strip().lower()


def check_body(history: ClientHistory) -> Finding:
    """Every body is one JSON object in UTF-8."""
    return _each(history, _wrong_body)


def _wrong_body(request: ClientRequest) -> str:
    if not request.has_body:
        return "it has no body"
    if request.problem:
        return f"its body is not JSON: {request.problem}"
    if request.has_byte_order_mark:
        return "its body begins with a byte order mark"
    return "" if isinstance(request.value, dict) else "its body is JSON, but no object"


def _each(
    history: ClientHistory,
    fault: Callable[[ClientRequest], str],
    *,
    only: Callable[[ClientRequest], bool] = lambda _request: True,
) -> Finding:
    findings = [
        broken(f"{call.title}: {said}", call.id) if (said := fault(request)) else held()
        for call, request in history.requests()
        if request.place in ("call", "other") and only(request)
    ]
    return worst(findings, nothing=_NOTHING_CAME)
