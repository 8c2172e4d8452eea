"""The plan of the receiver role: what the scenario files hold, and what is drawn on top of them."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

import pytest

from basix_contract.checks import RECEIVER_CHECKS
from basix_contract.contract import load_ledger
from basix_contract.errors import SpecError
from basix_contract.messages import Request
from basix_contract.suite import ReceiverOptions, preview_receiver
from basix_contract.suite.deliver import plan_receiver
from basix_contract.suite.deliver._build import build_scenarios
from basix_contract.suite.deliver._drawn import _entry
from basix_contract.suite.deliver._scenario import Drawn, Scenario, Step, TellReply
from basix_contract.suite.deliver._uuids import FORMS, Uuids
from basix_contract.suite.deliver._wire import header_fields, raw_request
from basix_contract.validation import parse_json, validate_callback, validate_callback_body

_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)


def plan(seed: int = 0, nonce: str = "c1", **options: Any) -> tuple[Scenario, ...]:
    """A plan of this seed."""
    return plan_receiver(ReceiverOptions(seed=seed, **options), nonce)


def built(**spec: Any) -> Scenario:
    """One scenario from what a file would hold."""
    (scenario,) = build_scenarios(({"id": "s", **spec},), Uuids(0, "n"))
    return scenario


def step(**entry: Any) -> Step:
    """One step from what a file would hold."""
    given = {"title": "t", "expects": {"odd/junk": "no-5xx"}, **entry}
    return next(built(steps=[given]).steps)


def test_every_row_has_something_that_shows_it() -> None:
    """For each check of the receiver role something is delivered, or a call is placed."""
    scenarios = plan()
    shown = {check for scenario in scenarios for move in scenario.steps for check in move.expects}
    shown |= {check for scenario in scenarios for call in scenario.calls for check in call.held_for}

    assert shown | {"acknowledge/in-time"} == set(RECEIVER_CHECKS)


def test_what_must_be_taken_keeps_the_contract() -> None:
    """A body that must get its 2xx is a callback by both validators; one that is odd on purpose need not be."""
    for scenario in plan(3):
        for move in scenario.steps:
            if "2xx" in move.expects.values():
                value = parse_json(move.body).value
                request = Request("POST", "/hook", (("Content-Type", "application/json"),), move.body)
                assert validate_callback_body(value) == (), move.id
                assert validate_callback(request) == (), move.id
                assert type(value["result_code"]) is int, move.id


def test_a_seed_fixes_the_plan_but_for_its_uuids() -> None:
    """The same seed delivers the same, uuids aside, which no two runs share; another seed draws something else."""
    one, same, other = plan(0, "c1"), plan(0, "c2"), plan(1, "c1")

    assert shape(one) == shape(same)
    assert shape(one) != shape(other)
    assert uuids_of(one).isdisjoint(uuids_of(same))


def shape(scenarios: tuple[Scenario, ...]) -> list[tuple[str, str, tuple[str, ...], str]]:
    """What a plan delivers, its uuids taken out."""
    return [
        (move.id, move.title, move.fields, _UUID.sub("uuid", move.body[:1000].decode("latin-1")))
        for scenario in scenarios
        for move in scenario.steps
    ]


def uuids_of(scenarios: tuple[Scenario, ...]) -> set[str]:
    """Every uuid that a reply of this plan names."""
    return {uuid.lower() for scenario in scenarios for call in scenario.calls for uuid in call.uuids}


def test_no_two_calls_share_a_uuid() -> None:
    """Whoever goes by uuids can tell all calls of a run apart."""
    counted = Counter(uuid.lower() for scenario in plan() for call in scenario.calls for uuid in call.uuids)

    assert max(counted.values()) == 1


def test_only_plays_a_row_and_what_it_needs() -> None:
    """What serves neither the row nor those it needs is left out."""
    whole, part = plan(), plan(only=("CU-442",))
    ids = {scenario.id for scenario in part}

    assert {"answered", "not-answered", "repeat"} <= ids < {scenario.id for scenario in whole}
    assert "huge-body" not in ids


def test_a_command_is_asked_for_fewer_drawn_calls() -> None:
    """Where each call costs a process, a quarter of what is drawn has to do."""

    def drawn(scenarios: tuple[Scenario, ...]) -> int:
        return sum(len(list(scenario.steps)) for scenario in scenarios if scenario.id.startswith("drawn"))

    assert drawn(plan(url_command="x")) * 3 < drawn(plan())


def test_a_plan_can_be_read_before_anything_is_sent() -> None:
    """The preview holds every delivery with what may be answered to it; it needs no receiver."""
    preview = preview_receiver(ReceiverOptions())

    assert preview.target == "the URLs that --url-command gives"
    assert len({delivery.id for delivery in preview.deliveries}) == len(preview.deliveries) > 300
    assert preview.calls > 150


# ── how files are read ──


def test_uuids_stand_where_they_are_marked() -> None:
    """The call's first and second uuid, another call's, and one of nobody's."""
    scenario = built(
        steps=[
            {"title": "a", "call": "a", "body": ["{uuid}", "{uuid:second}"], "expects": {"odd/junk": "no-5xx"}},
            {"title": "b", "call": "b", "text": "{uuid:a} {uuid:stranger}", "expects": {"odd/junk": "no-5xx"}},
        ]
    )
    first, second = scenario.steps
    uuids = {call.id: call.uuids for call in scenario.calls}

    assert json.loads(first.body) == list(uuids["s/a"])
    mine, stranger = second.body.decode().split()
    assert mine == uuids["s/a"][0]
    assert stranger not in {uuid for known in uuids.values() for uuid in known}


