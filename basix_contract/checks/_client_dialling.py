"""Never dials twice, and keeps the token to itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from basix_contract.checks._finding import Finding, broken, held, worst

if TYPE_CHECKING:
    from collections.abc import Callable

    from basix_contract.checks._client_history import ClientCall, ClientHistory, ClientRequest

_NOTHING_CAME = "no request came"


def check_once_after_envelope(history: ClientHistory) -> Finding:
    """After an envelope the request is not sent again."""
    return _each_call(history, lambda call: _again_after(call, is_envelope=True))


def check_once_after_silence(history: ClientHistory) -> Finding:
    """After silence, or an answer without an envelope, the request is not sent again."""
    return _each_call(history, lambda call: _again_after(call, is_envelope=False))


def _again_after(call: ClientCall, *, is_envelope: bool) -> str:
    """Look at the first answer only: what follows a repeat is the repeat's affair."""
    dialled = [request for request in call.requests if request.place not in ("moved", "elsewhere")]
    if len(dialled) == 1 or not dialled or _is_redirected(dialled[0]):
        return ""
    has_come = _has_envelope(dialled[0]) and (dialled[0].answered_at_s or 0.0) <= dialled[1].at_s
    if has_come != is_envelope:
        return ""
    after = "though an envelope had come" if is_envelope else "after a reply without an envelope, or none"
    return f"{len(dialled)} requests for one call, {after}"


def _has_envelope(request: ClientRequest) -> bool:
    return request.says is not None and request.says.is_envelope


def _is_redirected(request: ClientRequest) -> bool:
    return request.says is not None and request.says.is_redirect


def check_no_redirect(history: ClientHistory) -> Finding:
    """The call's request, with its body, is not sent to where a redirect points."""
    return _each_call(
        history,
        lambda call: next((_followed(item) for item in call.requests if item.has_body and _is_away(item)), ""),
    )


def _is_away(request: ClientRequest) -> bool:
    return request.place in ("moved", "elsewhere")


def _followed(request: ClientRequest) -> str:
    where = "to another host" if request.place == "elsewhere" else "to another path"
    return f"the request was sent again {where}, where a redirect pointed"


def check_own_request(history: ClientHistory) -> Finding:
    """Success is reported only where the call's request was received and answered."""
    return _each_call(history, _unfounded)


def _unfounded(call: ClientCall) -> str:
    if call.reported is None or call.reported.outcome != "success":
        return ""
    if not call.requests:
        return "success is reported, and no request came"
    answered = any(_is_answered(request) for request in call.requests if request.has_body or not _is_away(request))
    return "" if answered else "success is reported, and the call's own request had no answer but a redirect, or none"


def _is_answered(request: ClientRequest) -> bool:
    return request.says is not None and not request.says.is_redirect


def check_not_sent(history: ClientHistory) -> Finding:
    """What was received is not reported as not sent."""
    return _each_call(
        history,
        lambda call: (
            "its request was received, and is reported as not sent"
            if call.requests and call.reported is not None and call.reported.outcome == "not-sent"
            else ""
        ),
    )


def check_token_places(history: ClientHistory) -> Finding:
    """The token stands in the Authorization field and nowhere else in a request."""
    findings = [
        broken(f"{call.title}: the token stands in {' and '.join(request.token_places)}", call.id)
        if request.token_places
        else held()
        for call, request in history.requests()
    ]
    return worst(findings, nothing=_NOTHING_CAME)


def check_token_unprinted(history: ClientHistory) -> Finding:
    """The token is in nothing that the client writes to its standard output or error output."""
    return _each_call(history, lambda call: f"the token stands in its {' and '.join(call.leaks)}" if call.leaks else "")


def check_token_at_home(history: ClientHistory) -> Finding:
    """No request with the token in it reaches another host."""
    return _each_call(
        history,
        lambda call: "the token was sent to another host" if any(map(_is_carried_away, call.requests)) else "",
    )


def _is_carried_away(request: ClientRequest) -> bool:
    has_token = bool(request.sign_in.scheme or request.token_places)
    return request.place == "elsewhere" and has_token


def _each_call(history: ClientHistory, fault: Callable[[ClientCall], str]) -> Finding:
    findings = [
        broken(f"{call.title}: {said}", call.id) if (said := fault(call)) else held()
        for call in history.calls
        if call.given_at_s is not None
    ]
    return worst(findings, nothing="no call was given")
