"""report.json: a run for machines. Members keep their names and their order; new ones come behind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from basix_contract.suite import WORST_FIRST, CheckVerdict, RequirementVerdict, RunResult

_SCHEMA = Path(__file__).with_name("report.schema.json")


def report_members(result: RunResult) -> dict[str, Any]:
    """Return the members of report.json, in their order; `report_schema()` describes them."""
    return {
        "contract": result.contract,
        "kit": result.kit,
        "role": result.role,
        "target": result.target,
        "seed": result.seed,
        "verdict": result.verdict,
        "exit_code": result.exit_code,
        "reason": result.reason,
        "ending": result.ending,
        "counts": {verdict: result.counts.get(verdict, 0) for verdict in WORST_FIRST},
        "planned": result.planned,
        "executed": result.executed,
        "requests_sent": result.requests_sent,
        "calls_placed": result.calls_placed,
        "duration_s": round(result.duration_s, 3),
        "requirements": [_requirement(row) for row in result.requirements],
    }


def render_json(result: RunResult) -> bytes:
    """Return report.json as UTF-8 text that every JSON reader takes, whatever the target has sent."""
    text = json.dumps(report_members(result), ensure_ascii=False, indent=2, allow_nan=False)
    # Half a surrogate pair cannot be encoded; written as \udcXX inside the string it is JSON again.
    return (text + "\n").encode("utf-8", "backslashreplace")


def report_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of report.json."""
    schema: dict[str, Any] = json.loads(_SCHEMA.read_text(encoding="utf-8"))
    return schema


def _requirement(row: RequirementVerdict) -> dict[str, Any]:
    return {
        "id": row.id,
        "level": row.level,
        "role": row.role,
        "verdict": row.verdict,
        "detail": row.detail,
        "checks": [_check(check) for check in row.checks],
    }


def _check(check: CheckVerdict) -> dict[str, Any]:
    return {
        "id": check.id,
        "verdict": check.verdict,
        "detail": check.detail,
        "evidence": list(check.evidence),
    }
