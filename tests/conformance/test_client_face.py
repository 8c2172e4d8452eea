"""`pytest conformance` for clients: one item for each requirement of the client role."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from basix_contract.suite import ClientOptions
from conformance.conftest import client_options
from conformance.test_client import REQUIREMENTS
from tests.conformance.test_pytest_face import ROOT, pytest_face

SUITE = str(ROOT / "conformance" / "test_client.py")


def test_a_client_is_named_in_the_environment() -> None:
    """BASIX_ variables are the options of a client's run; its report is in a folder of its own."""
    assert client_options({}) == ClientOptions()
    assert client_options({"BASIX_CLIENT": "node 'my adapter.mjs' --x", "BASIX_SEED": "7", "BASIX_REPORT": "r"}) == (
        ClientOptions(command=("node", "my adapter.mjs", "--x"), seed=7, report=Path("r", "client"))
    )


def test_a_client_has_an_item_for_each_requirement(tmp_path: Path) -> None:
    """Each row of the client role is an item: a fault fails its own and the run's, what hangs on it is skipped."""
    command = shlex.join([sys.executable, "-m", "tests.defects.clients.adapter", "clamped"])
    ended = pytest_face(tmp_path, SUITE, CLIENT=command)

    assert ended.returncode == 1, ended.stdout
    assert "CU-316 MUST  answer_timeout goes out as the positive whole number" in ended.stdout
    assert f"2 failed, {len(REQUIREMENTS) - 1} passed" in ended.stdout
    assert [path.name for path in (tmp_path / "build" / "conformance").iterdir()] == ["client"]
