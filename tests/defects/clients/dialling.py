"""Faults that dial twice, claim too much, or tell the token."""

from __future__ import annotations

import http.client
import json
import time
import urllib.request
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from tests.defects.clients.defect import ClientDefect, defect
from tests.defects.clients.small import NoReply, Reply, SmallClient

if TYPE_CHECKING:
    Call = dict[str, Any]
    Outcome = dict[str, Any]

_REDIRECTS = (301, 302, 303, 307, 308)
_BROKEN = (OSError, http.client.HTTPException, NoReply)


def _again_when(is_bad: Any, pause_s: float = 0.0) -> Any:
    """Return the step that sends a request once more after such a reply."""

    def exchange(client: SmallClient, call: Call) -> Reply:
        reply = SmallClient.exchange(client, call)
        if is_bad(reply):
            time.sleep(pause_s)
            reply = SmallClient.exchange(client, call)
        return reply

    return exchange


def _again_after(*kinds: type[Exception]) -> Any:
    """Return the step that sends a request once more where no reply came."""

    def exchange(client: SmallClient, call: Call) -> Reply:
        try:
            return SmallClient.exchange(client, call)
        except kinds:
            return SmallClient.exchange(client, call)

    return exchange


def _is_error(reply: Reply) -> bool:
    try:
        return bool(json.loads(reply.body).get("result_code") == 500)
    except (ValueError, AttributeError):
        return False


def _has_no_uuids(reply: Reply) -> bool:
    return b'"uuids": []' in reply.body


def _following(
    *, codes: tuple[int, ...] = _REDIRECTS, keeps_body: bool = True, keeps_token: bool = True, stays: bool = False
) -> Any:
    """Return the step that goes where a redirect points, on the same host alone where it `stays`."""

    def exchange(client: SmallClient, call: Call) -> Reply:
        reply = SmallClient.exchange(client, call)
        place = reply.fields.get("location", "")
        is_away = urlsplit(place).hostname != urlsplit(call["base_url"]).hostname
        if reply.status not in codes or (stays and is_away):
            return reply
        fields = client.fields(call) if keeps_token or not is_away else {"Content-Type": client.media_type}
        return client.send(call, place, fields, client.encode(client.body(call)) if keeps_body else b"")

    return exchange


def _following_with_get(client: SmallClient, call: Call) -> Reply:
    """Go where a redirect points, on the same host, as browsers do."""
    reply = SmallClient.exchange(client, call)
    place = reply.fields.get("location", "")
    if reply.status not in (301, 302, 303) or not place.startswith(call["base_url"][:20]):
        return reply
    with urllib.request.urlopen(place, timeout=5) as response:  # noqa: S310 - the kit's own URL
        return Reply(response.status, {}, response.read())


def _silence_is_success(_client: SmallClient, _call: Call, _error: Exception) -> Outcome:
    return {"outcome": "success", "uuids": []}


def _dry(client: SmallClient, call: Call) -> Outcome:
    """Send nothing where the destination is no number, and say that all went well."""
    is_number = str(call["params"]["destination"]).isdigit()
    return SmallClient.place(client, call) if is_number else {"outcome": "success", "uuids": []}


def _not_sent(_client: SmallClient, _call: Call, error: Exception) -> Outcome:
    return {"outcome": "not-sent", "detail": type(error).__name__}


def _fields(**added: Any) -> Any:
    """Return the step that adds fields made from the call."""
    return lambda client, call: {
        **SmallClient.fields(client, call),
        **{name.replace("_", "-"): make(call) for name, make in added.items()},
    }


def _telling(make: Any) -> Any:
    """Return the step that writes about a call to standard error."""
    return lambda client, call: client.print(make(client, call))


def _telling_at_failure(client: SmallClient, call: Call, error: Exception) -> Outcome:
    client.print(f"POST {call['base_url']}/call_user failed: {error!r}, headers {client.fields(call)}")
    return SmallClient.no_reply(client, call, error)


def _detail(client: SmallClient, call: Call, error: Exception) -> Outcome:
    return {"outcome": "unknown", "detail": f"{error!r} with {call['domain']}:{call['token']}"}


