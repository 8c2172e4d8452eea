"""The summary on a terminal: what it tells, how it fits, and that nothing the target sent can spoil it."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from basix_contract.report import summary_for, summary_text
from basix_contract.suite import WORST_FIRST
from tests.report.runs import UUID, callback, exchange, requirement, run, write_journal

FAILED = requirement(
    "CU-148",
    "fail",
    check="callback/uuid",
    statement="The callback of an answered call names one of the uuids of the call's own reply.",
    detail="the user answers: foreign, 1c46 belongs to callback.2",
    evidence=("callback.1", "callback.2", "callback.3", "callback.4", "callback.5"),
)
OBSERVED = requirement("CU-010", "observed", level="OBSERVE", check="error/http-status", detail="HTTP 200 (213)")


class Stream(io.TextIOWrapper):
    """A text stream that may be a terminal."""

    def __init__(self, *, encoding: str = "utf-8", is_terminal: bool = False) -> None:
        super().__init__(io.BytesIO(), encoding=encoding)
        self.is_terminal = is_terminal

    def isatty(self) -> bool:
        """Whether it passes for a terminal."""
        return self.is_terminal


def test_a_run_that_conforms(tmp_path: Path) -> None:
    """A good run fits a screen: the verdict, the examples as played, the families, the files, the exit code."""
    journal = write_journal(
        tmp_path / "journal.ndjson",
        **{
            "examples/accepted.1": {"text": '{"user_id": 10001001, "destination": "0312341234"}'},
            "limits/channel-limit.1": {"base64": "eyJ1c2VyX2V4dGVuc2lvbiI6ICIxMDAxIn0="},
        },
    )
    calls = (
        exchange("limits/channel-limit.1", "example 4", {"result_code": 500, "error": {"id": "no"}}),
        exchange(
            "examples/accepted.1",
            "example 1",
            {"result_code": 0, "uuids": [UUID]},
            callbacks=(callback({"result_code": 0, "uuid": UUID}),),
        ),
    )
    result = run(
        requirement("CU-001", "pass"), OBSERVED, requirement("CU-005", "pass", level="SHOULD"),
        exchanges=calls, journal=journal,
    )  # fmt: skip

    assert (
        summary_text(result, files=(Path("build/report.json"), Path("build/junit.xml")))
        == """\
conforms · contract 1.0.0 · 1/1 MUST · 1/1 SHOULD · seed 7 · 1.2 s
server  http://127.0.0.1:8090/basix/api
played  3 of 3 scenarios, 12 requests sent, 5 calls placed

The document's examples, as played  (→ request  ← reply  ⇐ callback)
  example 1     → {"user_id": 10001001, "destination": "0312341234"}
                ← 200 {"result_code": 0, "uuids": ["ede7b23e…"]}
                ⇐ {"result_code": 0, "uuid": "ede7b23e…"} (0.50 s after the request)
  example 4     → {"user_extension": "1001"}
                ← 200 {"result_code": 500, "error": {"id": "no"}}

Requirements by what they are about  (those without a word pass)
  reply 2 · error 1 observed

1 point that the document leaves open was observed, not judged (--verbose lists them)

report  build: report.json, junit.xml
conforms · exit code 0: everything that was scored passes
"""
    )


def test_what_is_to_be_looked_at_comes_worst_first() -> None:
    """Each requirement that does not hold is told with statement, detail, three exchanges and where to look."""
    rows = (
        requirement("CU-007", "warn", level="SHOULD", detail="result_code 501", evidence=("auth/absent.1",)),
        requirement("CU-150", "not-testable", detail="because CU-148 does not hold"),
        FAILED,
        requirement("CU-151", "not-testable", level="SHOULD", detail="because CU-148 does not hold"),
        requirement("CU-001", "pass"),
    )
    text = summary_text(run(*rows, verdict="does-not-conform", exit_code=1, reason="1 requirement fails"))

    assert (
        text[text.index("To be looked at") :]
        == """\
To be looked at  (the worst first, causes before what follows from them)
  fail CU-148 MUST  The callback of an answered call names one of the uuids of the call's own reply.
      the user answers: foreign, 1c46 belongs to callback.2
      evidence callback.1, callback.2, callback.3 and 2 more · basix-contract explain CU-148
  not-testable: because CU-148 does not hold
      CU-150 MUST  Something holds.
      CU-151 SHOULD  Something holds.
  warn CU-007 SHOULD  Something holds.
      result_code 501
      evidence auth/absent.1 · basix-contract explain CU-007

