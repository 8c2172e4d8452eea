"""Views of plans, runs and replays, for people and for programs. Nothing is judged here."""

from __future__ import annotations

from basix_contract.report._badge import render_badge_json, render_badge_svg
from basix_contract.report._behaviour import Difference, compare_behaviour, differences, read_behaviour
from basix_contract.report._calls import calls_json, calls_text, smoke_json, smoke_text
from basix_contract.report._compare import Change, Comparison, compare, read_run
from basix_contract.report._comparison import comparison_json, comparison_text
from basix_contract.report._curl import curl_of
from basix_contract.report._deliveries import deliveries_json, deliveries_text
from basix_contract.report._excerpts import encodable
from basix_contract.report._files import write_report
from basix_contract.report._json import render_json, report_members, report_schema
from basix_contract.report._junit import render_junit
from basix_contract.report._page._render import render_page
from basix_contract.report._places import file_of_run
from basix_contract.report._plan import plan_json, plan_text
from basix_contract.report._progress import Progress
from basix_contract.report._replayed import replay_text
from basix_contract.report._terminal._summary import summary_for, summary_text
from basix_contract.report._timeline_text import first_call_text, timeline_text
from basix_contract.report._timelines import Timelines, timelines_of

__all__ = [
    "Change",
    "Comparison",
    "Difference",
    "Progress",
    "Timelines",
    "calls_json",
    "calls_text",
    "compare",
    "compare_behaviour",
    "comparison_json",
    "comparison_text",
    "curl_of",
    "deliveries_json",
    "deliveries_text",
    "differences",
    "encodable",
    "file_of_run",
    "first_call_text",
    "plan_json",
    "plan_text",
    "read_behaviour",
    "read_run",
    "render_badge_json",
    "render_badge_svg",
    "render_json",
    "render_junit",
    "render_page",
    "replay_text",
    "report_members",
    "report_schema",
    "smoke_json",
    "smoke_text",
    "summary_for",
    "summary_text",
    "timeline_text",
    "timelines_of",
    "write_report",
]
