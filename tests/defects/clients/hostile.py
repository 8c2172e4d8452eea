"""Faults in what a client makes of replies that no PBX should give."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from tests.defects.clients.defect import ClientDefect, defect
from tests.defects.clients.reading import plain
from tests.defects.clients.small import Reply, SmallClient

if TYPE_CHECKING:
    Call = dict[str, Any]
    Outcome = dict[str, Any]

_UUID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_OK = 200
_CRASH = ("hostile/finished", "the client crashes, and nothing is reported")


def _crashing(decode: Any) -> Any:
    """Return the step that reads a reply as if it could be no other."""

    def read(client: SmallClient, call: Call, reply: Reply) -> Outcome:
        told = plain(client, call, reply)
        decode(reply)
        return told

    return read


def _careless_error(reply: Reply) -> None:
    """Read the id of an error as the vendor's own clients do."""
    try:
        value = json.loads(reply.body)
    except ValueError:
        return
    if isinstance(value, dict) and type(value.get("result_code")) is int and value["result_code"] != 0:
        value["error"]["id"].strip()


def _by_pattern(client: SmallClient, call: Call, reply: Reply) -> Outcome:
    """Find the uuids by a pattern, whatever stands around them."""
    text = reply.body.decode("utf-8", "replace")
    if re.search(r'"result_code": 0\b', text):
        return {"outcome": "success", "uuids": _UUID.findall(text)}
    return plain(client, call, reply)


def _texts_split(client: SmallClient, value: Outcome) -> Outcome:
    uuids = value.get("uuids")
    return (
        {"outcome": "success", "uuids": uuids.split(",")}
        if isinstance(uuids, str)
        else SmallClient.success(client, value)
    )


def _made_texts(client: SmallClient, value: Outcome) -> Outcome:
    uuids = value.get("uuids")
    return (
        {"outcome": "success", "uuids": [str(item) for item in uuids]}
        if isinstance(uuids, list)
        else SmallClient.success(client, value)
    )


def _without_check(_client: SmallClient, value: Outcome) -> Outcome:
    return {
        "outcome": "success",
        "uuids": [str(item) for item in value["uuids"]] if isinstance(value.get("uuids"), list | dict) else [],
    }


def _first_value(_client: SmallClient, reply: Reply) -> Any:
    """Read the first JSON value and nothing behind it."""
    return json.JSONDecoder().raw_decode(reply.body.decode().strip())[0]


def _unwrapped(client: SmallClient, reply: Reply) -> Any:
    value = SmallClient.decode(client, reply)
    return value[0] if isinstance(value, list) and value else value


def _mended(_client: SmallClient, reply: Reply) -> Any:
    """Close what was left open."""
    text = reply.body.decode("utf-8", "replace")
    for ending in ("", "}", "]}", '"]}', '"}'):
        try:
            return json.loads(text + ending)
        except ValueError:
            continue
    raise ValueError(text)


def _as_far_as_it_came(client: SmallClient, response: Any, connection: Any, deadline: float) -> bytes:
    """Take what came for the whole."""
    found = b""
    try:
        while piece := response.read1(65_536):
            found += piece
    except Exception:  # noqa: BLE001, S110 - that is the fault
        pass
    return found


def _breaker(client: SmallClient, call: Call) -> Outcome:
    """Place no more calls for a while once a reply was not as it should be."""
    if client.__dict__.pop("is_broken", False):
        return {"outcome": "not-sent", "detail": "out of order"}
    told = SmallClient.place(client, call)
    client.__dict__["is_broken"] = told["outcome"] == "unknown"
    return told


def _cached(client: SmallClient, call: Call, reply: Reply) -> Outcome:
    """Report the last failure again."""
    told = client.__dict__.pop("failure", None) or plain(client, call, reply)
    if told["outcome"] == "unknown" and "failure" not in client.__dict__:
        client.__dict__["failure"] = dict(told)
    return dict(told)


def _json_or(reply: Reply, otherwise: Any) -> Any:
    try:
        return json.loads(reply.body)
    except ValueError:
        if reply.status == 200:
            return otherwise
        raise


