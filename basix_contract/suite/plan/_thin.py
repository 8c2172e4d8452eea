"""A plan that fits a small budget: every point once before any point twice."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from basix_contract.suite._scenario import Scenario, Step


def thin(plan: tuple[Scenario, ...], budget: int) -> tuple[Scenario, ...]:
    """Return the plan with as many calls for each point as the budget reaches for, at least one.

    What names nobody costs nothing and stays, and so do calls that are to coincide, and what others are compared with.
    """
    most = max((len(scenario.steps) for scenario in plan), default=0)
    thinned = plan
    for times in range(most, 0, -1):
        thinned = _thinned(plan, times)
        if _calls(thinned) <= budget:
            break
    return thinned


def _thinned(plan: tuple[Scenario, ...], times: int) -> tuple[Scenario, ...]:
    kept = _kept(plan, times)
    parts = (
        dataclasses.replace(scenario, steps=tuple(step for step in scenario.steps if step.id in kept))
        for scenario in plan
    )
    return tuple(part for part in parts if part.steps)


def _kept(plan: Iterable[Scenario], times: int) -> set[str]:
    counted: Counter[tuple[str, ...]] = Counter()
    kept: set[str] = set()
    for scenario in plan:
        for step in scenario.steps:
            point = _point(step)
            counted[point] += step.consequence != "cannot-ring"
            if scenario.is_parallel or step.consequence == "cannot-ring" or counted[point] <= times:
                kept |= {step.id, step.intent.control, step.intent.callback_of}
    return kept


def _point(step: Step) -> tuple[str, ...]:
    return (step.intent.probe, step.intent.expect, *step.intent.judged_by)


def _calls(plan: Iterable[Scenario]) -> int:
    return sum(step.consequence != "cannot-ring" for scenario in plan for step in scenario.steps)
