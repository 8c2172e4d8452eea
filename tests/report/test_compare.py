"""Two runs side by side: what got worse, what was fixed, and what cannot be said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from basix_contract.errors import UsageError
from basix_contract.report import (
    Comparison,
    compare,
    comparison_json,
    comparison_text,
    read_run,
    report_members,
    write_report,
)
from basix_contract.suite import WORST_FIRST, RequirementVerdict, Verdict
from tests.report.runs import requirement, run

Members = Mapping[str, Any]


def members(*rows: RequirementVerdict, **changes: Any) -> Members:
    """The members of the report of a run that came to these requirements."""
    return report_members(run(*rows, **changes))


def change(before: Verdict, after: Verdict) -> Comparison:
    """What became of one requirement."""
    return compare(members(requirement("CU-148", before)), members(requirement("CU-148", after)))


BROKEN: tuple[Verdict, ...] = ("fail", "warn", "known-failing")
HOLDS: tuple[Verdict, ...] = ("pass", "observed", "fixed-unexpectedly")
UNTESTED: tuple[Verdict, ...] = ("not-testable", "ambiguous", "needs-review", "harness-error")
LEFT_OUT: tuple[Verdict, ...] = ("disabled", "not-applicable")

KINDS: list[tuple[tuple[Verdict, ...], tuple[Verdict, ...], str]] = [
    (HOLDS, BROKEN, "new-failure"),
    (UNTESTED, BROKEN, "new-failure"),
    (LEFT_OUT, BROKEN, "new-failure"),
    (BROKEN, BROKEN, "still-failing"),
    (BROKEN, HOLDS, "fixed"),
    (HOLDS, UNTESTED, "newly-untestable"),
    (BROKEN, UNTESTED, "newly-untestable"),
    (HOLDS, HOLDS, ""),
    (UNTESTED, HOLDS, ""),
    (UNTESTED, UNTESTED, ""),
    (LEFT_OUT, (*HOLDS, *UNTESTED, *LEFT_OUT), ""),
    ((*HOLDS, *BROKEN, *UNTESTED), LEFT_OUT, ""),
]
WORSE = ("new-failure", "newly-untestable")


def test_every_pair_of_verdicts_is_tried() -> None:
    """The table below leaves out no change that a requirement can go through."""
    pairs = {(one, other) for before, after, _ in KINDS for one in before for other in after}

    assert len(pairs) == len(WORST_FIRST) ** 2


@pytest.mark.parametrize(("before", "after", "kind"), KINDS)
def test_a_change_is_what_the_target_does_differently(
    before: tuple[Verdict, ...], after: tuple[Verdict, ...], kind: str
) -> None:
    """A requirement that breaks or cannot be tested any more is worse; one that was broken before is not."""
    for one in before:
        for other in after:
            comparison = change(one, other)
            assert [found.kind for found in comparison.changes] == [kind] * bool(kind), (one, other)
            assert comparison.has_worsened == (kind in WORSE)


@pytest.mark.parametrize("verdict", LEFT_OUT)
def test_what_one_run_left_out_is_not_compared(verdict: Verdict) -> None:
    """A requirement that was not asked for in one of the runs is named, and neither good nor bad."""
    for comparison in (change("fail", verdict), change(verdict, "pass")):
        assert (comparison.left_out, comparison.has_worsened) == (("CU-148",), False)
        assert "not compared  CU-148: one of the two runs left them out" in comparison_text(comparison)


def test_requirements_that_only_one_run_knows() -> None:
    """A requirement that came with a newer contract has not failed before; one that is gone is not compared."""
    old, new = requirement("CU-001", "pass"), requirement("CU-900", "fail", detail="broken from the start")

    comparison = compare(members(old), members(new))

    assert [(found.id, found.before, found.kind) for found in comparison.changes] == [
        ("CU-900", "not there", "new-failure")
    ]
    assert comparison.left_out == ("CU-001",)
    assert "  not there → fail CU-900 MUST\n      broken from the start\n" in comparison_text(comparison)


def test_a_comparison_is_told_worst_first() -> None:
    """The text names both runs, what else differs, then new failures, what is untestable, still fails, is fixed."""
    before = members(
        requirement("CU-001", "fail"),
        requirement("CU-002", "fail"),
        requirement("CU-003", "pass"),
        requirement("CU-004", "pass"),
        verdict="does-not-conform",
    )
    after = members(
        requirement("CU-001", "pass", detail="fine now"),
        requirement("CU-002", "fail", detail="as ever"),
        requirement("CU-003", "not-testable", detail="because CU-004 does not hold"),
        requirement("CU-004", "fail", detail="HTTP 500\x1b[2J"),
        verdict="does-not-conform",
        seed=8,
    )

    text = comparison_text(compare(before, after))

    assert (
        text
        == """\
