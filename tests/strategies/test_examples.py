"""The room's examples run, opening it is cheap, and no parameter's name stands in its source."""

from __future__ import annotations

import ast
import doctest
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from basix_contract import strategies
from basix_contract.contract import load_document

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


def texts_of(path: Path) -> set[str]:
    """Every text in a module's source that stands by itself, docstrings apart."""
    tree = ast.parse(path.read_text("utf-8"))
    prose = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in prose
    }


def test_no_name_is_typed_twice() -> None:
    """Parameters and their members are named by the document alone; what shares its name with a role is the role."""
    schemas = load_document().raw["components"]["schemas"]
    roles = {parameter.role for parameter in load_document().parameters}
    names = {name for schema in schemas.values() for name in schema.get("properties", ())} - roles
    files = sorted(Path(strategies.__file__).parent.glob("*.py"))

    assert {"user_id", "calling_name", "called_number", "end_user", "uuids", "result_code"} <= names
    assert {path.name: texts_of(path) & names for path in files if texts_of(path) & names} == {}
