"""Faults of a bad day, written before their author had seen the checks: libraries, locks, patience, letters."""

from __future__ import annotations

import http.client
import json
import threading
import time
from typing import TYPE_CHECKING, Any

from tests.defects.clients.changes import changing, end_user
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
    """Send on the connection of the call before; where that one has gone, once more on a new one."""
    pool: threading.local = client.__dict__.setdefault("pool", threading.local())
    host, _, path = url.removeprefix("http://").partition("/")
    old: http.client.HTTPConnection | None = getattr(pool, host, None)
    for connection in [old, None] if old else [None]:
        made = connection or http.client.HTTPConnection(host, timeout=call["timeout_s"])
        try:
            made.request("POST", "/" + path, body, fields)
            response = made.getresponse()
            reply = Reply(response.status, client._small(response), response.read())
        except (OSError, http.client.HTTPException) as error:
            made.close()
            setattr(pool, host, None)
            if connection is None or isinstance(error, TimeoutError):
                raise
        else:
            setattr(pool, host, made)
            return reply
    raise NoReply


def _locked(client: SmallClient, call: Call) -> Reply:
    """Exchange under a lock; where no reply comes, it stays locked."""
    lock: threading.Lock = client.__dict__.setdefault("lock", threading.Lock())
    if not lock.acquire(timeout=30):
        raise NoReply
    reply = SmallClient.exchange(client, call)
    lock.release()
    return reply


def _first_credentials(client: SmallClient, domain: str, token: str) -> bytes:
    known: bytes = client.__dict__.setdefault("known", SmallClient.credentials(client, domain, token))
    return known


def _all_members(user: dict[str, Any]) -> dict[str, Any]:
    return {**dict.fromkeys(("id", "name", "organization", "avatar", "prefecture")), **user}



BAD_DAYS: tuple[ClientDefect, ...] = (
    defect("cannot-unzip", "Asks for compressed replies as browsers do, and cannot read them.", "", fields=_zipped_fields),
    defect("reply-ascii-only", "Reads replies as ASCII.", "", decode=_in_ascii),
    defect("double-click-guard", "Takes a like call within two seconds for a double click.", "", place=_guarded),
    defect("hunt-as-patience", "Waits for the reply as long as the user may ring.", "", timeout_s=_hunt_as_patience),
    defect(
        "mr-null",
        "Takes texts that look like literals for literals.",
        "",
        parameters=changing(lambda text: _LITERALS.get(text, text) if isinstance(text, str) else text, *_TEXTS),
    ),
    defect("json-by-hand", "Writes JSON by hand and escapes nothing.", "", encode=_by_hand),
    defect("uuids-pile-up", "Keeps uuids in a list that all calls share.", "", uuids=_pile),
    defect("length-in-letters", "Counts the letters of a body, not its bytes.", "", exchange=_length_in_letters),
    defect("reset-is-not-sent", "Takes every broken connection for one never made.", "", no_reply=_reset_is_not_sent),
    defect("stale-connection", "Sends again when a kept connection breaks before the reply.", "", send=_kept),
    defect("lock-kept", "Keeps a lock when no reply comes.", "", exchange=_locked),
    defect("first-credentials", "Signs every call in as the first.", "", credentials=_first_credentials),
    defect(
        "end-user-nulls", "Sends what is not known of an end user as null.", "", parameters=end_user(_all_members)
    ),
)