does-not-conform · exit code 1: 1 requirement fails
"""
    )


def test_requirements_of_one_verdict_stay_in_needs_order() -> None:
    """Among equals the first is the one that others need, as the run has them."""
    rows = [requirement(f"CU-00{number}", "fail", evidence=("x.1",)) for number in (3, 1, 2)]

    text = summary_text(run(*rows))

    assert text.index("fail CU-003") < text.index("fail CU-001") < text.index("fail CU-002")


def test_every_requirement_is_counted() -> None:
    """Families count every requirement once, by its verdict: what passes first, then the worst."""
    rows = [requirement(f"CU-{number:03}", verdict) for number, verdict in enumerate(WORST_FIRST)]

    told = " ".join(summary_text(run(*rows)).split())
    assert f"reply 1, {', '.join(f'1 {verdict}' for verdict in WORST_FIRST if verdict != 'pass')}" in told


def test_what_is_left_out_of_the_score_is_named() -> None:
    """The verdict line names rows that are not applicable, and those a filter removed; neither is in the score."""
    rows = (
        requirement("CU-001", "pass"),
        requirement("CU-050", "not-applicable", detail="declared unsupported by the profile"),
        *(requirement(f"CU-10{number}", "disabled", detail="not asked for") for number in range(5)),
    )
    text = summary_text(run(*rows, verdict="partial"))

    assert text.startswith(
        "partial · contract 1.0.0 · 1/1 MUST · not-applicable: CU-050 · "
        "disabled: CU-100, CU-101, CU-102 and\n2 more · seed 7"
    )
    assert "  disabled: not asked for\n      5 requirements\n" in text
    assert "CU-103" not in text


def test_consequences_are_told_by_their_first_cause() -> None:
    """What needs a row that needs a broken row is told beside what needs the broken row itself."""
    rows = (
        requirement("CU-001", "fail", detail="no answer", evidence=("preflight.1",)),
        requirement("CU-002", "not-testable", detail="because CU-001 does not hold"),
        requirement("CU-003", "not-testable", detail="because CU-002 does not hold"),
        requirement("CU-004", "not-testable", detail="because CU-003 does not hold"),
        requirement("CU-005", "not-testable", detail="because CU-999 does not hold"),
    )

    assert """
  not-testable: because CU-001 does not hold
      CU-002 MUST  Something holds.
      CU-003 MUST  Something holds.
      CU-004 MUST  Something holds.
  not-testable: because CU-999 does not hold
      CU-005 MUST  Something holds.
