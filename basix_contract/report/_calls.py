"""A plan of calls for a client before it is played, as text and as JSON; and what a try of its adapter showed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from basix_contract.report._excerpts import excerpt, printable
from basix_contract.suite import PlannedCall, SmokePoint

_PARAMS_COLUMNS = 60


def calls_json(plan: Sequence[PlannedCall]) -> bytes:
    """Return a plan of calls as JSON: how many there are, then every one in its order."""
    members = {"calls": len(plan), "steps": [asdict(call) for call in plan]}
    return (json.dumps(members, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "backslashreplace")


def calls_text(plan: Sequence[PlannedCall]) -> str:
    """Return a plan of calls as text: what is given, how it is answered, and what may be reported."""
    lines = ["Nothing has been started. These are the calls a client would be told to place:", *_steps(plan)]
    return "\n".join([*lines, "", f"{len(plan)} calls in all", ""])


def _steps(plan: Sequence[PlannedCall]) -> Iterator[str]:
    scenario = ""
    for call in plan:
        if call.scenario != scenario:
            scenario = call.scenario
            yield from ("", scenario)
        yield f"  {call.id:<26}  {printable(call.title)}"
        yield f"      given {excerpt(call.params, _PARAMS_COLUMNS)}"
        yield f"      answered {', then '.join(call.replies)}; allowed: {', '.join(call.allows)}"


def smoke_text(points: Sequence[SmokePoint]) -> str:
    """Return what a try of an adapter showed, one line for each point."""
    lines = [_point(point) for point in points]
    bad = sum(bool(point.problem) for point in points)
    lines.append("the adapter does its part" if not bad else f"{bad} of {len(points)} points are not as they must be")
    return "\n".join(lines) + "\n"


def _point(point: SmokePoint) -> str:
    return f"ok   {point.what}" if not point.problem else f"no   {point.what}\n     {printable(point.problem)}"


def smoke_json(points: Sequence[SmokePoint]) -> bytes:
    """Return what a try of an adapter showed as JSON."""
    return (json.dumps([asdict(point) for point in points], ensure_ascii=False, indent=2) + "\n").encode()
