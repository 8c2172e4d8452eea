"""Users, groups, destinations and what else a JSON body may name: the profile's own, in any form, and nobody else."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from basix_contract.profile import Destination, Profile
from tests.profile.conftest import PLACE, PROFILE, Refusal, call, gate_of, rule_against

NUMBER = "0312341234"
_NOTHING: tuple[Any, ...] = (True, False, "", "  ", [], {}, [None], [[], ""])


def _body(text: str) -> bytes:
    return text.encode()


# ── users and groups ──


@pytest.mark.parametrize(
    "members",
    [
        {"user_id": 10001001},
        {"user_id": "10001001"},
        {"user_id": 999},
        {"user_id": None, "user_name": "jessic"},
        {"user_name": "jessica", "user_email": ""},
        {"user_label": "ユーザ・トーマス"},
        {"user_extension": 2001},
        {"user_did": "050-1111-2222"},
        {"user_did": "+81 50 1111 3333"},
        {"user_did": "０５０１１１１２２２２"},
        {"name_name": "thomas"},
        {"group_id": "501", "group_resolver": "*"},
        {"group_resolver": "any:CALL_CENTER"},
        {"group_name": "no-such-group"},
        {"group_label": ""},
        *({"user_name": nothing} for nothing in _NOTHING),
    ],
)
def test_whoever_is_listed_or_nobody_passes(refused: Refusal, members: dict[str, Any]) -> None:
    """Values of the profile pass, numbers in any spelling; so does what names nobody."""
    assert refused(call(**members)) == ""


@pytest.mark.parametrize(
    "value",
    [
        "maria",
        "Jessica",
        " jessica",
        "jessica ",
        "jessica\0",
        "jessica\n",
        "jеssica",
        "ｊessica",
        "jessica%",
        "*",
        ".*",
        "%",
        "' OR '1'='1",
        "jess",
        "jessicaa",
        ["jessica"],
        ["jessica", "maria"],
        {"$ne": None},
        {"$gt": ""},
        {"": "jessica"},
        {"jessica": {}},
        0,
        1,
        0.5,
        10001001,
        "null",
        "true",
        "\ud800",
    ],
)
def test_whoever_is_not_listed_letter_for_letter_is_refused(refused: Refusal, value: Any) -> None:
    """Another case, a blank, a look-alike letter, a pattern, a list or a query may be somebody else."""
    assert refused(call(user_id=None, user_name=value)) == "people"


@pytest.mark.parametrize(
    "number",
    [
        "10001001.0",
        "1.0001001e7",
        "1000100100e-2",
        "-10001001",
        "0",
        "10001002.5",
        "1e999",
        "NaN",
        "Infinity",
        "10001009",
        "9007199254740993",
        "18446744073719552617",
    ],
)
def test_a_number_is_the_whole_number_that_is_listed(refused: Refusal, number: str) -> None:
    """Fractions, exponents and numbers that a float cannot hold may be read as another number."""
    assert refused(_body(f'{{"user_id": {number}, "destination": "{NUMBER}"}}')) == "people"


def test_a_number_too_large_for_a_float_is_refused_even_where_it_is_listed() -> None:
    """A server that reads numbers as floats would take it for its neighbour."""
    gate = gate_of(_with_user(id=2**53 + 1))

    assert rule_against(gate, call(user_id=2**53 + 1)) == "people"
    assert rule_against(gate, call(user_id=str(2**53 + 1))) == ""


@pytest.mark.parametrize(
    ("members", "rule"),
    [
        ({"user_extension": "200"}, "people"),
        ({"user_extension": "20-01"}, "people"),
        ({"user_extension": "02001"}, "people"),
        ({"user_did": 5011112222}, "people"),
        ({"user_did": "05011112223"}, "people"),
        ({"user_did": "815011112222"}, "people"),
        ({"user_did": "0\u200b5011112222"}, "people"),
        ({"user_label": "Jessica"}, "people"),
        ({"user_email": "Jessica@acme.example"}, "people"),
        ({"user_id": 501}, "people"),
        ({"name_name": "maria"}, "people"),
        ({"group_id": 502}, "group"),
        ({"group_name": "jessica"}, "group"),
        ({"group_name": ["sales"]}, "group"),
        ({"group_resolver": "sales"}, "group"),
        ({"group_resolver": "any:SALES"}, "group"),
        ({"group_resolver": ["*"]}, "group"),
        ({"group_resolver": {"$ne": 1}}, "group"),
    ],
)
def test_each_selector_has_its_own_list(refused: Refusal, members: dict[str, Any], rule: str) -> None:
    """A value that is listed for one selector is nobody's under another."""
    assert refused(call(**members)) == rule