""" in summary_text(run(*rows))


def test_many_of_a_kind_are_told_by_their_ids() -> None:
    """Where one cause leaves many requirements untested, each is named, and the screen still holds them."""
    rows = [requirement(f"CU-{number:03}", "not-testable", detail="not played") for number in range(1, 41)]

    text = summary_text(run(*rows))

    assert all(row.id in text for row in rows)
    assert "Something holds." not in text
    assert len(text.splitlines()) < 20


def test_a_run_with_many_failures_fits_a_screen() -> None:
    """Five findings are told in full, the rest by their ids; with all asked for, every one is told."""
    rows = [
        requirement(f"CU-{number:03}", "fail", detail="word " * 200, evidence=(f"x.{number}",))
        for number in range(1, 81)
    ]
    text, whole = summary_text(run(*rows)), summary_text(run(*rows), shows_observed=True)

    assert text.count("basix-contract explain") == 5
    assert "fail too: CU-006, CU-007" in text
    assert "CU-080" in text
    assert len(text.splitlines()) < 45
    assert whole.count("basix-contract explain") == 80


def test_the_first_finding_is_drawn() -> None:
    """The call of the worst finding stands below it, its broken edge marked; the examples give way to it."""
    call = exchange("examples/accepted.1", "example 1", {"result_code": 0, "uuids": []})
    rows = [requirement(f"CU-00{number}", "fail", evidence=("examples/accepted.1",)) for number in (1, 2)]

    text = summary_text(run(*rows, exchanges=(call,)))

    assert text.count("PBX (the target)") == 1
    assert "   0.100 ✗│◀─ 200 · 0 · 0 uuids" in text
    assert "as played" not in text
    assert summary_text(run(*rows, exchanges=(call,)), shows_observed=True).count("PBX (the target)") == 2


def test_families_left_out_are_not_listed() -> None:
    """A family of which nothing was asked for has no line."""
    rows = (requirement("CU-001", "pass"), requirement("CU-030", "disabled", check="auth/absent"))

    text = summary_text(run(*rows))

    assert "\n  reply " in text
    assert "auth" not in text


def test_what_was_observed_is_listed_on_request() -> None:
    """Open points are a count, and a list when asked for; a run without any says nothing of them."""
    listed = summary_text(run(OBSERVED), shows_observed=True)

    assert "  CU-010  Something holds. HTTP 200 (213)\n" in listed
    assert "--verbose" not in listed
    assert "2 points that the document leaves open were observed" in summary_text(run(OBSERVED, OBSERVED))
    assert "open" not in summary_text(run(requirement("CU-001", "pass")), shows_observed=True)


def test_a_run_that_ended_early_says_so() -> None:
    """How the run ended stands at the top where it did not end by itself."""
    assert "\nended   early: target lost\n" in summary_text(run(ending="target lost"))
    assert "ended" not in summary_text(run())


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (exchange("reply/plain-call.1", "a", silence="nothing within 3 s"), "← no reply: nothing within 3 s"),
        (exchange("reply/plain-call.1", "a"), "← no reply: the run was cut short"),
        (exchange("reply/plain-call.1", "a", withheld="gate[budget]", sent_at_s=None), "← not sent: gate[budget]"),
        (exchange("reply/plain-call.1", "a", b"<html>\x1b[2J"), "← 200 <html>\\x1b[2J"),
        (exchange("reply/plain-call.1", "a", b""), "← 200 (empty)"),
        (exchange("reply/plain-call.1", "a", {"result_code": 0}), "⇐ no callback came"),
        (
            exchange("reply/plain-call.1", "a", callbacks=(callback(None, problem="no JSON"),)),
            "⇐ unreadable: no JSON",
        ),
    ],
)
def test_how_a_call_can_go(call: object, told: str) -> None:
    """A call without reply, without callback or with an unreadable one is told as it went."""
    assert told in summary_text(run(exchanges=(call,)))  # type: ignore[arg-type]  # a row of the table above


def test_a_call_that_was_not_played_is_not_told() -> None:
    """A run that ended before the examples has no line for them."""
    call = exchange("examples/accepted.1", "example 1", sent_at_s=None)

    assert "example" not in summary_text(run(exchanges=(call,)))


def test_a_refused_call_owes_no_callback() -> None:
    """Nothing is said of a callback that was not due."""
    call = exchange("reply/plain-call.1", "a", {"result_code": 500, "error": {"id": "no"}})

    assert "⇐ no" not in summary_text(run(exchanges=(call,)))


@pytest.mark.parametrize("width", [40, 60, 80, 100, 300])
def test_lines_fit_the_screen(width: int) -> None:
    """No line is wider than the screen, and none wider than 100 columns; under 60 nobody could read it."""
    call = exchange("examples/accepted.1", "example 1", {"result_code": 0, "uuids": [UUID] * 9, "more": "x" * 500})
    rows = (FAILED, requirement("CU-002", "not-testable", statement="word " * 60, detail="word " * 60))

    text = summary_text(run(*rows, exchanges=(call,), target="http://127.0.0.1/" + "x" * 200), width=width)

    assert max(map(len, text.splitlines())) <= min(max(width, 60), 100)


def test_what_the_target_sent_cannot_steer_the_terminal() -> None:
    """Escape sequences, bells, line ends, direction marks and markup of the target show as text."""
    hostile = "\x1b]0;owned\x07\r\n\u202e[red]x[/red]\x9b2J"
    call = exchange("examples/accepted.1", "example 1", {"error": {"id": hostile}})
    row = requirement("CU-001", "fail", detail=hostile, evidence=("examples/accepted.1",))

    text = summary_text(run(row, exchanges=(call,), reason=hostile, ending=hostile, target=hostile))

    assert text.replace("\n", "").isprintable()
    assert "[red]x[/red]" in text


def test_colours_are_for_terminals_only() -> None:
    """A pipe, a file, a dumb terminal and a user who has set NO_COLOR get plain text."""
    result = run(FAILED)

    def is_coloured(environment: dict[str, str], *, is_terminal: bool) -> bool:
        stream = Stream(is_terminal=is_terminal)
        return "\x1b[" in summary_for(stream, result, environment=environment)

    assert is_coloured({}, is_terminal=True)
    assert is_coloured({"NO_COLOR": ""}, is_terminal=True)
    assert not is_coloured({"NO_COLOR": "1"}, is_terminal=True)
    assert not is_coloured({"TERM": "dumb"}, is_terminal=True)
    assert not is_coloured({}, is_terminal=False)


def test_the_words_are_the_same_in_colour() -> None:
    """Colours add nothing but colour."""
    coloured = summary_text(run(FAILED, OBSERVED), has_colour=True)

    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == summary_text(run(FAILED, OBSERVED))


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
def test_any_encoding_can_show_it(encoding: str) -> None:
    """A stream that lacks a character gets a sign or an escape in its place, never an error."""
    row = requirement("CU-001", "fail", detail="ユーザ", evidence=("x.1",))

    text = summary_for(Stream(encoding=encoding), run(row))

    text.encode(encoding)
    assert ("ユーザ" in text) == (encoding == "utf-8")
    assert "conforms - contract" in text or encoding != "ascii"
