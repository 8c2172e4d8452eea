"""Draws are fixed by their seed and by nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import FailedHealthCheck
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS

from basix_contract.errors import UsageError
from basix_contract.strategies import invalid_requests, requests, sample
from basix_contract.strategies._provider import SeededProvider

ROOT = Path(__file__).parents[2]
DEFINITION = """
from hypothesis import strategies as st
MIXED = st.tuples(
    st.integers(0, 2**70), st.integers(), st.integers(-5, 5), st.integers(min_value=3),
    st.integers(max_value=3), st.floats(), st.floats(0.25, 0.75, allow_nan=False), st.binary(max_size=4), st.booleans(),
)
"""
ODD_PROFILE = """
from hypothesis import settings, Verbosity
settings.register_profile("odd", max_examples=3, derandomize=True, verbosity=Verbosity.debug)
settings.load_profile("odd")
"""


def begin(folder: Path, statement: str, **environment: str) -> subprocess.Popen[str]:
    """Start a fresh interpreter that, after a statement, prints what it draws from `MIXED` and from request bodies."""
    program = (
        f"{statement}\n"
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from basix_contract.strategies import requests, sample\n"
        f"{DEFINITION}\n"
        "print(sample(MIXED, 60, 5), sample(requests(), 60, 5))"
    )
    given = {**os.environ, "PYTHONHASHSEED": "random", **environment}
    given.pop("HYPOTHESIS_STORAGE_DIRECTORY", None)
    command = [sys.executable, "-W", "error", "-c", program]
    return subprocess.Popen(command, cwd=folder, env=given, stdout=subprocess.PIPE, text=True)


def printed_by(process: subprocess.Popen[str]) -> str:
    """Everything it prints, once it has ended well."""
    printed, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return printed


def test_a_seed_fixes_the_draws() -> None:
    """The same seed draws the same, another seed something else."""
    assert sample(requests(), 100, 3) == sample(requests(), 100, 3)
    assert sample(requests(), 100, 3) != sample(requests(), 100, 4)


def test_a_longer_sample_begins_with_the_shorter_one() -> None:
    """How many are drawn does not change which come first."""
    assert sample(requests(), 80, 1)[:30] == sample(requests(), 30, 1)


@pytest.mark.parametrize("n", [0, 1, 2, 500])
def test_as_many_are_drawn_as_are_asked_for(n: int) -> None:
    """A sample has exactly the size asked for, of a strategy with few values too."""
    assert len(sample(st.booleans(), n, 1)) == n


def test_the_first_is_the_simplest() -> None:
    """A sample begins with what shrinking would end at."""
    assert sample(st.lists(st.integers()), 1, 99) == [[]]


def test_the_surroundings_change_nothing(tmp_path: Path) -> None:
    """Profiles of Hypothesis, CI variables, pytest, the modules that are loaded and hash seeds leave the draws alone.

    Hypothesis itself would draw from constants in the source of local modules. Nothing is written anywhere.
    """
    names: dict[str, Any] = {}
    exec(DEFINITION, names)  # noqa: S102 - the very source that the other interpreters run
    begun = [
        begin(tmp_path, ""),
        begin(tmp_path, ODD_PROFILE, CI="true"),
        begin(tmp_path, "import basix_contract.mock, basix_contract.suite, schemathesis"),
        begin(tmp_path, "", HYPOTHESIS_NO_PLUGINS="1"),
    ]
    printed = {printed_by(process) for process in begun}

    assert printed == {f"{sample(names['MIXED'], 60, 5)} {sample(requests(), 60, 5)}\n"}
    assert not list(tmp_path.rglob("*"))


def test_a_profile_that_forbids_everything_is_no_obstacle() -> None:
    """Settings that somebody has loaded neither shorten a sample nor fail its health checks."""
    settings.register_profile("tight", max_examples=1, deadline=1, suppress_health_check=())
    before = settings.get_current_profile_name()
    settings.load_profile("tight")
    try:
        assert len(sample(requests().filter(lambda body: len(body) > 2), 200, 1)) == 200
    finally:
        settings.load_profile(before)


def test_nothing_is_left_behind() -> None:
    """The source of choices is gone after a sample, one that fails too."""
    before = set(AVAILABLE_PROVIDERS)
    with pytest.raises(UsageError):
        sample(st.integers().filter(lambda _: False), 5, 1)
    sample(st.integers(), 5, 1)

    assert set(AVAILABLE_PROVIDERS) == before


@pytest.mark.parametrize("kept", [0, 2])
def test_a_strategy_that_filters_too_much_is_said_so(kept: int) -> None:
    """A sample that cannot be filled is an error, not a shorter sample."""
    left = iter(range(kept))
    few = st.integers().filter(lambda _: next(left, None) is not None)
    with pytest.raises(UsageError, match=f"only {kept} of 40 values could be drawn"):
        sample(few, 40, 1)


def test_a_failing_strategy_shows_its_own_error() -> None:
    """What goes wrong while drawing is not hidden."""

    def broken(number: int) -> int:
        return 1 // (number - number)

    with pytest.raises(ZeroDivisionError):
        sample(st.integers().map(broken), 5, 1)


def test_values_keep_to_their_bounds() -> None:
    """Every kind of choice is drawn within its bounds, the bounds among them."""
    drawn = sample(
        st.tuples(
            st.integers(-3, 3),
            st.integers(min_value=7),
            st.integers(max_value=-7),
            st.floats(0.5, 2.0, allow_nan=False),
            st.floats(allow_nan=False, allow_infinity=False),
            st.binary(min_size=2, max_size=3),
            st.text("ab", min_size=1, max_size=4),
            st.text(st.characters(codec="utf-8")),
            st.integers(0, 2**70),
        ),
        600,
        8,
    )
    columns = list(zip(*drawn, strict=True))

    assert set(columns[0]) == set(range(-3, 4))
    assert min(columns[1]) >= 7
    assert max(columns[2]) <= -7
    assert min(columns[3]) == 0.5
    assert max(columns[3]) == 2.0
    assert {len(part) for part in columns[5]} == {2, 3}
    assert {len(text) for text in columns[6]} == {1, 2, 3, 4}
    assert max(ord(letter) for text in columns[7] for letter in text) > 0xFFFF
    assert max(columns[8]) > 2**64


def test_weights_are_followed() -> None:
    """Integers with weights come about as often as those say."""
    provider = SeededProvider(None)
    drawn = [provider.draw_integer(0, 9, weights={7: 0.5, 8: 0.3}) for _ in range(1000)]

    assert 400 < drawn.count(7) < 640
    assert 220 < drawn.count(8) < 420
    assert set(drawn) == set(range(10))


def test_inside_a_given_test_it_refuses() -> None:
    """A sample within a @given test is refused by Hypothesis: draw there instead."""

    @settings(max_examples=1, database=None, suppress_health_check=(HealthCheck.too_slow,))
    @given(st.none())
    def nested(_: None) -> None:
        sample(st.integers(), 3, 1)

    with pytest.raises(FailedHealthCheck):
        nested()


def test_a_sample_can_be_written_as_json() -> None:
    """Bodies are plain JSON values."""
    for body, _ in sample(invalid_requests(), 300, 1):
        assert json.dumps(body) == json.dumps(json.loads(json.dumps(body)))
