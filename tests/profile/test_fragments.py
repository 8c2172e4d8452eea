"""Bodies that are no JSON object pass when they are made of nothing but parameters with values of the profile."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any

import pytest

from tests.profile.conftest import PLACE, PROFILE, Refusal, call, gate_of, rule_against

GOOD = '{"user_id": 10001001, "destination": "0312341234", "callback_url": "http://127.0.0.1:4444/c0/result?call=c0"}'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  \r\n",
        "call_user",
        '"call_user"',
        "42",
        "null",
        "true",
        "[]",
        "[" * 500,
        '{"a":' * 300 + "1" + "}" * 300,
        "<?xml version='1.0'?><call_user/>",
        GOOD[:-1],
        GOOD[:-1] + ",}",
        GOOD + " call",
        GOOD + GOOD,
        f"[{GOOD}]",
        GOOD.replace('"', "'"),
        GOOD.replace('"destination"', 'destination"'),
        json.dumps(GOOD),
        json.dumps(json.dumps(GOOD)),
        GOOD + "\0, more",
        GOOD + " // call",
        "user_id=10001001&destination=0312341234&callback_url=http://127.0.0.1:4444/c0/result?call=c0",
        '{"user_name": ""',
        '{"user_name": "\0"}',
        '{"user_name": null, "destination": true',
        "user_name=&destination=",
        "<user_name>jessica</user_name><destination>thomas</destination>",
        '<call_user user_name="jessica" destination="thomas"/>',
        '{"destination": {"called_number": "0312341234", "calling_number": "0506868002"',
        '{"answer_timeout": ' + "9" * 100_000 + "}",
        '{"answer_timeout": -1.5e3,',
        '{"answer_timeout": NaN,',
        '{"auto_answer": false,',
        '{"group_name": "sales"',
        "user_label=Jessica%2C+front+desk",
        "user_label=Jessica%2C%20front%20desk",
        '[{"user_label": "Jessica, front desk"}]',
    ],
)
def test_bodies_of_the_profile_s_own_values_pass(refused: Refusal, text: str) -> None:
    """Broken JSON, lists, JSON in JSON, forms and XML, and bodies that say nothing."""
    assert refused(text.encode()) == ""


@pytest.mark.parametrize(
    "raw",
    [
        b'{"calling_name": "\xff\xfe\xc3 abc", "user_id": 10001001',
        '[{"user_label": "ユーザ・トーマス"}]'.encode(),
        json.dumps([{"user_label": "ユーザ・トーマス"}]).encode(),
    ],
)
def test_bytes_that_are_no_text_pass_where_a_text_is_shown(refused: Refusal, raw: bytes) -> None:
    """A displayed text may hold invalid bytes, and a listed label may be spelt in the bytes of its letters."""
    assert refused(raw) == ""


@pytest.mark.parametrize(
    "text",
    [
        "maria",
        "0901234567",
        "110",
        "1 1",
        "42 42",
        "x",
        '"jessica"',
        "user",
        "jessica=user_name",
        '["user_name", "maria"]',
        "user_name=maria",
        "user_name=null",
        'destination={"called_number": "0312341234"}',
        "user_name = {",
        '{"user_id": : "destination": "0312341234"}',
        '{"user_name": {"a": null',
        '{"user_name": {"user_id": 10001001',
        '{"user_name": [',
        '{"destination": {"a": "thomas"',
        "user_name, thomas",
        "user_name=true",
        "<user_name>null</user_name>",
        "user_name=jessica maria",
        "user_name jessica",
        'user_name="jessica" maria',
        "user_name=jess&ica",
        "user_name=jessica;destination=thomas",
        "user_name=%6aessica",
        "user%5fname=jessica",
        "user_name=jessic&#97;",
        "User_Name=jessica",
        "username=jessica",
        "user-name=jessica",
        "x_user_name=jessica",
        "user_name2=jessica",
        '{"user_name": "jess" "ica"',
        '{"user_name": "jessica\\u0000"',
        '{"user_name": "jess\\x69ca"',
        '{"user_name": "jess\0ica"',
        '{"user_name": "jessica\\',
        '{"user_name": "jessica\'',
        '{"user_name": jessica maria',
        '{"user_id": 10001001.0',
        '{"user_id": -10001001',
        '{"user_id": 10001001e0',
        '{"user_id": 10001001 0',
        '{"user_id": [10001001',
        '{"user_id": 10001001, 10001001',
        '{"user_id": 010001001',
        '{"user_id": "10001001?"',
        '{"destination": "0312341234?, "user_id": 10001001',
        '{"destination": "0312341234,0901"',
        '{"destination": "0312341234;x"',
        '{"destination": "03-1234-1234"',
        '{"destination": "jessica"',
        '{"destination": "{name=x}0312341234"',
        '{"destination": "/thomas"',
        '{"callback_url": "http://evil.jp/"',
        '{"callback_url": "http://127.0.0.1:4444.evil.jp/"',
        "callback_url=http://127.0.0.1:4444/&x=1",
        '{"auto_answer": true',
        '{"auto_answer": 1',
        '{"auto_answer": "false',
        "auto_answer=true",
        "auto_answer=false",
        "auto_answer=0",
        '{"auto_answer": "false"',
        '{"auto_answer": "0"',
        '{"answer_timeout": "30"x',
        '{"answer_timeout": soon',
        '{"calling_name": "0901234567"',
        '{"calling_name": "a=b"',
        '{"group_resolver": "*"',
        "a.b",
        "call_userx",
        "//evil.jp",
        "user_name=jessica#",
        "(user_name=jessica)",
        "user_name=jessica+",
        "マリア",
        "ｍaria",
        "&".join(["user_id=10001001"] * 65),
        '{"user_id": 10001001, "note": "x"',
        '--b\r\nContent-Disposition: form-data; name="user_name"\r\n\r\njessica',
    ],
)
def test_anything_else_in_them_is_refused(refused: Refusal, text: str) -> None:
    """A word too many, an escape, a value spelt in another way, two values, or a name in another spelling."""
    assert refused(text.encode()) == "unreadable"


@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be", "utf-7", "shift_jis", "utf-8-sig"]
)
def test_a_body_is_judged_in_whatever_encoding(refused: Refusal, encoding: str) -> None:
    """A stranger's name passes in no encoding; a good call passes in those every reader takes alike."""
    bad, good = call(user_id=None, user_name="maria").decode(), call().decode()

    assert refused(bad.encode(encoding)) in ("people", "unreadable")
    assert refused((bad + "x").encode(encoding)) == "unreadable"
    assert refused(good.encode(encoding)) == ""


