"""The scenario files of the client role: what is shipped holds together, and what is wrong in one is told."""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from basix_contract.checks import CLIENT_CHECKS
from basix_contract.contract import load_ledger
from basix_contract.errors import SpecError
from basix_contract.suite.answer._cases import ClientCase, ReplyScript
from basix_contract.suite.answer._filling import Filler
from basix_contract.suite.answer._replies import read_reply
from basix_contract.suite.answer._scenarios import filled, read_scenarios
from basix_contract.validation import validate_reply_body, validate_request_body

PLAIN = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@cache
def cases_of(seed: int) -> list[ClientCase]:
    """Every call of the role."""
    return [case for scenario in filled(read_scenarios(), seed) for case in scenario.cases]


def sent(reply: ReplyScript) -> bytes:
    """All bytes of a reply."""
    return b"".join(act for act in reply.acts if isinstance(act, bytes))


def test_every_scored_check_has_calls_of_its_own() -> None:
    """For every MUST and SHOULD of the role there are calls that are played for it."""
    scored = {
        check for row in load_ledger().for_role("client") for check in row.checks if row.level in ("MUST", "SHOULD")
    }
    served = {check for case in cases_of(0) for check in case.serves}

    assert scored - served - {"given/nothing-left-over"} == set()
    assert served <= set(CLIENT_CHECKS)


@pytest.mark.parametrize("seed", range(2))
def test_what_a_client_must_send_keeps_the_contract(seed: int) -> None:
    """Parameters that a client must send, and replies that it must take for a success or an error, are good ones."""
    for case in cases_of(seed):
        if case.allows in (("success",), ("error",)):
            assert validate_request_body(case.params) == (), case.id
            said = case.replies[-1].says
            assert said.is_envelope, case.id


@pytest.mark.parametrize("seed", range(2))
def test_every_call_can_be_told_from_the_others(seed: int) -> None:
    """No two calls have one id or one token, and a token is in nothing else that is given."""
    cases = cases_of(seed)

    assert len({case.id for case in cases}) == len({case.token for case in cases}) == len(cases)
    assert not [case.id for case in cases if case.token in str(case.params)]


def test_a_seed_fills_in_the_same_values() -> None:
    """A seed decides all that is drawn, another one draws other values, and each call draws for itself."""
    again = [case for scenario in filled(read_scenarios(), 1) for case in scenario.cases]

    assert cases_of(1) == again
    assert cases_of(0) != again
    assert Filler(5, "a.1").fill("{uuid}") != Filler(5, "a.2").fill("{uuid}")


@pytest.mark.parametrize(
    ("declared", "filled"),
    [
        ("plain {not a slot}", "plain {not a slot}"),
        ("{name=Charles Xavier}0312341234", "{name=Charles Xavier}0312341234"),
        (["{uuid*3}", "x"], 4),
        ({"a": ["{digits*4}"]}, {"a": 1}),
        (7, 7),
        (None, None),
    ],
)
def test_slots_are_filled_and_nothing_else(declared: Any, filled: Any) -> None:
    """Only what is a slot is filled; a slot with a number stands for several in a list."""
    found = Filler(0, "a.1").fill(declared)

    if isinstance(filled, int) and isinstance(found, list):
        assert len(found) == filled
        assert len(set(found)) == filled
    elif isinstance(filled, dict):
        assert len(found["a"][0]) == 4
        assert found["a"][0].isdigit()
    else:
        assert found == filled


def test_a_number_of_so_many_digits_is_a_number() -> None:
    """A text that is nothing but a number's slot becomes a JSON number."""
    number = Filler(0, "a.1").fill("{number*8}")

    assert isinstance(number, int)
    assert len(str(number)) == 8