HOSTILE: tuple[ClientDefect, ...] = (
    defect(
        "any-200-is-success",
        "It takes whatever comes under 200, and is no JSON, for a success.",
        "hostile/not-json",
        ("hostile/no-object", "some of that is no JSON"),
        ("hostile/cut-off", "what is cut is no JSON"),
        ("dialling/own-request", "it comes with nothing too"),
        decode=lambda client, reply: _json_or(reply, {"result_code": 0}),
    ),
    defect(
        "empty-is-success",
        "It takes an empty body under 2xx for a success.",
        "hostile/not-json",
        ("hostile/cut-off", "what is cut in its head has no body"),
        decode=lambda client, reply: (
            {"result_code": 0} if reply.status < 300 and not reply.body.strip() else json.loads(reply.body)
        ),
    ),
    defect(
        "json-anywhere",
        "It reads the first object in a page.",
        "hostile/not-json",
        ("hostile/no-object", "an object is found in what is none"),
        decode=lambda _client, reply: json.JSONDecoder().raw_decode(
            reply.body.decode("utf-8", "replace")[max(reply.body.find(b"{"), 0) :]
        )[0],
    ),
    defect(
        "single-quotes-read",
        "It mends single quotes.",
        "hostile/not-json",
        decode=lambda _client, reply: json.loads(reply.body.decode("utf-8", "replace").replace("'", '"')),
    ),
    defect(
        "crashes-at-a-page",
        "It crashes where a reply is no JSON.",
        "hostile/not-json",
        _CRASH,
        ("hostile/no-object", "some of that is no JSON"),
        ("hostile/cut-off", "what is cut is no JSON"),
        read=_crashing(lambda reply: json.loads(reply.body) if reply.status == _OK else None),
    ),
    defect(
        "takes-what-came",
        "It takes what came for the whole, and mends it.",
        "hostile/cut-off",
        read_body=_as_far_as_it_came,
        decode=_mended,
    ),
    defect(
        "ignores-length",
        "It does not mind that less came than was announced.",
        "hostile/cut-off",
        read_body=_as_far_as_it_came,
    ),
    defect(
        "uuids-by-pattern",
        "It finds uuids by a pattern.",
        "hostile/not-json",
        ("outcome/result-code-not-zero", "a code one level down is found too"),
        ("outcome/uuids-as-they-came", "it knows small letters only"),
        read=_by_pattern,
    ),
    defect("text-split", "It splits uuids that are one text.", "hostile/wrong-types", success=_texts_split),
    defect("made-texts", "It makes texts of whatever stands in uuids.", "hostile/wrong-types", success=_made_texts),
    defect("no-check-of-uuids", "It does not look at what uuids is.", "hostile/wrong-types", success=_without_check),
    defect(
        "code-truncated",
        "It cuts the fraction off a result_code.",
        "hostile/wrong-types",
        ("hostile/finished", "what is reported then is no code"),
        is_code=lambda _client, code: type(code) in (int, float),
        is_success=lambda _client, code, _value: abs(code) < 1,
    ),
    defect(
        "crashes-without-error",
        "It reads error.id unguarded, as the vendor's clients do.",
        "hostile/no-error-object",
        _CRASH,
        read=_crashing(_careless_error),
    ),
    defect(
        "success-without-error",
        "It takes a reply without an error for a success.",
        "hostile/no-error-object",
        is_success=lambda _client, code, value: code == 0 or not value.get("error"),
    ),
    defect("unwraps-lists", "It takes the first envelope of a list.", "hostile/no-object", decode=_unwrapped),
    defect(
        "first-value-only",
        "It reads the first JSON value and nothing behind it.",
        "hostile/no-object",
        decode=_first_value,
    ),
    defect(
        "crashes-at-null",
        "It crashes where a reply is no object.",
        "hostile/no-object",
        _CRASH,
        read=_crashing(
            lambda reply: (
                json.loads(reply.body)["result_code"]
                if reply.body.strip()[:1] in (b"[", b"n", b"t", b"0", b'"')
                else None
            )
        ),
    ),
    defect(
        "breaker",
        "It places no call right after a reply that was not as it should be.",
        "hostile/next-call",
        ("outcome/refused-credentials", "one of them comes after a failure"),
        place=_breaker,
    ),
    defect(
        "failure-again",
        "It reports a failure a second time.",
        "hostile/next-call",
        ("outcome/refused-credentials", "one of them comes after a failure"),
        read=_cached,
    ),
    defect("waits-for-ever", "It has no time limit.", "hostile/finished", timeout_s=lambda _client, _call: None),
    defect(
        "a-minute", "It waits a minute whatever it is told.", "hostile/finished", timeout_s=lambda _client, _call: 60.0
    ),
)