@pytest.mark.parametrize(
    "raw",
    [
        b'{"user_name": "\xc1\xad\xc1\xa1ria"}',
        '{"user_name": "ジェシカ"}'.encode("utf-16"),
        '{"user_name": "マリア"}'.encode("shift_jis"),
        '{"user_name": "マリア"}'.encode("euc_jp"),
        "{'user_name': 'マリア'}".encode(),
        b"\x1f\x8b\x08maria",
        b'\xef\xbb\xbf\xef\xbb\xbf{"user_name": "maria"}',
        bytes(range(256)),
        b'{"user_name": "\xed\xa0\x80"}',
        b'{"user_name": "\xff\xfe"}',
        b'{"user_label": \xff\xfe, "user_id": 10001001}',
        b"\xff\xfe",
    ],
)
def test_bytes_that_some_reader_could_decode_are_refused(refused: Refusal, raw: bytes) -> None:
    """Overlong and foreign encodings may spell a name that nobody sees."""
    assert refused(raw) in ("unreadable", "people")


@pytest.mark.parametrize(
    ("members", "fragment"),
    [
        ({"user_extension": "119"}, "user_extension=119"),
        ({"user_name": "110"}, "user_name=110"),
        ({"user_id": 110}, ""),
    ],
)
def test_an_emergency_number_passes_in_no_fragment(members: dict[str, Any], fragment: str) -> None:
    """What is never sent as JSON is not sent in any other form either."""
    key, value = next((name.removeprefix("user_"), value) for name, value in members.items())
    users = (replace(PROFILE.users[0], **{key: value}), *PROFILE.users[1:])
    gate = gate_of(
        replace(
            PROFILE, users=users, destinations=(*PROFILE.destinations, replace(PROFILE.destinations[0], value="110"))
        )
    )

    assert rule_against(gate, (fragment or "destination=110").encode()) == "unreadable"
    assert rule_against(gate, b"user_id=110") == ("" if key == "id" else "unreadable")


@pytest.mark.parametrize(
    "raw",
    [
        b" " * 1_000_000,
        b"[" * 1_000_000,
        b'{"a":' * 170_000,
        b"\\" * 1_000_000,
        b'\\"' * 500_000,
        b"null " * 200_000,
        b"%41" * 333_333,
        b"user_id:10001001," * 60_000,
        b'{"user_name": "' * 60_000,
        b'{"answer_timeout": ' + b"9" * 1_000_000,
        b"1" * 1_000_000,
        call(calling_name="x" * 1_000_000),
        call(calling_name="1" * 1_000_000),
        call(calling_name="{" * 1_000_000),
        call(calling_name="1- " * 300_000),
        call(destination="{" * 1_000_000),
        call(destination="{" + "name=x," * 140_000 + "}0312341234"),
        call(callback_url="/" + "a_" * 500_000 + "!"),
        call(callback_url=f"http://{PLACE}" + "%25" * 300_000),
        call(callback_url=[f"http://{PLACE}" + "%25" * 600] * 500),
        call(note=[1] * 300_000),
        json.dumps({f"k{number}": None for number in range(80_000)}).encode(),
        call(destination={"called_number": "thomas", "end_user": {"avatar": "a." * 500_000}}),
        b'{"answer_timeout":[' + b",".join([b"9" * 4_000] * 250) + b"]}",
        b'{"user_id": "' + b"a" * 1_000_000 + b'"}',
        b"x" * 3_000_000,
    ],
    ids=lambda raw: raw[:24].decode(),
)
def test_a_megabyte_is_judged_at_once(raw: bytes) -> None:
    """No body keeps the gate busy: its time grows with the body's length and no faster."""
    gate = gate_of()
    took_s = []
    for _ in range(3):
        began_s = time.process_time()
        rule_against(gate, raw)
        took_s.append(time.process_time() - began_s)

    assert min(took_s) < 0.15  # a third of that on an idle machine


def test_the_deepest_json_is_no_object_to_look_into(refused: Refusal) -> None:
    """Nesting that no reader follows is judged as bytes; what can be followed is judged as JSON."""
    assert refused(b'{"note":' + b"[" * 900 + b"]" * 900 + b"}") == ""
    assert refused(b'{"note":' + b"[" * 100_000 + b"]" * 100_000 + b"}") == "unreadable"
    assert refused(b'{"user_name":' + b"[" * 900 + b'"maria"' + b"]" * 900 + b"}") == "people"