@pytest.mark.parametrize(
    ("declared", "raw"),
    [
        ({"json": {"a": 1}}, PLAIN + 'Content-Length: 8\r\n\r\n{"a": 1}'),
        ({"status": 204, "length": False, "headers": {"Content-Type": None}}, "HTTP/1.1 204 No Content\r\n\r\n"),
        (
            {"status": 599, "text": "x"},
            "HTTP/1.1 599 Odd\r\nContent-Type: application/json\r\nContent-Length: 1\r\n\r\nx",
        ),
        ({"text": "abc", "chunked": 2}, PLAIN + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"),
        (
            {"text": "abcdef", "cut_at": 2, "ending": "close"},
            PLAIN + "Content-Length: 6\r\nConnection: close\r\n\r\nab",
        ),
        ({"text": "abc", "length": 9}, PLAIN + "Content-Length: 9\r\n\r\nabc"),
        ({"base64": "/w=="}, PLAIN + "Content-Length: 1\r\n\r\n\xff"),
        ({"raw": "nonsense"}, "nonsense"),
        ({"ending": "hold"}, ""),
    ],
)
def test_a_reply_is_sent_as_it_is_declared(declared: dict[str, Any], raw: str) -> None:
    """What a file declares is what is sent, to the byte."""
    assert sent(read_reply(declared, "here")) == raw.encode("latin-1")


def test_a_zipped_reply_is_sent_both_ways() -> None:
    """A client that asks for gzip gets the same body packed, and labelled so; any other gets it as it stands."""
    reply = read_reply({"json": {"a": 1}, "zipped": True}, "here")
    head, _, packed = b"".join(act for act in reply.zipped if isinstance(act, bytes)).partition(b"\r\n\r\n")

    assert sent(reply).endswith(b'\r\n\r\n{"a": 1}')
    assert b"Content-Encoding: gzip" in head
    assert f"Content-Length: {len(packed)}".encode() in head
    assert gzip.decompress(packed) == b'{"a": 1}'


def test_a_reply_in_pieces_keeps_its_pauses() -> None:
    """Pauses stand between the pieces, the delay before the first."""
    reply = read_reply({"raw": "12345", "pieces": 2, "pause_s": 0.1, "delay_s": 0.5}, "here")

    assert reply.acts == (0.5, b"12", 0.1, b"34", 0.1, b"5")


@pytest.mark.parametrize(
    ("declared", "is_envelope"),
    [
        ({"json": {"result_code": 0, "uuids": []}}, True),
        ({"status": 500, "json": {"result_code": 500}}, True),
        ({"json": {"result_code": "0"}}, False),
        ({"json": {"result_code": False}}, False),
        ({"json": [{"result_code": 0}]}, False),
        ({"json": {"result_code": 0}, "cut_at": 3}, False),
        ({"json": {"result_code": 0}, "length": 4000}, False),
        ({"raw": '{"result_code": 0}'}, False),
    ],
)
def test_an_envelope_is_one_that_arrives_whole(declared: dict[str, Any], *, is_envelope: bool) -> None:
    """A reply says something only where a client can read it to its end."""
    assert read_reply(declared, "here").says.is_envelope is is_envelope


def test_the_replies_of_the_plain_calls_keep_the_contract() -> None:
    """What the kit answers where it is a good PBX validates as a reply."""
    replies = [case.replies[0] for case in cases_of(0) if case.scenario in ("plain-call", "examples", "success")]

    for reply in replies:
        body = sent(reply).partition(b"\r\n\r\n")[2]
        assert validate_reply_body(json.loads(body)) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- {id: a, titel: x}", "a: unknown key titel; known here: id, title,"),
        ("- {id: a, order: soon}", "a: order must be one of together, in-turn, alone, not 'soon'"),
        ("- {id: a, serves: [outcome/succes]}", "a.1: there is no check outcome/succes; did you mean outcome/success?"),
        ("- {id: a, cases: [{parms: {}}]}", "a.1: unknown key parms"),
        ("- {id: a, allows: [maybe]}", "a.1: allows must be of success, error, failure, any, not 'maybe'"),
        ("- {id: a, reply: {text: hello}}", "a.1: say what the reply allows: success, error, failure, any"),
        ("- {id: a, reply: {stauts: 200}}", "a.1: unknown key stauts; known here: status,"),
        ("- {id: a, reply: {json: 1, text: x}}", "a.1: a body is declared once, as json, text or base64"),
        (
            "- {id: a, reply: {json: 1, ending: bang}}",
            "a.1: ending must be one of keep, close, reset, hold, not 'bang'",
        ),
        ("- {id: a, reply: {base64: '*'}}", "a.1: base64 cannot be read"),
    ],
)
def test_what_is_wrong_in_a_file_is_told(tmp_path: Path, text: str, said: str) -> None:
    """A scenario that cannot be played is named, with what is wrong in it."""
    (tmp_path / "some.yaml").write_text(f"scenarios:\n{text}\n", "utf-8")

    with pytest.raises(SpecError) as caught:
        filled(read_scenarios(tmp_path), 0)
    assert said in str(caught.value)