@pytest.mark.parametrize("form", FORMS)
def test_uuids_have_the_form_asked_for(form: str) -> None:
    """Version and letter case are those of the form, and the digits differ from call to call."""
    uuids = Uuids(0, "n")
    drawn = {uuids.draw(form) for _ in range(20)}

    assert len(drawn) == 20
    assert {uuid[14] for uuid in drawn} == {form[1] if form.startswith("v") else "4"}
    assert all(uuid.upper() == uuid for uuid in drawn) is (form == "upper")


def test_a_fresh_uuid_looks_like_the_one_shown() -> None:
    """Version, variant and case stay; what is no uuid stays as it is."""
    uuids = Uuids(0, "n")

    assert uuids.like("EDE7B23E-C172-145E-B32E-963B11BA2B96")[14:20:5] == "1B"
    assert uuids.like("EDE7B23E-C172-145E-B32E-963B11BA2B96").isupper()
    assert uuids.like("ede7b23e-c172-745e-832e-963b11ba2b96") != "ede7b23e-c172-745e-832e-963b11ba2b96"
    assert uuids.like("none") == "none"


@pytest.mark.parametrize(
    ("entry", "body"),
    [
        ({"body": {"a": ["é", None]}}, '{"a": ["é", null]}'.encode()),
        ({"text": "x"}, b"x"),
        ({"base64": "AP8="}, b"\0\xff"),
        ({"filler": {"before": "<", "repeat": "ab", "times": 3, "after": ">"}}, b"<ababab>"),
        ({}, b""),
    ],
)
def test_bodies_are_given_in_several_ways(entry: dict[str, Any], body: bytes) -> None:
    """As JSON, as text, as bytes, as much of the same, or not at all."""
    assert step(**entry).body == body


def test_a_call_named_twice_is_one_call() -> None:
    """Steps that name no call have one each; those that name one share it, with its uuids and its outcome."""
    expects = {"acknowledge/repeat": "2xx"}
    scenario = built(
        steps=[
            {
                "title": "a",
                "call": "a",
                "body": {"uuid": "{uuid}"},
                "expects": expects,
                "believes": {"belief/repeat": "answered"},
            },
            {"title": "a", "call": "a", "times": 2, "body": {"uuid": "{uuid}"}, "expects": expects},
            {"title": "b", "times": 2, "expects": expects},
        ]
    )
    first, second, third, fourth, fifth = scenario.steps

    assert {first.call, second.call, third.call} == {"s/a"}
    assert first.body == second.body == third.body
    assert fourth.call != fifth.call
    assert (second.title, fifth.title) == ("a, 1 of 2", "b, 2 of 2")
    (call, *_) = scenario.calls
    assert (dict(call.held_for), call.uuid) == ({"belief/repeat": "answered"}, call.uuids[0])


def test_a_good_callback_follows_what_is_odd() -> None:
    """After each odd step, and no other, a call of its own gets a callback that must be taken."""
    scenario = built(
        next_callback="odd/next-callback",
        steps=[
            {"title": "good", "body": {}, "expects": {"acknowledge/answered": "2xx"}},
            {"title": "odd", "text": "x", "expects": {"odd/junk": "no-5xx"}},
            {"title": "gone", "hang_up": {"part": 0.5}, "expects": {}},
        ],
    )

    assert [(move.id, move.follows, dict(move.expects)) for move in scenario.steps if move.follows] == [
        ("s.2.next", "s.2", {"odd/next-callback": "2xx"}),
        ("s.3.next", "s.3", {"odd/next-callback": "2xx"}),
    ]
    assert len({move.call for move in scenario.steps}) == 5


