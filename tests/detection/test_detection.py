"""The comparison is fair and its arithmetic is right: a kill is seen, a false alarm is seen, the rows say so."""

from __future__ import annotations

import dataclasses
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from basix_contract.checks import SERVER_CHECKS, Exchange, Finding, History, Intent
from basix_contract.mock import DEFECTS
from tests.detection.attribution import ABOUT, REQUEST_PARTS, is_attributed, is_exact, part_of, pointed_at
from tests.detection.kit import first_shown
from tests.detection.outcome import Game, Heard, Said
from tests.detection.prism import Prism, kind_of
from tests.detection.sampling import stratified
from tests.detection.schemathesis_runs import STOCK
from tests.detection.serving import _refuse_strangers, different, mock_pbx
from tests.detection.table import COLUMNS, markdown, summarise

# The first phase alone, which takes a moment: the document's examples.
BRIEF = dataclasses.replace(STOCK, after=(*STOCK.after, "--phases", "examples"))

# What stock schemathesis says of the correct mock in that phase, as its own baseline file has it.
KNOWN = {"operation": "POST /call_user", "check": "ignored_auth", "failure": "IgnoredAuth", "signature": ""}
BASELINE = json.dumps({"format_version": 1, "entries": [KNOWN]})


def game(server: str, *said: Said, tool: str = "schemathesis", calls: int = 0, seconds: float = 1.0) -> Game:
    """A game in which this was said."""
    heard = Heard(new=said)
    return Game(tool=tool, server=server, seed=0, heard=heard, requests=9, calls=calls, seconds=seconds)


def test_a_kill_and_a_false_alarm_are_seen(tmp_path: Path) -> None:
    """A tool is loud where it says something new of a defect, silent where it does not, and alarmed where it should
    be silent.
    """

    def against(server: str) -> Heard:
        folder = tmp_path / server
        folder.mkdir()
        serving = mock_pbx(server) if server in DEFECTS else different(server, folder)
        with serving as served:
            return BRIEF.hear(served, 0, BASELINE, folder)

    with ThreadPoolExecutor() as pool:
        killed, missed, alarmed = pool.map(against, ("uuids-empty", "same-uuids-every-call", "talkative"))

    assert [said.check for said in killed.new] == ["response_schema_conformance"] * len(killed.new) != []
    assert killed.new[0].number == 1
    assert missed.new == ()
    assert missed.known[0].check == "ignored_auth"
    assert {said.check for said in alarmed.new} == {"status_code_conformance"}
    assert not any((killed.trouble, missed.trouble, alarmed.trouble))


def test_the_table_counts_what_was_played() -> None:
    """A row has kills by level, alarms by run with and without the baseline, medians and worst values."""
    defects = [
        game("uuids-empty", Said(check="response_schema_conformance", number=4), calls=10, seconds=2.0),
        game("same-uuids-every-call", calls=30, seconds=4.0),
        game("callback-twice", Said(check="response_schema_conformance", number=8), calls=20, seconds=9.0),
    ]
    known = Heard(known=(Said(check="ignored_auth"),))
    calm = [game("strict"), dataclasses.replace(game("lenient"), heard=known), game("hasty", Said(check="x"))]

    row = summarise("schemathesis", "stock", defects, calm)

    assert dict(zip(COLUMNS, row.cells(), strict=True)) == {
        "tool": "stock",
        "MUST killed": "1 of 2 (50%)",
        "SHOULD killed": "1 of 1 (100%)",
        "false alarms": "2 of 3 runs",
        "beyond its baseline": "1 of 3 runs",
        "attribution": "1 of 2 (50%)",
        "requests to first failure": "6 (8)",
        "calls placed": "20 (30)",
        "time of a run": "4.0 s (9 s)",
    }
    lines = markdown([row]).splitlines()
    assert len(lines) == 3
    assert {line.count("|") for line in lines} == {len(COLUMNS) + 1}


def test_nothing_played_is_no_zero() -> None:
    """What was not measured is a dash, not a number."""
    assert summarise("prism", "Prism", [], []).cells()[1:6] == ["–"] * 5


