"""Faults in what a client makes of the replies a PBX may give."""

from __future__ import annotations

import json
import re
import time
import uuid
from typing import TYPE_CHECKING, Any

from tests.defects.clients.defect import ClientDefect, defect
from tests.defects.clients.reading import UNKNOWN, only, plain, reading
from tests.defects.clients.small import Reply, SmallClient

if TYPE_CHECKING:
    Call = dict[str, Any]
    Outcome = dict[str, Any]

_KNOWN = {"channel_limit_reached", "authentication_required", "no_answer", "busy"}
_LONG_S = 0.22


def _by_status(client: SmallClient, call: Call, reply: Reply) -> Outcome:
    """Let the HTTP status decide."""
    told = plain(client, call, reply)
    if reply.status < 400 and told["outcome"] == "error":
        return {"outcome": "success", "uuids": []}
    return told


def _status_first(client: SmallClient, call: Call, reply: Reply) -> Outcome:
    """Take no body with an error status for a success."""
    told = plain(client, call, reply)
    return UNKNOWN if reply.status >= 400 and told["outcome"] == "success" else told


def _one_behind(client: SmallClient, call: Call) -> Reply:
    """Give a reply that took long to the next call that takes long."""
    began = time.monotonic()
    reply = SmallClient.exchange(client, call)
    if time.monotonic() - began < _LONG_S:
        return reply
    earlier: Reply = client.__dict__.get("late", reply)
    client.__dict__["late"] = reply
    return earlier


def _success_by_uuids(_client: SmallClient, code: object, value: Outcome) -> bool:
    return code == 0 or bool(value.get("uuids"))


def _error_id(change: Any) -> Any:
    def told(client: SmallClient, value: Outcome, reply: Reply) -> Outcome:
        found = SmallClient.error(client, value, reply)
        return {**found, "error_id": change(found["error_id"], value)}

    return told


def _strict(reply: Reply) -> Outcome | None:
    """Refuse what the document does not show."""
    try:
        value = json.loads(reply.body)
    except ValueError:
        return None
    known = ({"result_code", "uuids"}, {"result_code", "error"}, {"result_code", "uuids", "error"})
    is_known = not isinstance(value, dict) or "result_code" not in value or set(value) in (*known, {"result_code"})
    return None if is_known else UNKNOWN


def _strict_error(reply: Reply) -> Outcome | None:
    try:
        error = json.loads(reply.body).get("error")
    except (ValueError, AttributeError):
        return None
    return UNKNOWN if isinstance(error, dict) and len(error) > 1 else None


def _one_read(_client: SmallClient, response: Any, _connection: Any, _deadline: float) -> bytes:
    """Read once."""
    found: bytes = response.read1(65_536)
    return found


def _ten_kilobytes(client: SmallClient, response: Any, connection: Any, deadline: float) -> bytes:
    """Read ten kilobytes at most."""
    return SmallClient.read_body(client, response, connection, deadline)[:10_240]


