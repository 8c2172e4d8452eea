"""Processes to play several games at a time in; each starts afresh.

A forked one would hold whatever locks the threads of the test run held at that moment, and wait for them for ever.
"""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor

LONGEST_S = 3600.0
"""How long all games of a pool together may take: whoever waits for them gives it as the timeout."""


def pool(most: int = 64) -> ProcessPoolExecutor:
    """Return as many processes as this one has processors, and at most so many."""
    return ProcessPoolExecutor(min(most, usable_processors()), mp_context=multiprocessing.get_context("spawn"))


def usable_processors() -> int:
    """Return how many processors this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
