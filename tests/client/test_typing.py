"""What type-checks and what must not: mypy --strict and pyright agree with the list, line by line."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = Path(__file__).with_name("typing_examples.txt")
MARK = "# refused: "


def refused_lines() -> set[int]:
    """The lines that must not type-check."""
    lines = EXAMPLES.read_text("utf-8").splitlines()
    return {number for number, line in enumerate(lines, 1) if MARK in line}


@pytest.fixture
def examples(tmp_path: Path) -> Path:
    """The list, as a module of somebody who has installed us."""
    path = tmp_path / "examples.py"
    path.write_bytes(EXAMPLES.read_bytes())
    return path


def output_of(*command: str | Path) -> str:
    """What a tool prints, run in the checkout."""
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert run.stdout, run.stderr
    return run.stdout


def test_mypy_refuses_what_is_no_call(examples: Path) -> None:
    """Under mypy --strict each line that is marked has an error, and no other line has one."""
    cache = ROOT / "build" / "cache" / "mypy-examples"
    options = ("--strict", "--no-incremental", "--follow-imports=silent", "--output=json", f"--cache-dir={cache}")
    printed = output_of(sys.executable, "-m", "mypy", *options, examples)

    found = [json.loads(line) for line in printed.splitlines()]
    errors = {error["line"]: error["message"] for error in found if error["severity"] == "error"}
    assert errors.keys() ^ refused_lines() == set(), errors


@pytest.mark.skipif(shutil.which("node") is None, reason="pyright runs on node, and would fetch one")
def test_pyright_refuses_what_is_no_call(examples: Path) -> None:
    """Under pyright, strict, each line that is marked has an error, and no other line has one."""
    settings: dict[str, object] = {"include": ["examples.py"], "typeCheckingMode": "strict", "pythonVersion": "3.11"}
    settings |= {"venvPath": str(ROOT), "venv": ".venv", "extraPaths": [str(ROOT)]}
    # What is said of a line beside the error that is wanted.
    settings |= {"reportUnusedExpression": False, "reportUnknownMemberType": False, "reportUnknownVariableType": False}
    project = examples.with_name("pyrightconfig.json")
    project.write_text(json.dumps(settings), "utf-8")
    printed = output_of(sys.executable, "-m", "pyright", "--outputjson", "--project", project)

    found = json.loads(printed)["generalDiagnostics"]
    errors = {error["range"]["start"]["line"] + 1: error["message"] for error in found if error["severity"] == "error"}
    assert errors.keys() ^ refused_lines() == set(), errors


def test_the_list_is_no_empty_one() -> None:
    """There is something on it that must be refused, and something that must not."""
    lines = EXAMPLES.read_text("utf-8").splitlines()

    assert len(refused_lines()) > 30
    assert sum("client.call_user(" in line and MARK not in line for line in lines) > 15