DIALLING: tuple[ClientDefect, ...] = (
    # ── twice ──
    defect(
        "error-again",
        "It sends a request again after an error.",
        "dialling/once-after-envelope",
        exchange=_again_when(_is_error),
    ),
    defect(
        "limit-again",
        "It sends a request again when no channel was free.",
        "dialling/once-after-envelope",
        exchange=_again_when(lambda reply: b"channel_limit_reached" in reply.body),
    ),
    defect(
        "server-error-again",
        "It sends a request again after any 5xx.",
        "dialling/once-after-envelope",
        ("dialling/once-after-silence", "pages come under 5xx too"),
        exchange=_again_when(lambda reply: reply.status >= 500),
    ),
    defect(
        "too-many-again",
        "It sends a request again when told when.",
        "dialling/once-after-envelope",
        ("dialling/once-after-silence", "pages come with that field too"),
        exchange=_again_when(lambda reply: "retry-after" in reply.fields),
    ),
    defect(
        "no-uuids-again",
        "It sends a request again where no uuid came.",
        "dialling/once-after-envelope",
        exchange=_again_when(_has_no_uuids),
    ),
    defect(
        "slow-retry",
        "It sends a request again 0.3 s after an error.",
        "dialling/once-after-envelope",
        exchange=_again_when(_is_error, 0.3),
    ),
    defect(
        "timeout-again",
        "It sends a request again where no reply came in time.",
        "dialling/once-after-silence",
        ("hostile/finished", "twice the time is too long"),
        exchange=_again_after(TimeoutError),
    ),
    defect(
        "closed-again",
        "It sends a request again where the connection was closed.",
        "dialling/once-after-silence",
        exchange=_again_after(http.client.RemoteDisconnected, ConnectionResetError),
    ),
    defect(
        "cut-again",
        "It sends a request again where a reply was cut.",
        "dialling/once-after-silence",
        exchange=_again_after(http.client.IncompleteRead, NoReply),
    ),
    defect(
        "page-again",
        "It sends a request again after a page.",
        "dialling/once-after-silence",
        exchange=_again_when(lambda reply: reply.status in (500, 502) and reply.body.startswith(b"<")),
    ),
    defect(
        "refusal-again",
        "It sends a request again after a 401.",
        "dialling/once-after-silence",
        exchange=_again_when(lambda reply: reply.status == 401 and not reply.body),
    ),
    defect(
        "empty-again",
        "It sends a request again after an empty reply.",
        "dialling/once-after-silence",
        exchange=_again_when(lambda reply: reply.status == 200 and not reply.body),
    ),
    # ── redirects ──
    defect(
        "follows-307",
        "It follows 307 and 308 on its own host.",
        "dialling/no-redirect",
        exchange=_following(codes=(307, 308), stays=True),
    ),
    defect(
        "follows-301",
        "It follows 301 and 302 with the whole request.",
        "dialling/no-redirect",
        exchange=_following(codes=(301, 302), stays=True),
    ),
    defect(
        "follows-without-token",
        "It follows every redirect, and leaves the token behind.",
        "dialling/no-redirect",
        exchange=_following(keeps_token=False),
    ),
    defect(
        "token-carried-along",
        "It follows redirects to other hosts with the token.",
        "token/at-home",
        ("dialling/no-redirect", "the request goes with it"),
        exchange=_following(),
    ),
    defect(
        "token-carried-without-body",
        "It follows redirects without the body, and with the token.",
        "token/at-home",
        ("dialling/own-request", "what it finds there is no answer to the call"),
        exchange=_following(keeps_body=False),
    ),
    # ── claims ──
    defect(
        "page-for-an-answer",
        "It follows a 302 with GET, and takes what it finds there for the answer.",
        "dialling/own-request",
        exchange=_following_with_get,
    ),
    defect(
        "silence-is-success",
        "It takes silence for consent.",
        "dialling/own-request",
        ("hostile/cut-off", "a reply that is cut is as good as none"),
        no_reply=_silence_is_success,
    ),
    defect(
        "sends-nothing",
        "It reports success and sends nothing where the destination is no number.",
        "dialling/own-request",
        ("given/every-parameter", "no request comes"),
        ("outcome/success", "no uuids come of it"),
        place=_dry,
    ),
    defect("not-sent-after-all", "It takes what had no reply for not sent.", "dialling/not-sent", no_reply=_not_sent),
    # ── the token ──
    defect(
        "token-in-url",
        "It sends the token in the URL too.",
        "token/field-only",
        url=lambda _client, call: f"{call['base_url']}/call_user?token={quote(call['token'], safe='')}",
    ),
    defect(
        "credentials-in-url",
        "It writes user info into the URL it calls.",
        "token/field-only",
        url=lambda _client, call: (
            f"{call['base_url']}/call_user?auth={quote(call['domain'] + ':' + call['token'], safe='')}"
        ),
    ),
    defect(
        "token-in-body",
        "It sends the token in the body too.",
        "token/field-only",
        parameters=lambda _client, params: params,
        body=lambda client, call: {**call["params"], "api_token": call["token"]},
    ),
    defect(
        "token-in-a-field",
        "It sends the token in a field of its own too.",
        "token/field-only",
        fields=_fields(X_Api_Key=lambda call: quote(call["token"])),
    ),
    defect(
        "token-in-a-cookie",
        "It sends the token in a cookie too.",
        "token/field-only",
        fields=_fields(Cookie=lambda call: f"token={quote(call['token'])}"),
    ),
    defect(
        "token-in-user-agent",
        "It names the token in its User-Agent.",
        "token/field-only",
        fields=_fields(User_Agent=lambda call: f"client/1.0 ({quote(call['token'])})"),
    ),
    defect(
        "logs-token",
        "It logs domain and token.",
        "token/unprinted",
        log=_telling(lambda _client, call: f"calling as {call['domain']}:{call['token']}"),
    ),
    defect(
        "logs-fields",
        "It logs the fields of its requests.",
        "token/unprinted",
        log=_telling(lambda client, call: f"POST {client.fields(call)}"),
    ),
    defect(
        "logs-curl",
        "It logs a curl line to paste.",
        "token/unprinted",
        log=_telling(
            lambda _client, call: (
                f"curl -u '{quote(call['domain'])}:{quote(call['token'])}' {call['base_url']}/call_user"
            )
        ),
    ),
    defect(
        "logs-at-failure",
        "It logs the fields of a request that failed.",
        "token/unprinted",
        no_reply=_telling_at_failure,
    ),
    defect("token-in-the-detail", "It quotes the token in what it reports.", "token/unprinted", no_reply=_detail),
    defect(
        "logs-json",
        "It logs its settings as JSON.",
        "token/unprinted",
        log=_telling(lambda _client, call: json.dumps({"domain": call["domain"], "token": call["token"]})),
    ),
)
