"""Profiles for the engine's tests, derived from the mock's own so that they cannot drift from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from basix_contract.suite import shipped_profile

if TYPE_CHECKING:
    from pathlib import Path

THIN = """
[target]
domain = "acme.example"
token = "mock-token-3fK9"
reply_timeout_s = 1.0

[callback]
grace_s = 0.2

[[users]]
id = 10001001
name = "jessica"
terminals = 2
outcome = "answers"
outcome_after_s = 0.03

[[destinations]]
value = "0312341234"
"""


def thin_profile(folder: Path, **changes: str) -> Path:
    """Write a profile of one user and one number; `changes` replaces lines by what they begin with."""
    lines = THIN.splitlines()
    for name, line in changes.items():
        lines = [line if row.startswith(f"{name} =") else row for row in lines]
    path = folder / "thin.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def quick_profile(folder: Path) -> Path:
    """Write the mock's profile with a short grace, for runs whose timing is not what is tested."""
    text = shipped_profile().read_text(encoding="utf-8").replace("grace_s = 0.5", "grace_s = 0.3")
    path = folder / "quick.toml"
    path.write_text(text, encoding="utf-8")
    return path