def test_a_reply_can_be_told_late() -> None:
    """The application hears of a late reply where the file says so."""
    scenario = built(
        steps=[
            {"title": "a", "call": "a", "reply": "late", "expects": {"acknowledge/before-reply": "2xx"}},
            {"tell_reply": "a"},
        ]
    )

    assert scenario.calls[0].reply == "late"
    assert scenario.moves[1] == TellReply("s/a")


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"steps": []}, "steps are missing"),
        ({"steps": [{"title": "t"}]}, "nothing judges it"),
        ({"steps": [{"expects": {"odd/junk": "2xx"}}]}, "title is missing"),
        ({"steps": [{"title": "t", "expects": {"odd/jnuk": "2xx"}}]}, "'odd/jnuk' is none of"),
        ({"steps": [{"title": "t", "expects": {"odd/junk": "3xx"}}]}, "'3xx' is none of"),
        ({"steps": [{"title": "t", "believes": {"belief/junk": "maybe"}}]}, "'maybe' is none of"),
        ({"steps": [{"title": "t", "expects": {"odd/junk": "2xx"}, "bodi": {}}]}, "unknown key bodi"),
        ({"steps": [{"title": "t", "expects": {"odd/junk": "2xx"}, "body": 1, "text": "x"}]}, "give one of body"),
        ({"steps": [{"title": "t", "expects": {"odd/junk": "2xx"}, "pace": {"slow": 1}}]}, "unknown key slow"),
        ({"steps": [{"title": "t", "expects": {"odd/junk": "2xx"}, "uuid_form": "v9"}]}, "'v9' is none of"),
        ({"steps": [{"title": "t", "expects": {"odd/junk": "2xx"}, "reply": "never"}]}, "'never' is none of"),
        ({"steps": [{"title": "t", "expects": {"odd/junk": "2xx"}, "text": "{uuid:b}"}]}, "there is no call b yet"),
        ({"steps": [{"tell_reply": "a"}]}, "there is no call a yet"),
        ({"steps": [{"tell_reply": "a", "title": "t"}]}, "unknown key title"),
        ({"phase": "later", "steps": [{}]}, "'later' is none of"),
        ({"next_callback": "odd", "steps": [{}]}, "'odd' is none of"),
        ({"moves": [], "steps": [{}]}, "unknown key moves"),
    ],
)
def test_a_mistake_in_a_file_is_named(spec: dict[str, Any], said: str) -> None:
    """The scenario is named, and what is wrong in it."""
    with pytest.raises(SpecError, match="scenario s") as caught:
        built(**spec)

    assert said in str(caught.value)


# ── what is drawn ──


@pytest.mark.parametrize(
    ("body", "expects"),
    [
        (b'{"result_code": 0, "uuid": "ede7b23e-c172-445e-832e-963b11ba2b96"}', {"acknowledge/answered": "2xx"}),
        (b'{"result_code": 500, "error": {"id": "busy"}}', {"acknowledge/not-answered": "2xx"}),
        (b'{"result_code": 500, "error": {"id": "x y"}}', {"acknowledge/unknown-error-id": "2xx"}),
        (b'{"result_code": 7, "error": {"id": "busy"}}', {"acknowledge/other-code": "2xx"}),
        (b'{"result_code": 500, "error": {"id": "busy", "a": 1}}', {"acknowledge/extra-members": "2xx"}),
        (b'{"error": {"id": "busy"}, "result_code": 500}', {"acknowledge/json-spelling": "2xx"}),
        (b'{"result_code": 500, "error": {"id": "\\u0062usy"}}', {"acknowledge/json-spelling": "2xx"}),
        (b'{"result_code": 0, "uuid": "EDE7B23E-c172-445e-832e-963b11ba2b96"}', {"acknowledge/uuid-forms": "2xx"}),
        (b'{"result_code": 0, "uuid": "ede7b23e-c172-045e-032e-963b11ba2b96"}', {"odd/junk": "no-5xx"}),
        (b'{"result_code": 99999999999, "error": {"id": "busy"}}', {"odd/junk": "no-5xx"}),
        (b'{"result_code": 500, "error": {"id": "a\\u0000b"}}', {"odd/junk": "no-5xx"}),
        (b'{"result_code": 500, "error": {"id": "busy"}, "\\ud800": 1}', {"odd/junk": "no-5xx"}),
        (b'{"result_code": 500.0, "error": {"id": "busy"}}', {"odd/junk": "no-5xx"}),
        (b'{"result_code": "0"}', {"odd/junk": "no-5xx"}),
        (b"{}", {"odd/junk": "no-5xx", "odd/junk-refused": "4xx"}),
        (b"[0]", {"odd/junk": "no-5xx", "odd/junk-refused": "4xx"}),
        (b"\xff", {"odd/junk": "no-5xx", "odd/junk-refused": "4xx"}),
        (b"", {"odd/junk": "no-5xx", "odd/junk-refused": "4xx"}),
    ],
)
def test_what_is_drawn_is_judged_by_what_it_is(body: bytes, expects: dict[str, str]) -> None:
    """Not by what it was drawn for: a body is looked at again, and only what every receiver can take must be taken."""
    assert _entry(1, Drawn("POST", "application/json", body))["expects"] == expects


