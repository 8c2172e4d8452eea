"""report.json: the members people script against, and the schema that describes them."""

from __future__ import annotations

import json
from typing import Any, get_args

import jsonschema_rs
import pytest

from basix_contract.cli import EXIT_CODES
from basix_contract.report import render_json, report_members, report_schema
from basix_contract.suite import WORST_FIRST
from tests.report.runs import requirement, run

MEMBERS = [
    "contract",
    "kit",
    "role",
    "target",
    "seed",
    "verdict",
    "exit_code",
    "reason",
    "ending",
    "counts",
    "planned",
    "executed",
    "requests_sent",
    "calls_placed",
    "duration_s",
    "requirements",
]

BROKEN = requirement(
    "CU-148", "fail", check="callback/uuid", detail="a foreign uuid", evidence=("callback.1", "callback.4")
)


def test_the_members_are_those_people_script_against() -> None:
    """report.json has its members by these names, in this order."""
    assert list(report_members(run())) == MEMBERS


def test_a_requirement_is_told_with_its_checks() -> None:
    """A requirement has its verdict and detail, and each of its checks with the exchanges that show it."""
    (row,) = report_members(run(BROKEN))["requirements"]

    assert row == {
        "id": "CU-148",
        "level": "MUST",
        "role": "server",
        "verdict": "fail",
        "detail": "a foreign uuid",
        "checks": [
            {
                "id": "callback/uuid",
                "verdict": "fail",
                "detail": "a foreign uuid",
                "evidence": ["callback.1", "callback.4"],
            }
        ],
    }


def test_every_verdict_is_counted() -> None:
    """The counts name every verdict, the worst first, also where the run itself left some out."""
    counts = report_members(run(BROKEN, counts={"fail": 1}))["counts"]

    assert list(counts) == list(WORST_FIRST)
    assert counts["fail"] == 1
    assert sum(counts.values()) == 1


@pytest.mark.parametrize("verdict", WORST_FIRST)
def test_a_report_keeps_its_schema(verdict: Any) -> None:
    """Whatever the verdicts, report.json is as its published schema says."""
    validator = jsonschema_rs.validator_for(report_schema())

    validator.validate(json.loads(render_json(run(BROKEN, requirement("CU-001", verdict)))))


@pytest.mark.parametrize("member", [name for name in MEMBERS if name not in ("reason", "ending")])
def test_the_schema_misses_what_is_missing(member: str) -> None:
    """A report without one of the stable members is not one."""
    members = report_members(run(BROKEN))
    del members[member]

    assert not jsonschema_rs.is_valid(report_schema(), members)


@pytest.mark.parametrize(
    ("member", "value"),
    [("verdict", "fine"), ("exit_code", 9), ("seed", "7"), ("planned", -1), ("requirements", [{"id": "CU-1"}])],
)
def test_the_schema_refuses_what_is_wrong(member: str, value: object) -> None:
    """The schema takes no other words, codes and types than those of the design."""
    assert not jsonschema_rs.is_valid(report_schema(), {**report_members(run(BROKEN)), member: value})


def test_the_schema_knows_the_words_of_the_engine() -> None:
    """The schema lists the verdicts and exit codes that the code has, no more and no fewer."""
    schema = report_schema()

    assert schema["$defs"]["verdict"]["enum"] == list(WORST_FIRST)
    assert schema["properties"]["counts"]["required"] == list(WORST_FIRST)
    assert schema["properties"]["exit_code"]["enum"] == list(EXIT_CODES)
    words = run_verdicts()
    assert schema["properties"]["verdict"]["enum"] == words


def run_verdicts() -> list[str]:
    """The verdicts a run can come to."""
    from basix_contract.suite import _result  # noqa: PLC0415 - the type is not among the public names

    return list(get_args(_result.RunVerdict))


def test_what_the_target_sent_cannot_break_the_file() -> None:
    """Half a surrogate pair, control characters and quotes come back from the file as they went in."""
    detail = 'said \ud83d \x1b[31m "\N{SNOWMAN}"'

    members = json.loads(render_json(run(requirement("CU-001", "fail", detail=detail))))

    assert members["requirements"][0]["detail"] == detail


def test_the_file_is_readable() -> None:
    """The file is indented UTF-8 text that ends with a line end, labels in their own script."""
    text = render_json(run(requirement("CU-001", "fail", detail="ユーザ"))).decode("utf-8")

    assert text.startswith('{\n  "contract": "1.0.0",\n')
    assert text.endswith("}\n")
    assert "ユーザ" in text
