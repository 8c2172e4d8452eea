"""The badge: what a run came to in two words, for a README and for shields.io."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest

from basix_contract.report import render_badge_json, render_badge_svg
from tests.report.runs import requirement, run

ROWS = (
    requirement("CU-001", "pass"),
    requirement("CU-002", "fail"),
    requirement("CU-003", "not-applicable"),
    requirement("CU-004", "pass", level="SHOULD"),
)


def test_the_endpoint_json() -> None:
    """Label, message and colour are what shields.io asks of an endpoint; only MUST rows that were scored count."""
    told = json.loads(render_badge_json(run(*ROWS, verdict="does-not-conform")))

    assert told == {
        "schemaVersion": 1,
        "label": "call_user 1.0.0 server",
        "message": "does not conform · 1/2 MUST",
        "color": "red",
        "isError": True,
    }


@pytest.mark.parametrize("verdict", ["conforms", "does-not-conform", "partial", "hollow", "harness-error"])
def test_the_picture(verdict: str) -> None:
    """The SVG is well-formed, says the same to who cannot see it, and needs nothing from elsewhere."""
    svg = render_badge_svg(run(*ROWS, verdict=verdict)).decode()
    root = ET.fromstring(svg)  # noqa: S314 - we wrote it

    assert root.get("aria-label") == f"call_user 1.0.0 server: {verdict.replace('-', ' ')} · 1/2 MUST"
    assert svg.count("http") == 1  # the namespace


def test_only_what_conforms_or_is_a_part_of_it_is_no_error() -> None:
    """A hollow run must not look like a good one on a badge."""
    shown = {
        verdict: json.loads(render_badge_json(run(verdict=verdict)))["isError"] for verdict in ("conforms", "hollow")
    }

    assert shown == {"conforms": False, "hollow": True}
