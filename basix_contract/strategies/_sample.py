"""Draws a fixed number of values from a strategy before anything is sent."""

from __future__ import annotations

import contextlib
import itertools
from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import seed as seeded
from hypothesis.errors import Unsatisfiable
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS

from basix_contract.errors import UsageError
from basix_contract.strategies._provider import SeededProvider

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

T = TypeVar("T")

_HEALTH_CHECKS: tuple[Any, ...] = tuple(HealthCheck)
_numbers = itertools.count(1)


def sample(strategy: SearchStrategy[T], n: int, seed: int) -> list[T]:
    """Return `n` values drawn from a strategy, the same ones for the same seed; the first is the simplest.

    Only Hypothesis' generate phase is run: nothing is shrunk, stored, timed or read from a profile of Hypothesis, the
    environment, or the source of other modules that happen to be loaded. Inside a @given test draw instead. Raises
    UsageError when a strategy filters away so much that there are not as many.

    >>> from basix_contract.strategies import requests, sample
    >>> sample(requests(), 50, seed=7) == sample(requests(), 50, seed=7)
    True
    """
    if n < 1:
        return []
    backend = f"basix-contract-{next(_numbers)}"
    AVAILABLE_PROVIDERS[backend] = type("Seeded", (SeededProvider,), {"seed": seed})
    try:
        drawn = _drawn(strategy, n, seed, backend)
    finally:
        del AVAILABLE_PROVIDERS[backend]
    if len(drawn) < n:
        raise UsageError(f"only {len(drawn)} of {n} values could be drawn", fix="filter less in the strategy")
    return drawn


def _drawn(strategy: SearchStrategy[T], n: int, seed: int, backend: str) -> list[T]:
    drawn: list[T] = []

    # Every setting is given, so that none is taken from a profile that somebody else has loaded.
    @seeded(seed)
    @settings(
        backend=backend,
        database=None,
        deadline=None,
        derandomize=False,
        max_examples=n,
        phases=(Phase.generate,),
        print_blob=False,
        report_multiple_bugs=False,
        stateful_step_count=1,
        suppress_health_check=_HEALTH_CHECKS,
        verbosity=Verbosity.quiet,
    )
    @given(strategy)
    def keep(value: T) -> None:
        drawn.append(value)

    with contextlib.suppress(Unsatisfiable):
        keep()
    return drawn
