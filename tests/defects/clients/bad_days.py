"""Faults of a bad day, written before their author had seen the checks: libraries, habits, patience, letters."""

from __future__ import annotations

import http.client
import json
import time
from typing import TYPE_CHECKING, Any

from tests.defects.clients.changes import changing
from tests.defects.clients.defect import ClientDefect, defect
from tests.defects.clients.small import NoReply, Reply, SmallClient

if TYPE_CHECKING:
    Call = dict[str, Any]
    Outcome = dict[str, Any]

_TEXTS = ("user_name", "user_label", "user_email", "group_name", "group_label", "calling_name", "destination")
_LITERALS = {"null": None, "true": True, "false": False}
_GUARD_S = 2.0


def _zipped_fields(client: SmallClient, call: Call) -> dict[str, str]:
    return {**SmallClient.fields(client, call), "Accept-Encoding": "gzip, deflate"}


def _in_ascii(client: SmallClient, reply: Reply) -> Any:
    return json.loads(reply.body.decode("ascii"))


def _guarded(client: SmallClient, call: Call) -> Outcome:
    """Place a call unless the same button was pressed a moment ago."""
    seen: dict[str, tuple[float, Outcome]] = client.__dict__.setdefault("seen", {})
    button = json.dumps([call["params"].get("user_name"), call["params"]["destination"]], sort_keys=True)
    at, outcome = seen.get(button, (-_GUARD_S, {}))
    if time.monotonic() - at < _GUARD_S:
        return outcome
    outcome = SmallClient.place(client, call)
    seen[button] = (time.monotonic(), outcome)
    return outcome


def _hunt_as_patience(client: SmallClient, call: Call) -> float:
    return float(call["params"].get("answer_timeout", call["timeout_s"]))


def _by_hand(_client: SmallClient, body: Any) -> bytes:
    """Write JSON by hand; texts go between quotes as they are."""
    if isinstance(body, dict):
        return b"{" + b", ".join(f'"{name}": '.encode() + _by_hand(_client, body[name]) for name in body) + b"}"
    return f'"{body}"'.encode() if isinstance(body, str) else json.dumps(body).encode()


def _pile(client: SmallClient, uuids: list[str]) -> list[str]:
    pile: list[str] = client.__dict__.setdefault("pile", [])
    pile.extend(uuids)
    return list(pile)


def _length_in_letters(client: SmallClient, call: Call) -> Reply:
    body = client.encode(client.body(call))
    fields = {**client.fields(call), "Content-Length": str(len(body.decode()))}
    return client.send(call, client.url(call), fields, body[: len(body.decode())])


def _reset_is_not_sent(client: SmallClient, call: Call, error: Exception) -> Outcome:
    if isinstance(error, ConnectionError):
        return {"outcome": "not-sent", "detail": "the connection failed, try again"}
    return SmallClient.no_reply(client, call, error)


def _kept(client: SmallClient, call: Call, url: str, fields: dict[str, str], body: bytes) -> Reply:
    """Send on a connection that an earlier call left open; where that one breaks, once more on a new one."""
    host, _, path = url.removeprefix("http://").partition("/")
    idle: list[http.client.HTTPConnection] = client.__dict__.setdefault("idle", [])
    kept = idle.pop() if idle else None
    for connection in [kept, None] if kept else [None]:
        made = connection or http.client.HTTPConnection(host, timeout=call["timeout_s"])
        try:
            made.request("POST", "/" + path, body, fields)
            response = made.getresponse()
            reply = Reply(response.status, client._small(response), response.read())
        except (OSError, http.client.HTTPException) as error:
            made.close()
            if connection is None or isinstance(error, TimeoutError):
                raise
        else:
            idle.append(made)
            return reply
    raise NoReply


def _first_credentials(client: SmallClient, domain: str, token: str) -> bytes:
    known: bytes = client.__dict__.setdefault("known", SmallClient.credentials(client, domain, token))
    return known


BAD_DAYS: tuple[ClientDefect, ...] = (
    defect(
        "cannot-unzip",
        "Asks for compressed replies as browsers do, and cannot read them.",
        "outcome/in-pieces",
        fields=_zipped_fields,
    ),
    defect(
        "reply-ascii-only",
        "Reads replies as ASCII.",
        "outcome/more-members",
        ("outcome/unknown-error-id", "an id in another script is not ASCII"),
        ("outcome/in-pieces", "so is the one whose characters are cut in two"),
        decode=_in_ascii,
    ),
    defect(
        "double-click-guard",
        "Takes a like call within two seconds for a double click.",
        "outcome/success",
        ("given/every-parameter", "no request comes for such a call"),
        ("sign-in/special-characters", "nor for these"),
        ("sign-in/outside-ascii", "nor for these"),
        place=_guarded,
    ),
    defect(
        "hunt-as-patience",
        "Waits for the reply as long as the user may ring.",
        "hostile/finished",
        timeout_s=_hunt_as_patience,
    ),
    defect(
        "mr-null",
        "Takes texts that look like literals for literals.",
        "given/every-parameter",
        ("sending/kinds", "a name that became a boolean is of no allowed kind"),
        ("sending/user-selector", "a name that became null names nobody"),
        parameters=changing(lambda text: _LITERALS.get(text, text) if isinstance(text, str) else text, *_TEXTS),
    ),
    defect("json-by-hand", "Writes JSON by hand and escapes nothing.", "sending/body", encode=_by_hand),
    defect("uuids-pile-up", "Keeps uuids in a list that all calls share.", "outcome/success", uuids=_pile),
    defect(
        "length-in-letters",
        "Counts the letters of a body, not its bytes.",
        "sending/body",
        exchange=_length_in_letters,
    ),
    defect(
        "reset-is-not-sent",
        "Takes every broken connection for one never made.",
        "dialling/not-sent",
        no_reply=_reset_is_not_sent,
    ),
    defect(
        "stale-connection",
        "Sends again when a kept connection breaks before the reply.",
        "dialling/once-after-silence",
        send=_kept,
    ),
    defect(
        "first-credentials",
        "Signs every call in as the first.",
        "sign-in/basic-at-once",
        credentials=_first_credentials,
    ),
)
