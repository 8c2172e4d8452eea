"""The room's examples run, and opening it is cheap."""

from __future__ import annotations

import doctest
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from basix_contract import strategies

ROOT = Path(__file__).parents[2]
MODULES = sorted(path.stem for path in Path(strategies.__file__).parent.glob("_[a-z]*.py"))


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_run(name: str) -> None:
    """What a docstring shows is what happens."""
    module = importlib.import_module(f"basix_contract.strategies.{name}")

    assert doctest.testmod(module).failed == 0


def test_every_public_function_has_an_example() -> None:
    """Whoever reads about a function sees it used."""
    functions = [name for name in strategies.__all__ if name[0].islower()]

    assert [name for name in functions if ">>>" not in getattr(strategies, name).__doc__] == []


def test_opening_the_room_loads_no_other_test_tool() -> None:
    """Importing the strategies loads neither schemathesis nor openapi-core nor pytest."""
    program = "import sys, basix_contract.strategies; print(*{name.partition('.')[0] for name in sys.modules})"
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())

    assert "hypothesis" in loaded
    assert loaded.isdisjoint({"httpx", "openapi_core", "pytest", "schemathesis", "starlette", "uvicorn"})
