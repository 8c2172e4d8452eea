"""Draws a fixed number of values from a strategy before anything is sent."""

from __future__ import annotations

import itertools
from typing import TypeVar

from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import seed as seeded
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS
from hypothesis.strategies import SearchStrategy

from basix_contract.strategies._provider import SeededProvider

T = TypeVar("T")
_numbers = itertools.count(1)


def sample(strategy: SearchStrategy[T], n: int, seed: int) -> list[T]:
    name = f"basix-contract-{next(_numbers)}"
    AVAILABLE_PROVIDERS[name] = type("Seeded", (SeededProvider,), {"seed": seed})
    try:
        return _drawn(strategy, n, seed, name)
    finally:
        del AVAILABLE_PROVIDERS[name]


def _drawn(strategy, n, seed, backend):
    drawn = []

    @seeded(seed)
    @settings(
        max_examples=n,
        derandomize=False,
        database=None,
        verbosity=Verbosity.quiet,
        phases=(Phase.generate,),
        stateful_step_count=1,
        report_multiple_bugs=False,
        suppress_health_check=tuple(HealthCheck),
        deadline=None,
        print_blob=False,
        backend=backend,
    )
    @given(strategy)
    def keep(value):
        drawn.append(value)

    keep()
    return drawn
