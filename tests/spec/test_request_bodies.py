"""Tables of call requests: what is refused, and what a conforming client may well send.

Both engines judge each of them. The second kind holds the traffic of the vendor's own clients and the
points that the document leaves open: the specification must not close them.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.spec.judges import ACCEPTED, REFUSED, each, judge_request

USER = {"user_name": "jessica"}
CALL: dict[str, Any] = {"user_name": "jessica", "destination": "0312341234"}
EMPTY_USER = dict.fromkeys(("user_id", "user_name", "user_label", "user_extension", "user_did", "user_email"), "")
EMPTY_GROUP = dict.fromkeys(("group_id", "group_name", "group_label", "group_extension", "group_did"), "")


def to(destination: object) -> dict[str, Any]:
    """A call to this destination."""
    return USER | {"destination": destination}


def to_number(**details: object) -> dict[str, Any]:
    """A call to a telephone number in the object form, with these details."""
    return to({"called_number": "0312341234", **details})


BAD_REQUESTS = each(
    not_an_object=[[], "call", None, 5],
    no_destination=[USER],
    bad_destination=[to({}), *(to(it) for it in (None, "", 312341234, ["0312341234"], True))],
    no_called_number=[to({"calling_number": "0506868002"}), to({"end_user": {"name": "Popeye"}})],
    bad_called_number=[to({"called_number": it}) for it in ("", None, 312341234)],
    bad_calling_number=[to_number(calling_number=it) for it in (None, 506868002)],
    bad_end_user=[to_number(end_user=it) for it in (None, "Popeye", ["Popeye"])],
    bad_end_user_part=[
        to_number(end_user={key: it})
        for key in ("name", "organization", "avatar", "prefecture")
        for it in (None, 7, ["Illinois"])
    ]
    + [to_number(end_user={"id": it}) for it in (None, True, 1.5, {"id": 7})],
    no_user=[
        {"destination": "0312341234"},
        EMPTY_USER | {"destination": "0312341234"},
        *({name: "", "destination": "0312341234"} for name in EMPTY_USER),
        {"group_name": "sales", "destination": "0312341234"},
        {"User_Name": "jessica", "destination": "0312341234"},
    ],
    bad_id=[
        CALL | {name: it}
        for name in ("user_id", "group_id")
        for it in (0, -1, 1.5, True, None, "jessica", "-5", "10 1", "10001001\n", "１２", [10001001])
    ],
    bad_text_selector=[
        CALL | {name: it}
        for name in ("user_name", "user_label", "user_email", "group_name", "group_label")
        for it in (None, 5, True, ["jessica"])
    ],
    bad_dial_code=[
        CALL | {name: it}
        for name in ("user_extension", "user_did", "group_extension", "group_did")
        for it in (None, -1, 1.5, True, ["1001"])
    ],
    bad_resolver=[CALL | {"group_resolver": it} for it in (None, "", "any", "any:call_center", "* ", "*\n", 1)],
    bad_timeout=[CALL | {"answer_timeout": it} for it in (0, -1, 1.5, "30", True, None, [30])],
    bad_auto_answer=[CALL | {"auto_answer": it} for it in ("true", 1, 0, None, [True])],
    bad_calling_name=[
        CALL | {"calling_name": it}
        for it in (
            "ジェシカ",
            "Renée",
            "Tom\nJerry",
            "Tom\n",
            "\n",
            "Tom\r\n",
            "Tom\tJerry",
            "Tom\x7f",
            5,
            None,
        )
    ],
    bad_callback_url=[
        CALL | {"callback_url": it}
        for it in (
            "",
            None,
            7,
            "somewhere.com/result",
            "/result",
            "//somewhere.com/result",
            "ftp://somewhere.com/result",
            "https:somewhere.com",
            "https:/somewhere.com/result",
            "https:///result",
            "https://",
            "https://:8080/result",
            "https://user@/result",
            "https://somewhere.com:port/result",
            "https://somewhere.com/a result",
            " https://somewhere.com/",
            "https://somewhere.com/\n",
            "https://somewhere.com\n",
            "https://somewhere.com/\tresult",
            "https://some where.com/",
            "https://one.example,https://two.example",
            "https://(timeout=5)somewhere.com/",
            "https://somewhere.com/営業",
        )
    ],
)

GOOD_REQUESTS = each(
    vendor_redmine=[
        {"destination": "1001", "user_name": "jessica", "user_email": "jessica@acme.example"},
        {"destination": "thomas", "user_name": "jessica", "user_email": ""},
        {"destination": "thomas", "user_name": "j", "user_email": "j@acme.example", "group_name": "Support"},
        {"destination": "営業 第一", "user_name": "jessica", "user_email": "jessica@acme.example"},
    ],
    vendor_cti=[{"user_id": 10001001, "destination": "media_plug"}],
    a01_several_user_selectors=[CALL | {"user_id": 10001001, "user_extension": "2001"}],
    a04_number_or_text=[
        {"user_id": "10001001", "destination": "thomas"},
        {"user_id": 1, "destination": "thomas"},
        {"user_id": "007", "destination": "thomas"},
        {"user_extension": 1001, "destination": "thomas"},
        {"user_did": 5011112222, "destination": "thomas"},
        {"user_did": "+81 50-1111-2222", "destination": "thomas"},
        CALL | {"group_id": "501", "group_extension": 3001, "group_did": 5033334444},
    ],
    a05_a06_any_text=[
        {"user_label": "ユーザ・10001000", "destination": "thomas"},
        {"user_email": "not quite an address", "destination": "thomas"},
        {"user_name": " Jessica ", "destination": "thomas"},
    ],
    a07_a08_several_groups=[
        CALL | {"group_id": 501, "group_name": "sales"},
        CALL | {"group_name": "sales", "group_resolver": "*"},
    ],
    a09_resolvers=[CALL | {"group_resolver": it} for it in ("*", "any:CALL_CENTER")],
    a13_empty_beside_good=[
        CALL | EMPTY_USER | USER,
        *(CALL | {name: ""} for name in (EMPTY_USER | EMPTY_GROUP) if name != "user_name"),
        EMPTY_USER | {"user_id": 10001001, "destination": "thomas"},
    ],
    a14_unknown_keys=[CALL | {"name_name": "jessica"}, to_number(note=1), to_number(end_user={"vip": True})],
    a21_a24_destinations=[
        to(it) for it in ("thomas", "media_plug", "uservoicemail,thomas", "+81 3-1234-1234", "*98#", "a}b{c", "営業")
    ],
    a27_inline=[
        to("{" + it + "}0312341234")
        for it in (
            "name=a,organization=b",
            "",
            "name=",
            "name='a,b'",
            r"name=a\,b",
            "calling_number=050",
            "x",
        )
    ],
    a25_a28_object=[
        to_number(),
        to_number(calling_number="0506868002"),
        to_number(calling_number="+81 50-6868-002"),
        to({"called_number": "thomas"}),
        to_number(end_user={}),
    ],
    a30_a33_end_user=[
        to_number(end_user={key: it})
        for key, it in (
            ("id", "11223344"),
            ("id", 11223344),
            ("name", "ポパイ"),
            ("organization", ""),
            ("avatar", "popeye.png"),
            ("prefecture", "東京都"),
        )
    ],
    a35_timeout=[CALL | {"answer_timeout": it} for it in (1, 180, 181, 10**9, 30.0)],
    a36_auto_answer=[CALL | {"auto_answer": it} for it in (True, False)],
    a38_calling_name=[CALL | {"calling_name": it} for it in ("", " ~", "0506868002", "a" * 300)],
    a42_callback_url=[
        CALL | {"callback_url": it}
        for it in (
            "http://somewhere.com",
            "HTTPS://Somewhere.COM/",
            "https://somewhere.com:8443/a/b?c=d&c=%2F+e#f",
            "https://somewhere.com?call=1",
            "https://user:secret@somewhere.com/",
            "http://127.0.0.1:8080/result",
            "http://[::1]:8080/result",
            "http://crm/result",
            "https://xn--zckzah.example./result",
        )
    ],
)


@pytest.mark.parametrize("body", BAD_REQUESTS)
def test_a_bad_request_is_refused(body: object) -> None:
    """A request outside the document's rules is refused by both engines."""
    assert judge_request(json.dumps(body)) == REFUSED


@pytest.mark.parametrize("body", GOOD_REQUESTS)
def test_a_request_a_client_may_send_is_accepted(body: object) -> None:
    """What the vendor's clients send, and what the document leaves open, both engines accept."""
    assert judge_request(json.dumps(body)) == ACCEPTED
