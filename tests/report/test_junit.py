"""junit.xml: real failures, right counts, and XML whatever the target sent."""

from __future__ import annotations

import dataclasses
from xml.etree import ElementTree as ET

import pytest

from basix_contract.report import render_junit
from basix_contract.suite import WORST_FIRST, RequirementVerdict, Verdict
from tests.report.runs import requirement, run

ELEMENTS: dict[Verdict, str | None] = {
    "harness-error": "error",
    "fail": "failure",
    "fixed-unexpectedly": "failure",
    "ambiguous": "error",
    "not-testable": "skipped",
    "warn": None,
    "known-failing": "skipped",
    "needs-review": "skipped",
    "disabled": "skipped",
    "observed": None,
    "not-applicable": "skipped",
    "pass": None,
}


def parsed(*rows: RequirementVerdict) -> ET.Element:
    """The document of a run."""
    return ET.fromstring(render_junit(run(*rows)))  # noqa: S314 - it is our own text


def test_a_case_for_each_verdict() -> None:
    """Every verdict has its place in the tests here."""
    assert tuple(ELEMENTS) == WORST_FIRST


@pytest.mark.parametrize(("verdict", "element"), ELEMENTS.items())
def test_a_verdict_becomes_its_element(verdict: Verdict, element: str | None) -> None:
    """A broken MUST is a failure, a fault of ours an error, what was not tested is skipped; the rest passes."""
    case = parsed(requirement("CU-001", verdict, detail="because")).find("testsuite/testcase")

    assert case is not None
    outcomes = [child.tag for child in case if child.tag != "system-out"]
    assert outcomes == ([element] if element else [])
    if element:
        assert case[0].get("message") == "because"


def test_a_case_is_named_by_id_and_statement() -> None:
    """A case bears the requirement's id and statement, in the suite of its family."""
    rows = (
        requirement("CU-041", "pass", check="selectors/user-name", statement="user_name alone calls that user."),
        requirement("CU-001", "pass"),
        requirement("CU-042", "pass", check="selectors/user-label"),
    )
    suites = parsed(*rows).findall("testsuite")

    assert [suite.get("name") for suite in suites] == ["server.selectors", "server.reply"]
    assert [case.get("name") for case in suites[0]] == [
        "CU-041 user_name alone calls that user.",
        "CU-042 Something holds.",
    ]
    assert suites[0][0].get("classname") == "server.selectors"


def test_a_failure_tells_its_evidence() -> None:
    """A failure names its verdict, its requirement, its check and the first exchanges that show it."""
    evidence = tuple(f"callback.{number}" for number in range(1, 13))
    failure = parsed(requirement("CU-148", "fail", check="callback/uuid", evidence=evidence)).find(".//failure")

    assert failure is not None
    assert failure.get("type") == "fail"
    assert failure.text == (
        "CU-148 MUST fail: Something holds.\n"
        "callback/uuid: fail · evidence callback.1, callback.2, callback.3, callback.4, callback.5, callback.6, "
        "callback.7, callback.8, callback.9, callback.10 and 2 more"
    )


def test_a_warning_is_told_in_the_output() -> None:
    """A broken SHOULD passes, and what was seen stands in its output; a plain pass has none."""
    cases = parsed(
        requirement("CU-007", "warn", level="SHOULD", detail="result_code 501"), requirement("CU-001", "pass")
    ).findall(".//testcase")

    assert cases[0].findtext("system-out") == (
        "CU-007 SHOULD warn: Something holds.\nreply/answered: warn · result_code 501"
    )
    assert len(cases[1]) == 0


def test_the_counts_are_those_of_the_cases() -> None:
    """Suites and document count tests, failures, errors and skipped cases, and tell the run's time."""
    rows = [requirement(f"CU-{number:03}", verdict) for number, verdict in enumerate(WORST_FIRST, 1)]
    root = parsed(*rows, requirement("CU-100", "fail", check="auth/absent"))

    assert root.attrib == {
        "name": "basix-contract server",
        "tests": "13",
        "failures": "3",
        "errors": "2",
        "skipped": "5",
        "time": "1.235",
    }
    assert [suite.get("failures") for suite in root] == ["2", "1"]
    assert [suite.get("tests") for suite in root] == ["12", "1"]


def test_what_xml_cannot_hold_becomes_an_escape() -> None:
    """NUL, ESC, surrogates and the like cannot break the document; quotes, tags and scripts stay themselves."""
    detail = '\0 \x1b[31m \ud800 \ufffe <a b="c"> ]]> \N{SNOWMAN} \U0001f600 &'
    failure = parsed(requirement("CU-001", "fail", detail=detail)).find(".//failure")

    assert failure is not None
    assert failure.get("message") == ('\\x00 \\x1b[31m \\ud800 \\ufffe <a b="c"> ]]> \N{SNOWMAN} \U0001f600 &')


def test_a_requirement_without_checks_has_a_suite_too() -> None:
    """A row that no check judges is not lost."""
    row = dataclasses.replace(requirement("CU-001", "disabled"), checks=())

    assert parsed(row)[0].get("name") == "server.unjudged"
