"""junit.xml: a run for CI systems. One suite for each family of checks, one case for each requirement."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from xml.etree import ElementTree as ET

from basix_contract.report._excerpts import first_of
from basix_contract.report._families import by_family
from basix_contract.suite import CheckVerdict, RequirementVerdict, RunResult, Verdict

# What a case with this verdict holds; a case with any other verdict simply passes.
_ELEMENTS: Mapping[Verdict, str] = MappingProxyType(
    {
        "harness-error": "error",
        "fail": "failure",
        "fixed-unexpectedly": "failure",
        "ambiguous": "error",
        "not-testable": "skipped",
        "known-failing": "skipped",
        "needs-review": "skipped",
        "disabled": "skipped",
        "not-applicable": "skipped",
    }
)
_MOST_EVIDENCE = 10
_COUNTED = (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"))

# XML 1.0 §2.2: whatever is none of these characters cannot stand in a document, not even as a reference.
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_junit(result: RunResult) -> bytes:
    """Return junit.xml; what XML cannot hold stands in it as a Python escape."""
    root = ET.Element("testsuites", name=f"basix-contract {result.role}")
    for family, rows in by_family(result.requirements):
        root.append(_suite(f"{result.role}.{family}", rows))
    _count(root)
    root.set("time", f"{result.duration_s:.3f}")
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _suite(name: str, rows: tuple[RequirementVerdict, ...]) -> ET.Element:
    suite = ET.Element("testsuite", name=name)
    suite.extend(_case(name, row) for row in rows)
    _count(suite)
    return suite


def _case(suite: str, row: RequirementVerdict) -> ET.Element:
    case = ET.Element("testcase", classname=suite, name=_xml_text(f"{row.id} {row.statement}"))
    kind = _ELEMENTS.get(row.verdict)
    if kind is not None:
        told = ET.SubElement(case, kind, message=_xml_text(row.detail or row.verdict))
        if kind != "skipped":
            told.set("type", row.verdict)
            told.text = _xml_text(_account(row))
    if kind in (None, "skipped") and row.verdict != "pass":
        ET.SubElement(case, "system-out").text = _xml_text(_account(row))
    return case


def _account(row: RequirementVerdict) -> str:
    """Tell what came of a requirement, check by check."""
    head = f"{row.id} {row.level} {row.verdict}: {row.statement}"
    return "\n".join([head, *(_told(check) for check in row.checks)])


def _told(check: CheckVerdict) -> str:
    evidence = f"evidence {first_of(check.evidence, _MOST_EVIDENCE)}" if check.evidence else ""
    return " · ".join(part for part in (f"{check.id}: {check.verdict}", check.detail, evidence) if part)


def _count(element: ET.Element) -> None:
    element.set("tests", str(_number(element, "testcase")))
    for attribute, kind in _COUNTED:
        element.set(attribute, str(_number(element, kind)))


def _number(element: ET.Element, kind: str) -> int:
    return sum(1 for _ in element.iter(kind))


def _escape(found: re.Match[str]) -> str:
    return ascii(found.group())[1:-1]


def _xml_text(text: str) -> str:
    return _NOT_XML.sub(_escape, text)