before  does-not-conform · contract 1.0.0 · kit 0.1.0 · seed 7 · http://127.0.0.1:8090/basix/api
after   does-not-conform · contract 1.0.0 · kit 0.1.0 · seed 8 · http://127.0.0.1:8090/basix/api
note    not the same in both: seed

New failures
  pass → fail CU-004 MUST  A plain call, one user selector and a destination, is accepted with
    result_code 0.
      HTTP 500\\x1b[2J

Cannot be tested any more
  pass → not-testable CU-003 MUST  Every reply carries result_code, and it is an integer.
      because CU-004 does not hold

Still failing
  fail CU-002 MUST  The reply to an authenticated JSON object is one JSON object in UTF-8, whatever
    its HTTP status.
      as ever

Fixed
  fail → pass CU-001 MUST  An authenticated, well-formed call_user request gets an HTTP reply within
    the reply timeout.

something got worse: 1 new-failure, 1 newly-untestable, 1 still-failing, 1 fixed
"""
    )


def test_two_equal_runs_say_little() -> None:
    """Where nothing changed there are the two runs and one sentence."""
    same = members(requirement("CU-001", "pass"))

    assert comparison_text(compare(same, same)).splitlines()[2:] == ["", "nothing got worse"]


def test_a_comparison_is_json_as_well() -> None:
    """As JSON a comparison has its answer first, both runs, the counts and every change."""
    document = json.loads(comparison_json(change("pass", "fail")))

    assert document["has_worsened"] is True
    assert document["before"]["verdict"] == document["after"]["verdict"] == "conforms"
    assert document["counts"] == {"new-failure": 1, "newly-untestable": 0, "still-failing": 0, "fixed": 0}
    assert document["changes"] == [
        {"id": "CU-148", "level": "MUST", "kind": "new-failure", "before": "pass", "after": "fail", "detail": ""}
    ]
    assert document["left_out"] == []


def test_runs_of_two_roles_cannot_be_compared() -> None:
    """A server's run and a receiver's have no requirement in common."""
    with pytest.raises(UsageError, match="a run of a server and one of a receiver cannot be compared"):
        compare(members(), {**members(), "role": "receiver"})


# ── reading a run back ──


def test_a_report_is_read_from_its_file_or_its_folder(tmp_path: Path) -> None:
    """What `write_report` wrote comes back, by the name of the file or of the folder."""
    result = run(requirement("CU-148", "fail"))
    write_report(result, tmp_path)

    assert read_run(tmp_path) == read_run(tmp_path / "report.json") == report_members(result)


JOURNAL = (
    '{"event": "run", "role": "server", "kit": "0.1.0", "target": "http://127.0.0.1:1", "seed": 3, "grace_s": 1.0, '
    '"known_failing": []}\n'
)


@pytest.mark.parametrize("more", ["", '{"event": "end", "reason": "complete", "t": 1.0, "lag_s": 0.0}\n'])
def test_a_journal_is_judged(tmp_path: Path, more: str) -> None:
    """A journal, of one line or of many, gives the report that its run would have."""
    (tmp_path / "journal.ndjson").write_text(JOURNAL + more, "utf-8")

    found = read_run(tmp_path)

    assert (found["role"], found["seed"]) == ("server", 3)
    assert {row["verdict"] for row in found["requirements"]} <= set(WORST_FIRST)


ROW = {"id": "CU-001", "level": "MUST", "verdict": "pass"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "not json",
        "[" * 100_000,
        '{"role": "server"}',
        '{"role": "server", "requirements": {}}',
        '{"role": "server", "requirements": [1]}',
        json.dumps({"role": "server", "requirements": [{**ROW, "verdict": "fine"}]}),
        json.dumps({"role": "server", "requirements": [{**ROW, "id": 1}]}),
        json.dumps({"role": 1, "requirements": [ROW]}),
    ],
)
def test_what_is_neither_is_refused(tmp_path: Path, text: str) -> None:
    """A file that is no report and no journal is named, and what to give instead."""
    path = tmp_path / "report.json"
    path.write_text(text, "utf-8")

    with pytest.raises(UsageError, match=r"report\.json: this is neither .* \(give report\.json, journal"):
        read_run(path)


@pytest.mark.parametrize(("content", "why"), [(None, "Is a directory|No such file"), (b"\xff", "not UTF-8")])
def test_what_cannot_be_read_is_named(tmp_path: Path, content: bytes | None, why: str) -> None:
    """A file that is not there or no text, and a folder without a run, are named with the reason."""
    if content is not None:
        (tmp_path / "report.json").write_bytes(content)

    for path in (tmp_path, tmp_path / "report.json"):
        with pytest.raises(UsageError, match=f"the run cannot be read: .*({why})"):
            read_run(path)
