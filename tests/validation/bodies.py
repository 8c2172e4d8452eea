"""Bodies for both engines: what vendors' clients send, what the document leaves open, what breaks it."""

from __future__ import annotations

from typing import Any

from basix_contract.contract import load_document

KINDS = ("request", "reply", "callback")
CALL: dict[str, Any] = {"user_name": "jessica", "destination": "0312341234"}
UUID = "ede7b23e-c172-445e-832e-963b11ba2b96"
OTHER_UUID = "324e02d5-00f6-34d1-8000-000000000000"
SUCCESS: dict[str, Any] = {"result_code": 0, "uuids": [UUID]}
ERROR: dict[str, Any] = {"result_code": 500, "error": {"id": "channel_limit_reached"}}
ANSWERED: dict[str, Any] = {"result_code": 0, "uuid": UUID}

_DOCUMENT = load_document()

EXAMPLES: dict[str, list[Any]] = {
    "request": [example.value for example in _DOCUMENT.request_examples.values()],
    "reply": [example.value for example in _DOCUMENT.reply_examples.values()],
    "callback": [example.value for example in _DOCUMENT.callback_examples.values()],
}


def to(**details: object) -> dict[str, Any]:
    """A call to a telephone number in the object form."""
    return CALL | {"destination": {"called_number": "0312341234", **details}}


# What an open point allows, and what the vendor's own clients send (F10, F12, F14).
OPEN: dict[str, list[Any]] = {
    "request": [
        {"destination": "1001", "user_name": "jessica", "user_email": "jessica@acme.example"},
        {"destination": "営業 第一", "user_name": "jessica", "user_email": ""},
        {"destination": "media_plug", "user_id": 10001001},
        CALL | {"user_id": 1, "user_label": "ユーザ・1", "user_extension": "2001", "user_did": "050"},
        CALL | {"user_id": "007", "user_extension": 1001, "group_did": 5033334444},
        CALL | {"group_id": 501, "group_name": "sales", "group_resolver": "any:CALL_CENTER"},
        CALL | {"name_name": "jessica", "result_code": 0.0},
        CALL | {"answer_timeout": 30.0},
        CALL | {"answer_timeout": 10**30},
        CALL | {"calling_name": "", "callback_url": "HTTP://user:secret@[::1]:8080?a=%2F#b"},
        CALL | {"destination": "{name='a,b'}0312341234"},
        to(end_user={}),
        to(end_user={"id": 11223344, "vip": True}, calling_number="+81 50", note=1),
        CALL | {"destination": "\ud800"},
    ],
    "reply": [
        ERROR | {"result_code": -1},
        ERROR | {"uuids": [], "message": "no"},
        SUCCESS | {"error": {}, "call_id": "1"},
        {"result_code": 0, "uuids": [UUID.upper(), OTHER_UUID]},
        ERROR | {"error": {"id": "x y", "description": {"deep": [1]}}},
    ],
    "callback": [
        ANSWERED | {"uuid": UUID.upper(), "at": 1},
        ERROR | {"uuid": UUID},
        ERROR | {"result_code": 10**30},
    ],
}

NO_UUIDS: list[Any] = [None, [], UUID, [None, 5], [UUID, UUID], [UUID + "\n"], [[]]]
NO_DESTINATION: list[Any] = [None, "", 5, True, [], {}, {"end_user": 5}]
NO_CODE: list[Any] = ["0", False, True, None, 0.0, -0.0, 0.5, []]
NO_NAME: list[Any] = [None, 5, []]

BROKEN: dict[str, list[Any]] = {
    "request": [
        [],
        "call",
        None,
        {"a": 1},
        {"destination": "x"},
        {"user_name": "", "user_email": "", "destination": "x"},
        *(CALL | {"destination": it} for it in NO_DESTINATION),
        to(called_number=""),
        to(called_number=5, calling_number=None),
        to(end_user={"id": 1.5, "name": None, "avatar": []}),
        *(CALL | {"user_id": it} for it in (0, -1, 1.5, True, None, "x", "1\n", "１")),
        *(CALL | {"user_name": it} for it in NO_NAME),
        *(CALL | {"group_extension": it} for it in (-1, 1.5, None)),
        *(CALL | {"group_resolver": it} for it in ("", "any", None, 1)),
        *(CALL | {"answer_timeout": it} for it in (0, -1, 1.5, "30", True, None, -(10**30))),
        *(CALL | {"auto_answer": it} for it in ("true", 0, None)),
        *(CALL | {"calling_name": it} for it in ("é", "a\n", "\x7f", "\ud800", 5)),
        *(CALL | {"callback_url": it} for it in ("", "ftp://x/", "https:/x", "http://x\n", "http:// x", 5, None)),
        CALL | {"answer_timeout": 0, "destination": "", "user_id": None, "callback_url": "x"},
    ],
    "reply": [
        [],
        None,
        {"result": 0},
        *(SUCCESS | {"result_code": it} for it in NO_CODE),
        {"result_code": 0.0, "uuids": []},
        *({"result_code": 0, "uuids": it} for it in NO_UUIDS),
        {"result_code": 0},
        {"result_code": 0, "error": {"id": "x"}},
        {"result_code": 500},
        *({"result_code": 500, "error": it} for it in (None, "busy", {"text": 1}, {"id": ""}, {"id": 5})),
        {"result_code": 500, "uuids": [UUID]},
    ],
    "callback": [
        [],
        {"uuid": UUID},
        {"result_code": 0},
        *(ANSWERED | {"result_code": it} for it in ("0", False, 0.0, None)),
        *({"result_code": 0, "uuid": it} for it in (None, "", UUID[1:], [UUID])),
        {"result_code": 500, "uuid": UUID},
        {"result_code": 500, "error": {}},
    ],
}
