"""Importing the client loads the client, and nothing that only others need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = {"_version", "client", "errors", "messages"}


def loaded_by(statement: str) -> set[str]:
    """The modules a fresh interpreter has loaded after a statement."""
    program = f"{statement}\nimport sys\nprint(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=300, check=True
    )
    return set(run.stdout.split())


def test_the_client_brings_no_other_room_and_no_library() -> None:
    """Beyond the standard library, `from basix_contract import Client` loads the client's own rooms only."""
    loaded = loaded_by("from basix_contract import Client")
    ours = {name.split(".")[1] for name in loaded if name.startswith("basix_contract.")}

    assert ours == ROOMS
    assert {name.partition(".")[0] for name in loaded} - sys.stdlib_module_names - {"basix_contract", "__main__"} <= {
        name.partition(".")[0] for name in loaded_by("pass")
    }


def test_a_client_on_an_http_client_of_another_kind_does_without_httpx() -> None:
    """Who hands in an HTTP client of httpx2 does not load httpx beside it."""
    made = "Client(domain='d', token='t', base_url='http://x/y', http=httpx2.Client())"
    loaded = loaded_by(f"import httpx2\nfrom basix_contract import Client\n{made}")

    assert "httpx" not in loaded
    assert "basix_contract.profile" not in loaded