@pytest.mark.parametrize(
    "name",
    [
        "USER_NAME",
        "User_Name",
        "user-name",
        "userName",
        "user name",
        " user_name ",
        "user.name",
        "user_name\0",
        "ｕser_name",
        "uſer_name",
        "ùser_name",
        "\u200buser_name",
        "user_name[]",
        "user[name]",
    ],
)
def test_a_parameter_is_known_in_any_spelling(refused: Refusal, name: str) -> None:
    """Names count without case, accents and punctuation, as a careless server reads them."""
    assert refused(call(user_id=None, **{name: "maria"})) == "people"
    assert refused(call(user_id=None, **{name: "jessica"})) == ""


def test_the_dotless_i_is_an_i(refused: Refusal) -> None:
    """In Turkish capitals `user_ıd` is USER_ID."""
    assert refused(call(user_id=None, user_ıd=10001009)) == "people"


def test_members_given_twice_all_count(refused: Refusal) -> None:
    """Whichever of two equal names a server takes, it finds nobody else."""
    for text in (
        '{"user_id": 10001001, "user_id": 10001009, "destination": "thomas"}',
        '{"user_id": 10001009, "user_id": 10001001, "destination": "thomas"}',
        '{"user_id": 10001001, "destination": {"called_number": "thomas", "called_number": "maria"}}',
        '{"user_id": 10001001, "destination": "thomas", "destination": "maria"}',
    ):
        assert refused(_body(text)) in ("people", "destination")


@pytest.mark.parametrize("value", ["110", "1-1-0", "9110", "119"])
def test_an_emergency_number_is_nobody(value: str) -> None:
    """A listed extension or DID that reads as an emergency number is never sent; an id is no number to dial."""
    for key in ("extension", "did", "name", "label"):
        gate = gate_of(_with_user(**{key: value}))

        assert rule_against(gate, call(user_id=None, **{f"user_{key}": value})) == "emergency"
    assert rule_against(gate_of(_with_user(id=110)), call(user_id=110)) == ""


def _with_user(**selectors: Any) -> Profile:
    return replace(PROFILE, users=(replace(PROFILE.users[0], **selectors), *PROFILE.users[1:]))


# ── destinations ──


@pytest.mark.parametrize(
    "destination",
    [
        "0312341234",
        "03-1234-1234",
        "(03) 1234 1234",
        "+81 3-1234-1234",
        "+81 (0)3 1234 1234",
        "01081312341234",
        "０３１２３４１２３４",
        "03‐1234−1234",
        "0377778888",
        "+81377778888",
        "thomas",
        "2003",
        2003,
        "",
        None,
        True,
        {},
        [],
        {"called_number": ""},
        {"called_number": "0312341234"},
        {"calledNumber": "03-1234-1234"},
        {"called_number": "thomas"},
        {"called_number": "0312341234", "calling_number": "050-6868-002"},
        {"called_number": NUMBER, "calling_number": ""},
        {
            "called_number": NUMBER,
            "end_user": {"id": "11223344", "name": "Olive Oyl", "avatar": "https://pictures.example/o.png"},
        },
        {
            "called_number": NUMBER,
            "end_user": {"id": 7, "prefecture": "東京都", "organization": 'quotes " and \\ back'},
        },
        {"called_number": NUMBER, "end_user": {"name": "O’Neill", "shoe_size": "38", "avatar": "olive.png"}},
        {"called_number": NUMBER, "note": "x"},
        {"called_number": NUMBER, "calling_number": None},
        {"end_user": "Olive"},
        "{name=Charles Xavier,organization=X-Men}0312341234",
        "{id=11223344}thomas",
        "{avatar=olive.png}0312341234",
        "{calling_number=0506868002}+81 3 1234 1234",
        "{name=山田}0312341234",
    ],
)
def test_a_listed_destination_passes_in_every_form(refused: Refusal, destination: Any) -> None:
    """Plain, object and inline forms of one number, spelt in any way, are one number."""
    assert refused(call(destination=destination)) == ""


