"""The repository around the source: what stands at its top, and why a lint rule is ignored."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests import structure_habits as habits

ROOT = Path(__file__).parent.parent


def test_every_ignored_rule_has_its_reason() -> None:
    """A lint rule or a warning is ignored in pyproject.toml for a reason given on its line."""
    assert habits.unexplained_ignores((ROOT / "pyproject.toml").read_text("utf-8")) == []


def test_the_top_level_is_tidy() -> None:
    """Git tracks nothing at the top level but what the house has there."""
    listing = ["git", "-c", "safe.directory=*", "-C", str(ROOT), "ls-files"]
    try:
        tracked = subprocess.run(listing, capture_output=True, text=True, check=True).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        tracked = []
    if not tracked:
        pytest.skip("not a git checkout")

    assert habits.strangers_at_the_top(tracked) == []


PYPROJECT = """
[tool.ruff.lint]
ignore = [
    "D105",  # its meaning is Python's
    {ignore}
]
[tool.ruff.lint.per-file-ignores]
"tests/*" = [
    "S101",  # a test asserts
    {in_tests}
]
[tool.pytest.ini_options]
filterwarnings = [
    "error",
    {warning}
]
"""


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ({"ignore": '"E501",'}, "E501"),
        ({"ignore": '"E501",  # why'}, "E501"),
        ({"in_tests": '"S105",'}, "S105"),
        ({"in_tests": '"D105",'}, "D105"),
        ({"warning": '"ignore::ResourceWarning",'}, "ignore::ResourceWarning"),
    ],
)
def test_an_ignore_without_reason_is_found(line: dict[str, str], code: str) -> None:
    """An ignore without a reason of at least two words fails, even where the same code has one elsewhere."""
    clean = {"ignore": "", "in_tests": "", "warning": ""}

    assert habits.unexplained_ignores(PYPROJECT.format(**clean)) == []
    assert habits.unexplained_ignores(PYPROJECT.format(**clean | line)) == [
        f"pyproject.toml ignores {code} without a reason on its line"
    ]


def test_a_stranger_at_the_top_is_found() -> None:
    """A file or folder that the house does not have fails."""
    tracked = ["pyproject.toml", "spec/openapi.yaml", "notes.txt", "scripts/run"]

    assert habits.strangers_at_the_top(tracked) == [
        "notes.txt has no place at the top level",
        "scripts has no place at the top level",
    ]
