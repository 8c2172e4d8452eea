"""Tables of replies and result callbacks: what is refused, and what a conforming PBX may well send.

Both engines judge each of them. The second kind holds the points that the document leaves open: the
specification must not close them.
"""

from __future__ import annotations

import json

import pytest

from tests.spec.judges import ACCEPTED, REFUSED, each, judge_callback, judge_reply

UUID = "ede7b23e-c172-445e-832e-963b11ba2b96"
OTHER_UUID = "1c46fc4b-a42f-410e-82b5-11aa2a1f69fe"
ERROR = {"id": "channel_limit_reached"}
NOT_AN_ERROR: list[object] = [None, "busy", [], {}, {"id": ""}, {"id": None}, {"id": 5}]

BAD_REPLIES = each(
    not_an_object=[[], "ok", None, 0],
    no_result_code=[{"uuids": [UUID]}, {"error": ERROR}, {}],
    bad_result_code=[
        {"result_code": it, "uuids": [UUID], "error": ERROR} for it in ("0", "500", False, True, None, 0.5)
    ],
    bad_uuids=[
        {"result_code": 0, "uuids": it}
        for it in (None, UUID, {UUID: 1}, [None], [UUID, UUID], [UUID + "\n"], [UUID[:-1]], [UUID + "0"])
    ]
    + [
        {"result_code": 0, "uuids": [it]}
        for it in (UUID.replace("-", ""), "{" + UUID + "}", UUID.replace("e", "g"), "")
    ],
    success_without_uuids=[
        {"result_code": 0},
        {"result_code": 0, "uuids": []},
        {"result_code": 0, "error": ERROR},
    ],
    bad_error=[{"result_code": 500, "error": it} for it in NOT_AN_ERROR],
    error_without_error=[{"result_code": 500}, {"result_code": 500, "uuids": [UUID]}],
)

GOOD_REPLIES = each(
    a54_other_codes=[{"result_code": it, "error": ERROR} for it in (500, 1, -1, 404)],
    a53_more_about_the_error=[{"result_code": 500, "error": {"id": "x y", "message": "no"}, "at": 1}],
    a55_both=[
        {"result_code": 0, "uuids": [UUID], "error": {}},
        {"result_code": 500, "uuids": [], "error": ERROR},
        {"result_code": 0, "uuids": [UUID], "call_id": "1"},
    ],
    a56_any_number=[{"result_code": 0, "uuids": [UUID]}, {"result_code": 0, "uuids": [OTHER_UUID, UUID]}],
    a57_any_uuid=[
        {"result_code": 0, "uuids": [UUID.upper(), "324e02d5-00f6-34d1-0000-000000000000"]},
    ],
)

BAD_CALLBACKS = each(
    not_an_object=[[], "answered", None],
    answered=[
        {"result_code": 0},
        {"uuid": UUID},
        {"result_code": "0", "uuid": UUID},
        {"result_code": False, "uuid": UUID},
        {"result_code": 0, "uuid": None},
        {"result_code": 0, "uuid": UUID + "\n"},
        {"result_code": 0, "uuids": [UUID]},
        {"result_code": 0, "error": ERROR},
    ],
    not_answered=[
        {"error": ERROR},
        {"result_code": 500},
        {"result_code": 500, "uuid": UUID},
        {"result_code": 500, "error": {"id": ""}},
        {"result_code": 500, "error": "busy"},
    ],
)

GOOD_CALLBACKS = each(
    a48_extra_keys=[
        {"result_code": 0, "uuid": UUID.upper(), "at": "2026-11-23"},
        {"result_code": 500, "error": {"id": "no_answer", "text": "…"}, "uuid": UUID},
    ],
    a49_a54_any_failure=[{"result_code": 487, "error": {"id": "BUSY"}}],
)


@pytest.mark.parametrize("body", BAD_REPLIES)
def test_a_bad_reply_is_refused(body: object) -> None:
    """A reply outside the document's rules is refused by both engines."""
    assert judge_reply(json.dumps(body)) == REFUSED


@pytest.mark.parametrize("body", GOOD_REPLIES)
def test_a_reply_a_server_may_send_is_accepted(body: object) -> None:
    """What the document leaves open to a server's reply, both engines accept."""
    assert judge_reply(json.dumps(body)) == ACCEPTED


@pytest.mark.parametrize("body", BAD_CALLBACKS)
def test_a_bad_callback_is_refused(body: object) -> None:
    """A result outside the document's rules is refused by both engines."""
    assert judge_callback(json.dumps(body)) == REFUSED


@pytest.mark.parametrize("body", GOOD_CALLBACKS)
def test_a_callback_a_server_may_send_is_accepted(body: object) -> None:
    """What the document leaves open to a result, both engines accept."""
    assert judge_callback(json.dumps(body)) == ACCEPTED