OUTCOME: tuple[ClientDefect, ...] = (
    # ── uuids ──
    defect("first-uuid-only", "It reports the first uuid.", "outcome/success", uuids=lambda _client, uuids: uuids[:1]),
    defect(
        "ten-uuids-at-most",
        "It reports ten uuids at most.",
        "outcome/any-number-of-uuids",
        uuids=lambda _client, uuids: uuids[:10],
    ),
    defect(
        "two-uuids-at-most",
        "It reports two uuids at most, as in the examples.",
        "outcome/any-number-of-uuids",
        uuids=lambda _client, uuids: uuids[:2],
    ),
    defect(
        "uuids-in-small-letters",
        "It writes uuids in small letters.",
        "outcome/uuids-as-they-came",
        uuids=lambda _client, uuids: [item.lower() for item in uuids],
    ),
    defect(
        "version-4-only",
        "It takes uuids of version 4 only.",
        "outcome/uuids-as-they-came",
        uuids=lambda _client, uuids: [item for item in uuids if uuid.UUID(item).version == 4],
    ),
    defect(
        "uuids-without-hyphens",
        "It strips the hyphens of uuids.",
        "outcome/success",
        uuids=lambda _client, uuids: [item.replace("-", "") for item in uuids],
    ),
    defect("no-uuids-reported", "It reports success alone.", "outcome/success", uuids=lambda _client, uuids: []),
    # ── success or error ──
    defect("status-decides", "It lets the HTTP status decide.", "outcome/error", read=_by_status),
    defect(
        "only-500-is-error",
        "It knows result_code 500 alone.",
        "outcome/error",
        ("outcome/refused-credentials", "one refusal has another code"),
        is_success=lambda _client, code, _value: code != 500,
    ),
    defect(
        "positive-is-error",
        "It takes negative codes for a success.",
        "outcome/error",
        is_success=lambda _client, code, _value: code <= 0,
    ),
    defect(
        "code-200-is-success",
        "It takes result_code 200 for a success.",
        "outcome/error",
        is_success=lambda _client, code, _value: code in (0, 200),
    ),
    defect(
        "code-in-a-byte",
        "It keeps a byte of a result_code, as exit codes do.",
        "outcome/error",
        is_success=lambda _client, code, _value: code & 0xFF == 0,
    ),
    defect(
        "code-in-32-bits",
        "It keeps 32 bits of a result_code.",
        "outcome/error",
        is_success=lambda _client, code, _value: code & 0xFFFFFFFF == 0,
    ),
    defect(
        "code-always-500",
        "It reports result_code 500 whatever came.",
        "outcome/error",
        error=lambda client, value, reply: {**SmallClient.error(client, value, reply), "result_code": 500},
    ),
    defect(
        "message-for-id",
        "It reports a text of its own in place of the id.",
        "outcome/error-id",
        error=_error_id(lambda _found, _value: "Failed to initiate call."),
    ),
    defect(
        "id-in-capitals",
        "It writes error ids in capitals.",
        "outcome/error-id",
        error=_error_id(lambda found, _value: found and found.upper()),
    ),
    defect(
        "no-id", "It reports errors without their id.", "outcome/error-id", error=_error_id(lambda _found, _value: None)
    ),
    defect(
        "known-ids-only",
        "It knows four error ids, and calls every other unknown.",
        "outcome/unknown-error-id",
        error=_error_id(lambda found, _value: found if found in _KNOWN else "unknown_error"),
    ),
    defect(
        "id-made-snake-case",
        "It writes every id in snake case.",
        "outcome/unknown-error-id",
        error=_error_id(lambda found, _value: found and re.sub("[^a-z0-9_]+", "_", found.lower())),
    ),
    defect(
        "id-64-letters",
        "It keeps 64 letters of an id.",
        "outcome/unknown-error-id",
        error=_error_id(lambda found, _value: found and found[:64]),
    ),
    defect(
        "id-ascii",
        "It reports nothing but ASCII of an id.",
        "outcome/unknown-error-id",
        ("outcome/in-pieces", "one error there is not ASCII"),
        ("outcome/any-spelling", "one error there is not ASCII"),
        error=_error_id(lambda found, _value: found and found.encode("ascii", "ignore").decode()),
    ),
    defect(
        "status-raises",
        "It raises for every error status before it reads.",
        "outcome/error-under-any-status",
        ("outcome/success-under-any-status", "a success is not read either"),
        ("outcome/in-pieces", "one error there comes under 500"),
        read=only(lambda reply: reply.status < 400),
    ),
    defect(
        "server-errors-raise",
        "It raises for 5xx before it reads.",
        "outcome/error-under-any-status",
        ("outcome/success-under-any-status", "a success is not read either"),
        ("outcome/in-pieces", "one error there comes under 500"),
        read=only(lambda reply: reply.status < 500),
    ),
    defect(
        "client-errors-raise",
        "It raises for 4xx before it reads.",
        "outcome/error-under-any-status",
        ("outcome/success-under-any-status", "a success is not read either"),
        read=only(lambda reply: not 400 <= reply.status < 500),
    ),
    defect(
        "http-error-id",
        "It reports the HTTP status for an id.",
        "outcome/error-under-any-status",
        ("outcome/in-pieces", "one error there comes under 500"),
        error=lambda client, value, reply: {
            **SmallClient.error(client, value, reply),
            **({"error_id": f"http_{reply.status}"} if reply.status >= 400 else {}),
        },
    ),
    defect(
        "error-status-no-success",
        "It takes no success under an error status.",
        "outcome/success-under-any-status",
        read=_status_first,
    ),
    defect(
        "only-200",
        "It reads no body but under 200.",
        "outcome/success-under-any-status",
        ("outcome/error-under-any-status", "errors come under other statuses too"),
        ("outcome/in-pieces", "one error there comes under 500"),
        read=only(lambda reply: reply.status == 200),
    ),
    defect(
        "only-2xx-200",
        "It takes no success under 201 and the like.",
        "outcome/success-under-any-status",
        read=only(lambda reply: not 200 < reply.status < 300),
    ),
    defect(
        "falsy-is-zero",
        "It takes whatever counts as empty for 0.",
        "outcome/result-code-not-zero",
        ("outcome/refused-credentials", "one refusal has no code"),
        is_code=lambda _client, code: type(code) is int or not code,
        is_success=lambda _client, code, _value: not code,
    ),
    defect(
        "absent-is-zero",
        "It takes a missing result_code for 0.",
        "outcome/result-code-not-zero",
        ("outcome/refused-credentials", "one refusal has no code"),
        is_code=lambda _client, code: type(code) is int or code is None,
        is_success=lambda _client, code, _value: code in (0, None),
    ),
    defect(
        "false-is-zero",
        "It compares false with 0.",
        "outcome/result-code-not-zero",
        ("hostile/finished", "what is reported then is no code"),
        ("hostile/wrong-types", "true is then 1"),
        is_code=lambda _client, code: isinstance(code, int),
    ),
    defect(
        "ok-is-zero",
        "It takes any word for success.",
        "outcome/result-code-not-zero",
        is_code=lambda _client, code: type(code) is int or code == "ok",
        is_success=lambda _client, code, _value: code in (0, "ok"),
    ),
    defect(
        "strict-members",
        "It refuses members it does not know.",
        "outcome/more-members",
        ("outcome/in-pieces", "a long reply has one more"),
        read=reading(_strict),
    ),
    defect(
        "strict-errors",
        "It refuses members it does not know beside the id.",
        "outcome/more-members",
        read=reading(_strict_error),
    ),
    defect(
        "one-spelling",
        "It finds result_code by a pattern.",
        "outcome/any-spelling",
        read=only(
            lambda reply: (
                b"result_code" not in reply.body
                or re.search(rb'"result_code": ?-?[0-9]', reply.body) is not None
                or b'result_code": ' in reply.body
            )
        ),
    ),
    defect(
        "code-first",
        "It wants result_code first.",
        "outcome/any-spelling",
        ("outcome/error-with-uuids", "the uuids stand first in one"),
        ("outcome/more-members", "a member stands first in one"),
        read=only(
            lambda reply: (
                not reply.body.startswith(b'{"uuids"')
                and not reply.body.startswith(b'{"a"')
                and not reply.body.startswith(b'{"error"')
            )
        ),
    ),
    defect(
        "success-by-uuids",
        "It takes any uuids for a success.",
        "outcome/error-with-uuids",
        is_success=_success_by_uuids,
    ),
    defect(
        "exact-label",
        "It wants application/json to the letter.",
        "outcome/any-label",
        read=only(
            lambda reply: (
                reply.fields.get("content-type", "application/json") in ("application/json", "text/html", "text/plain")
            )
        ),
    ),
    defect(
        "label-in-small-letters",
        "It wants application/json in small letters.",
        "outcome/any-label",
        read=only(lambda reply: "A" not in reply.fields.get("content-type", "")),
    ),
    defect(
        "one-read",
        "It reads a body once.",
        "outcome/in-pieces",
        ("hostile/cut-off", "what is cut is not noticed"),
        read_body=_one_read,
    ),
    defect("ten-kilobytes", "It reads ten kilobytes of a body.", "outcome/in-pieces", read_body=_ten_kilobytes),
    defect(
        "wants-length",
        "It reads nothing without an announced length.",
        "outcome/in-pieces",
        read=only(lambda reply: "content-length" in reply.fields or not reply.body),
    ),
    defect(
        "impatient",
        "It waits 0.3 s for a reply.",
        "outcome/slow-reply",
        ("outcome/together", "some of them take longer"),
        ("outcome/in-pieces", "some take longer"),
        timeout_s=lambda _client, _call: 0.3,
    ),
    defect(
        "refusal-is-success",
        "It takes a 401 for a success without channels.",
        "outcome/refused-credentials",
        read=reading(lambda reply: {"outcome": "success", "uuids": []} if reply.status == 401 else None),
    ),
    defect(
        "other-replies",
        "It gives a reply that took long to the next call that takes long.",
        "outcome/together",
        ("outcome/in-pieces", "some take long"),
        ("outcome/slow-reply", "they take long"),
        exchange=_one_behind,
    ),
)