@pytest.mark.parametrize(
    "destination",
    [
        "0312341235",
        "03123412345",
        "312341234",
        312341234,
        "00312341234",
        "0081312341234",
        "81312341234",
        "tel:0312341234",
        "tel:09012345678",
        "sip:0312341234@evil.jp",
        "0312341234@evil.jp",
        "0312341234,09012345678",
        "0312341234|09012345678",
        "0312341234;ext=1",
        "0312341234#",
        "0312341234x1",
        "03.1234.1234/5",
        "0\u200b312341234",
        "٠٣١٢٣٤١٢٣٤",
        "Thomas",
        " thomas",
        "20-03",
        "2003.0",
        2003.0,
        0,
        "0",
        ["0"],
        ["0312341234"],
        "media_plug",
        "uservoicemail,thomas",
        "maria",
        "sales",
        "{name=x}09012345678",
        "{}0312341234",
        "{name=x}{name=y}0312341234",
        "0312341234{name=x}",
        "{name={x}}0312341234",
        "{name=x}0312341234{}",
        "{name=x}",
        "{sip_h_X=1}0312341234",
        "{name=a=b}0312341234",
        "{name=a\\,b}0312341234",
        "{name='x'}0312341234",
        "{name=x]}0312341234",
        "[name=x]0312341234",
        "<name=x>0312341234",
        "{name=x",
        "}0312341234",
        "{ name=x}0312341234",
        "{Name=x}0312341234",
        "{name=x\n}0312341234",
        "{^^;name=x}0312341234",
        "x" * 2_000,
        {"called_number": "maria"},
        {"called_number": {"$ne": ""}},
        {"called_number": ["0312341234"]},
    ],
)
def test_what_is_not_provably_listed_is_no_destination(refused: Refusal, destination: Any) -> None:
    """Another number, another name, or a form that some telephone system reads in another way."""
    assert refused(call(destination=destination)) == "destination"


@pytest.mark.parametrize(
    "number",
    [
        "110",
        "１１０",
        "1-1-0",
        "+81110",
        "0081110",
        "9110",
        "184110",
        "186-119",
        "0033110",
        "*31#110",
        "tel:110",
        "sip:119@pbx",
        "110,1",
        "0570123456",
        "+81 570-123456",
        "0990111222",
        "117",
        "171",
        "911",
        "112",
        "11012345",
        "١١٠",
        "1\u200b1\u200b0",
        "sos",
        "urn:service:sos.police",
        "+1911",
        110,
        "{name=x}110",
        {"called_number": "119"},
        {"called_number": 118},
    ],
)
def test_no_emergency_or_service_number_is_dialled_in_any_spelling(number: Any) -> None:
    """Not even one that the profile lists, in the same words."""
    value = number["called_number"] if isinstance(number, dict) else number
    listed = (*PROFILE.destinations, Destination(value=str(value).removeprefix("{name=x}"), calling_number="110"))
    gate = gate_of(replace(PROFILE, destinations=listed))

    assert rule_against(gate, call(destination=number)) == "emergency"
    assert rule_against(gate, call(destination={"called_number": NUMBER, "calling_number": "110"})) == "emergency"