def test_other_methods_are_drawn_too() -> None:
    """Methods that frameworks answer by themselves say nothing of a receiver and are left out."""
    assert _entry(1, Drawn("PUT", "application/json", b""))["expects"] == {"odd/other-method": "4xx"}
    assert "expects" not in _entry(1, Drawn("OPTIONS", "application/json", b""))
    good = b'{"result_code": 500, "error": {"id": "busy"}}'
    assert "expects" not in _entry(1, Drawn("POST", "multipart/form-data", good))


# ── how steps become bytes ──


def test_a_plain_step_is_one_piece() -> None:
    """Head and body go out together; the path and query of the URL stand in it byte for byte."""
    given = step(body={"a": 1})
    request = raw_request(given, "http://127.0.0.1:8000/~x//%7By%7D?q=%C3%A9&q#never")
    ((pause_s, raw),) = request.pieces
    head, _, body = raw.partition(b"\r\n\r\n")

    assert pause_s == 0.0
    assert head.split(b"\r\n")[0] == b"POST /~x//%7By%7D?q=%C3%A9&q HTTP/1.1"
    assert b"Host: 127.0.0.1:8000" in head
    assert b"Content-Length: 8" in head
    assert body == b'{"a": 1}'
    assert dict(header_fields(given, "http://127.0.0.1:8000/"))["Content-Type"] == "application/json"


@pytest.mark.parametrize(("url", "target"), [("http://h", b"/"), ("http://h?a=b", b"/?a=b"), ("http://h/x", b"/x")])
def test_a_target_begins_with_a_slash(url: str, target: bytes) -> None:
    """Where a URL has no path, one slash stands for it."""
    assert raw_request(step(text=""), url).pieces[0][1].split(b" ")[1] == target


def test_a_step_can_name_all_its_fields() -> None:
    """The lines of a file stand in the head and nothing else; without a media type there is no content type."""
    bare = step(fields=["Host: {host}", "content-length: {length}"], text="xy")
    unlabelled = step(media_type=None, text="xy")

    assert raw_request(bare, "http://h/").pieces[0][1] == b"POST / HTTP/1.1\r\nHost: h\r\ncontent-length: 2\r\n\r\nxy"
    assert "Content-Type" not in dict(header_fields(unlabelled, "http://h/"))


def test_a_body_can_go_in_chunks() -> None:
    """Each chunk has its size before it, and no length is given."""
    raw = raw_request(step(text="abcde", chunk_bytes=3), "http://h/").pieces[0][1]

    assert b"Transfer-Encoding: chunked" in raw
    assert b"Content-Length" not in raw
    assert raw.endswith(b"\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")


def test_a_slow_step_goes_in_pieces() -> None:
    """The pieces make up the message, and the pauses the time; the head goes at once unless all of it is slow."""
    slow = raw_request(step(text="0123456789", pace={"pieces": 5, "over_s": 1.0}), "http://h/")
    whole = raw_request(step(text="0123456789", pace={"pieces": 5, "over_s": 1.0, "is_whole": True}), "http://h/")

    assert [piece for _, piece in slow.pieces[1:]] == [b"01", b"23", b"45", b"67", b"89"]
    assert (slow.pieces[0][0], slow.lasts_s) == (0.0, 1.0)
    assert b"".join(piece for _, piece in whole.pieces) == b"".join(piece for _, piece in slow.pieces)
    assert len(whole.pieces) == 5


def test_a_sender_can_hang_up_anywhere() -> None:
    """Only the part that is asked for is sent, and no reply is waited for."""
    whole = raw_request(step(text="x" * 100), "http://h/").pieces[0][1]
    cut = raw_request(step(text="x" * 100, hang_up={"part": 0.5, "how": "reset"}), "http://h/")

    assert cut.ending == "reset"
    assert cut.pieces[0][1] == whole[: round(len(whole) / 2)]


def test_the_ledger_and_the_plan_agree_on_what_needs_an_observer() -> None:
    """Leaving the observer out leaves out the rows about beliefs, and no other."""
    rows = ReceiverOptions(without_observer=True).rows
    left_out = {row.id for row in load_ledger().for_role("receiver") if row.checks} - set(rows)

    assert left_out == {f"CU-{number}" for number in range(440, 448)}
