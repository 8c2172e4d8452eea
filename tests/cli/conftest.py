"""The command line, run in this process or as one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from basix_contract.cli import main

ROOT = Path(__file__).parent.parent.parent


def environment(**variables: str) -> dict[str, str]:
    """The environment of a command as a process of its own: this one's, without BASIX_ variables."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BASIX_")}
    return {**kept, "PYTHONPATH": str(ROOT), **variables}


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code and what it wrote."""

    code: int
    out: str
    err: str


Command = Callable[..., Ended]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run a command in this process, without the environment's BASIX_ variables."""
    for name in [name for name in os.environ if name.startswith("BASIX_")]:
        monkeypatch.delenv(name)

    def run(*tokens: str) -> Ended:
        with pytest.raises(SystemExit) as ending:
            main(tokens)
        written = capsys.readouterr()
        return Ended(int(str(ending.value.code)), written.out, written.err)

    return run


@pytest.fixture
def process(tmp_path: Path) -> Command:
    """Run a command as a process of its own, in an empty folder."""

    def run(*tokens: str, code: str = "") -> Ended:
        program = ("-c", code) if code else ("-m", "basix_contract")
        ended = subprocess.run(
            [sys.executable, *program, *tokens],
            cwd=tmp_path,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    return run