@pytest.mark.parametrize(
    ("destination", "rule"),
    [
        ({"called_number": NUMBER, "calling_number": "0506868003"}, "calling-number"),
        ({"called_number": NUMBER, "calling_number": ["0506868002"]}, "calling-number"),
        ({"called_number": NUMBER, "calling_number": {"$ne": 1}}, "calling-number"),
        ({"called_number": NUMBER, "Calling-Number": "0312341234"}, "calling-number"),
        ("{calling_number=0506868003}0312341234", "calling-number"),
        ("{name=x,calling_number=}0312341234", ""),
        ("{avatar=http://evil.jp/x}0312341234", "avatar"),
        ("{name=call 0901234567}0312341234", "free-text"),
        ("{id=0901234567}0312341234", "free-text"),
        ("{id=110}0312341234", "free-text"),
        ({"called_number": NUMBER, "end_user": {"avatar": "https://gravatar/x.jpg"}}, "avatar"),
        ({"called_number": NUMBER, "end_user": {"avatar": ["https://pictures.example/x", "//evil.jp"]}}, "avatar"),
        ({"called_number": NUMBER, "end_user": {"avatar": "https://pictures.example@evil.jp/"}}, "avatar"),
        ({"called_number": NUMBER, "end_user": {"avatar": "https://pictures.example.evil.jp/"}}, "avatar"),
        ({"called_number": NUMBER, "end_user": {"Avatar": "evil.com"}}, "avatar"),
        ({"called_number": NUMBER, "end_user": {"avatar": "printer"}}, "avatar"),
        ({"called_number": NUMBER, "end_user": {"id": "09012345678"}}, "free-text"),
        ({"called_number": NUMBER, "end_user": {"name": "09012345678"}}, "free-text"),
        ({"called_number": NUMBER, "end_user": "090-1234-5678"}, "free-text"),
        ({"called_number": NUMBER, "end_user": {"phone": "0901"}}, "unknown-member"),
        ({"called_number": NUMBER, "end_user": {"nick": {"user_name": "maria"}}}, "unknown-member"),
        ({"called_number": NUMBER, "to": "maria"}, "unknown-member"),
        ({"called_number": NUMBER, "user_name": "maria"}, "unknown-member"),
    ],
)
def test_what_else_a_destination_carries_is_judged(refused: Refusal, destination: Any, rule: str) -> None:
    """calling_number must be declared, a picture fetched from nowhere, a text nothing but a text."""
    assert refused(call(destination=destination)) == rule


# ── the other parameters ──


@pytest.mark.parametrize("off", [False, None, 0, ""])
def test_switched_off_is_off_for_everybody(refused: Refusal, off: Any) -> None:
    """What every language takes for off opens no microphone."""
    assert refused(json.dumps({"user_id": 10001002, "destination": "thomas", "auto_answer": off}).encode()) == ""


@pytest.mark.parametrize(
    "on", [True, 1, 1.0, "true", "false", "0", " ", "on", "yes", -1, [], {}, [True], [0], {"$ne": 1}, 0.0, "no"]
)
def test_whatever_may_be_on_needs_everybody_s_release(refused: Refusal, on: Any) -> None:
    """Some language takes each of these for on; a user's row must release it, and for every user that is named."""
    assert refused(call(user_id=10001002, auto_answer=on)) == "auto-answer"
    assert refused(call(user_email="thomas@acme.example", auto_answer=on)) == "auto-answer"
    assert refused(call(user_id=999, auto_answer=on)) == "auto-answer"
    assert refused(call(user_id=None, auto_answer=on)) == "auto-answer"
    assert refused(call(USER_ID=10001002, auto_answer=on)) == "auto-answer"


@pytest.mark.parametrize("on", [True, 1, "true", "on", [], {}, [True]])
def test_a_released_microphone_may_be_opened(refused: Refusal, on: Any) -> None:
    """For users whose row says so auto_answer passes, in its usual forms."""
    assert refused(call(user_name="jessica", auto_answer=on)) == ""


@pytest.mark.parametrize("value", ["maria", 2, [0.5], {"user_name": "x"}, "truee"])
def test_a_switch_is_a_switch(refused: Refusal, value: Any) -> None:
    """Even for those who may, auto_answer carries nothing but on or off."""
    assert refused(call(auto_answer=value)) == "auto-answer"


