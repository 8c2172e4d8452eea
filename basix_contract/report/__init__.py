"""Views of a judged run: a summary for people, report.json and junit.xml for programs. Nothing is judged here."""

from __future__ import annotations

from basix_contract.report._files import write_report
from basix_contract.report._json import render_json, report_members, report_schema
from basix_contract.report._junit import render_junit
from basix_contract.report._terminal import summary_for, summary_text

__all__ = [
    "render_json",
    "render_junit",
    "report_members",
    "report_schema",
    "summary_for",
    "summary_text",
    "write_report",
]