@pytest.mark.parametrize(
    ("defect", "said", "is_named"),
    [
        ("uuids-empty", Said(check="response_schema_conformance"), True),
        ("uuids-empty", Said(check="ignored_auth"), False),
        ("callback-twice", Said(check="CallbackComesOnce"), True),
        ("callback-twice", Said(check="response_schema_conformance"), False),
        ("user-did-of-ten-digits", Said(check="known_call_is_accepted", members=("destination", "user_did")), True),
        ("user-did-of-ten-digits", Said(check="known_call_is_accepted", members=("destination", "group_did")), False),
        ("user-did-of-ten-digits", Said(check="known_call_is_accepted", members=("user_did", *"abcd")), False),
        ("user-did-of-ten-digits", Said(check="negative_data_rejection", text="at `/user_did`"), True),
        ("uuids-empty", Said(check="response.body.uuids minItems"), True),
    ],
)
def test_a_kill_is_attributed_where_a_failure_points_at_the_broken_part(
    defect: str, said: Said, *, is_named: bool
) -> None:
    """A failure points at what its check is about, or at the few members of the request that it shows."""
    assert is_attributed(game(defect, said)) is is_named


def test_every_check_is_about_a_part_that_a_failure_can_point_at() -> None:
    """No check is out of reach of the rule, but for the one about the moment of the reply."""
    reachable = set().union(*(pointed_at(Said(check=check, members=("user_id",))) for check in ABOUT)) | REQUEST_PARTS

    assert {check for check in SERVER_CHECKS if not part_of(check) & reachable} == {"timing/reply-before-answer"}
    assert pointed_at(Said(check="unheard of")) == set()


def test_this_kit_must_fail_just_what_the_row_says() -> None:
    """For this kit a surplus failure is a missed attribution."""
    assert is_exact(game("uuids-empty", Said(check="uuids/present")))
    assert not is_exact(game("uuids-empty", Said(check="uuids/present"), Said(check="reply/answered")))
    assert not is_exact(game("uuids-empty", Said(check="uuids/form")))


def test_a_sample_has_some_of_each_check() -> None:
    """No check comes twice before every check came once; the same seed draws the same sample."""
    checks = {defect.kills for defect in DEFECTS.values()}

    assert {DEFECTS[id_].kills for id_ in stratified(len(checks))} == checks
    assert len({DEFECTS[id_].kills for id_ in stratified(20)}) == 20
    assert stratified(20, 3) == stratified(20, 3) != stratified(20, 4)
    assert stratified(10_000) == list(DEFECTS)


def test_the_first_failure_is_counted_in_requests() -> None:
    """It is the shortest beginning of the run that already shows what the whole run shows."""
    intent = Intent(probe="x", expect="open")
    sent = [Exchange(id=str(at), scenario="s", title="t", intent=intent, sent_at_s=float(at)) for at in range(9)]

    def check(history: History) -> Finding:
        return Finding("broken" if history.by_id("5") and history.by_id("2") else "held")

    assert first_shown(History(exchanges=tuple(reversed(sent))), check) == 6


def test_nobody_else_is_reached() -> None:
    """A process that plays refuses to connect to anything but this machine."""
    _refuse_strangers("socket.connect", (None, ("127.0.0.1", 80)))
    _refuse_strangers("socket.getaddrinfo", ("localhost", 80))
    for event, arguments in (
        ("socket.connect", (None, ("192.0.2.1", 80))),
        ("socket.getaddrinfo", ("somewhere.com", 443)),
    ):
        with pytest.raises(ConnectionRefusedError, match="is not this machine"):
            _refuse_strangers(event, arguments)


def test_violations_are_of_a_kind_whatever_the_item() -> None:
    """Prism's violations are told apart by place and rule, not by an item's number in its list."""
    places = (["response", "body", "uuids", number] for number in "02")

    assert {kind_of({"location": place, "code": "pattern"}) for place in places} == {"response.body.uuids.* pattern"}


def test_prism_is_left_out_with_a_reason_where_there_is_no_node(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without node nothing is installed, and the run says what is missing."""
    monkeypatch.setenv("PATH", "")

    assert "node and npm are not on this machine" in Prism().missing()