def test_a_label_that_two_share_is_released_by_both() -> None:
    """Where a label also names somebody who is not willing, it opens nobody's microphone."""
    shared = tuple(replace(user, label="Reception") for user in PROFILE.users)
    gate = gate_of(replace(PROFILE, users=shared))

    assert rule_against(gate, call(user_id=None, user_label="Reception", auto_answer=True)) == "auto-answer"


@pytest.mark.parametrize("value", [1, 30, 2**70, -1, 1.5, 1e300, "30", "soon", "", None, True, [30], {"seconds": 30}])
def test_an_answer_timeout_may_be_anything_that_is_no_address(refused: Refusal, value: Any) -> None:
    """Numbers and words are tried as timeouts."""
    assert refused(call(answer_timeout=value)) == ""


@pytest.mark.parametrize("value", ["0901234567", "11099", "tel:0901234567", {"user_name": "x"}, "http://evil.jp/"])
def test_an_answer_timeout_holds_nothing_to_dial(refused: Refusal, value: Any) -> None:
    """A text that could be dialled or fetched is refused there too."""
    assert refused(call(answer_timeout=value)) in ("free-text", "emergency")


# ── members the document does not know ──


@pytest.mark.parametrize(
    "members",
    [
        {"note": "x"},
        {"note": {"deep": [1, None]}},
        {"uuid": "x"},
        {"": "empty"},
        {" . ": 1, "a.b[0]": 2},
        {"k99": 99},
        {"__class__": "x", "constructor": {"prototype": 1}},
        {"user": False},
        {"to": ""},
        {"name_name": ""},
        {"note": "12"},
    ],
)
def test_harmless_unknown_members_pass(refused: Refusal, members: dict[str, Any]) -> None:
    """Words and small numbers under names that mean nothing to a telephone system."""
    assert refused(call(**members)) == ""


@pytest.mark.parametrize(
    "members",
    [
        {"user": "maria"},
        {"User": {"x": "maria"}},
        {"to": "maria"},
        {"callee": 2001},
        {"phone": 7},
        {"extension": "x"},
        {"params": ["maria"]},
        {"url": "x"},
        {"note": "09012345678"},
        {"note": 100},
        {"note": -100},
        {"note": 1.5},
        {"note": "a" * 65},
        {"note": "http://evil.jp/"},
        {"note": "maria@acme.example"},
        {"note": "x&y"},
        {"note": "user_name"},
        {"note": "www.evil"},
        {"note": {"to": "x"}},
        {"note": [["maria@x"]]},
        {"110": ""},
        {"0901234567": ""},
        {"http://evil.jp/": ""},
        {"user_name=maria": ""},
        {"a" * 41: ""},
        {"data[destination]": "thomas"},
        {"myuser_name": ""},
        {"note": {"user_id": 1}},
    ],
)
def test_unknown_members_name_nobody(refused: Refusal, members: dict[str, Any]) -> None:
    """A name that some telephone system acts upon, or a value that could be dialled, fetched or taken for a person."""
    assert refused(call(**members)) == "unknown-member"


# ── callback URLs ──


@pytest.mark.parametrize(
    "url",
    [
        f"http://{PLACE}",
        f"https://{PLACE}c0token/result?call=c0token",
        f"ftp://{PLACE}x",
        f"mailto:{PLACE}x",
        PLACE,
        f"//{PLACE}",
        f"https:/{PLACE}",
        f"http://{PLACE}t/Result%2FReceiver/a+b~c/?Call=t&k=1&k=2&empty=&sum=1%2B1%3D2&and=%26&last",
        f"http://{PLACE}t/UPPER/lower/%E5%B1%B1%7B%7D/;p=1,2/!$'()*?q=%20%23%25&z=a/b?c:@&A=%C3%A9",
        f"http://{PLACE}t/a//b///c?x=//y",
        f"http://{PLACE}t/percent/%25s%25d%25%25?format=%25(name)s%7B0%7D",
        f"http://{PLACE}t?user_id=&destination=&callback_url=",
        "http://",
        "https://",
        "/result_receiver",
        "/a/b",
        "/",
        "not a url",
        "",
        None,
        True,
        {},
        [],
        7,
        255,
        [f"http://{PLACE}t"],
    ],
)
def test_our_own_receiver_and_no_host_at_all_may_be_called_back(refused: Refusal, url: Any) -> None:
    """Our URLs pass with every byte that tempts alteration; so do those that name no host."""
    assert refused(call(callback_url=url)) == ""


@pytest.mark.parametrize(
    "url",
    [
        "http://evil.jp/",
        "HTTP://EVIL.JP/",
        "http://127.0.0.1:4444",
        "http://127.0.0.1:4444.evil.jp/",
        "http://127.0.0.1:44440/",
        "http://127.0.0.1:4444@evil.jp/",
        f"http://x@{PLACE}",
        f"http://evil.jp/{PLACE}",
        f"http://{PLACE}@evil.jp/",
        f"http://{PLACE}x@y",
        f"http://{PLACE}?@evil.jp",
        f"http://{PLACE}#@evil.jp",
        f"http://{PLACE}#x",
        "http://127.0.0.1:4444\\@evil.jp/",
        f"http://{PLACE}\\x",
        f"http:\\\\{PLACE}",
        f"http:///{PLACE}",
        f"http:////{PLACE}",
        f" http://{PLACE}",
        f"http://{PLACE} ",
        f"http://{PLACE}\t",
        f"http://{PLACE}\nx",
        f"http://{PLACE}\r\nHost: evil.jp",
        f"http://{PLACE}\0",
        f"http://{PLACE}../x",
        f"http://{PLACE}%2e%2e/x",
        f"http://{PLACE}%252e%252e/",
        f"http://{PLACE}x?next=http://evil.jp",
        f"http://{PLACE}//evil.jp/",
        f"http://{PLACE}%2f%2fevil.jp",
        f"http://{PLACE}//localhost:1/",
        f"http://{PLACE}%5cevil",
        f"http://{PLACE}%",
        f"http://{PLACE}%zz",
        f"http://{PLACE}é",
        f"http://{PLACE}x?user_name=maria",
        f"http://{PLACE}x?destination=2",
        f"http://{PLACE}?userName=",
        f"http://{PLACE}" + "x" * 3_000,
        f"gopher://{PLACE}",
        f"javascript:{PLACE}",
        "http://localhost:4444/",
        "http://[::1]:4444/",
        "http://2130706433:4444/",
        "http://0x7f.1:4444/",
        "http://１２７.0.0.1:4444/",
        "evil",
        "evil.jp",
        "//evil.jp",
        "/\\evil.jp",
        "//",
        "a. b",
        "not a  url",
        0,
        -1,
        256,
        2130706433,
        7.5,
        {"url": "x"},
        ["http://evil.jp/"],
        [f"http://{PLACE}t"] * 11,
        {f"http://{PLACE}": "http://evil.jp/"},
    ],
)
def test_no_other_url_is_called_back(refused: Refusal, url: Any) -> None:
    """Whatever some reader of URLs takes to another host, or cannot be sure about, is not ours."""
    assert refused(call(callback_url=url)) == "callback"


@pytest.mark.parametrize("place", ["", "127.0.0.1:4444"])
def test_a_place_is_a_whole_host_and_port(place: str) -> None:
    """Without a receiver nothing is ours; without its slash a place is still no prefix of another host."""
    gate = gate_of(callback_place=place)

    assert rule_against(gate, call(callback_url="http://127.0.0.1:4444.evil.jp/")) == "callback"
    assert rule_against(gate, call(callback_url=f"http://{PLACE}x")) == ("" if place else "callback")


def test_our_place_may_be_a_path_and_is_not_left() -> None:
    """Behind a shared host only our own path is ours."""
    gate = gate_of(callback_place="hooks.acme.jp/basix/")

    assert rule_against(gate, call(callback_url="https://hooks.acme.jp/basix/t")) == ""
    for url in ("https://hooks.acme.jp/", "https://hooks.acme.jp/basixx/", "https://hooks.acme.jp/basix/../other"):
        assert rule_against(gate, call(callback_url=url)) == "callback"
