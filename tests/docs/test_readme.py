"""What the README says in numbers is so, and what it points at is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from basix_contract._version import __version__
from basix_contract.contract import Requirement, load_ledger
from basix_contract.mock import DEFECTS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
FLAT = " ".join(README.split())


def checked(role: str) -> list[Requirement]:
    """The rows of a role that have checks."""
    return [row for row in load_ledger().for_role(role) if row.checks]


def numbers(pattern: str) -> list[int]:
    """The numbers of the one place of the README that reads like this."""
    (found,) = re.findall(pattern, FLAT)
    return [int(number) for number in (found if isinstance(found, tuple) else (found,))]


def test_the_rows_are_counted() -> None:
    """The README counts the ledger's rows, those with checks by role, and those excluded."""
    by_role = [len(checked(role)) for role in ("server", "client", "receiver")]

    assert numbers(r"a ledger of (\d+) requirements") == [len(load_ledger())]
    assert numbers(r"rows (\d+) have checks \((\d+) for servers, (\d+) for clients, (\d+) for receivers\)") == [
        sum(by_role),
        *by_role,
    ]
    assert numbers(r"; (\d+) are excluded, each") == [sum(row.excluded is not None for row in load_ledger())]


def test_the_run_that_is_shown_scores_every_row() -> None:
    """The run shown at the top has as many MUST and SHOULD rows as the ledger has for servers."""
    levels = [row.level for row in checked("server")]
    must, should = levels.count("MUST"), levels.count("SHOULD")

    assert numbers(r"(\d+)/(\d+) MUST · (\d+)/(\d+) SHOULD") == [must, must, should, should]


def test_the_defects_are_counted() -> None:
    """The README counts the mock's defects."""
    assert numbers(r"one realistic fault; there are (\d+) of them") == [len(DEFECTS)]


def test_the_version_is_ours() -> None:
    """The table of POSTs was made with this version of the client."""
    assert f"| **basix-contract** {__version__} | 1 | 1 | 1 | 0 | 1 |" in README


@pytest.mark.parametrize("page", ["README.md", "conformance/README.md", "conformance/ci/README.md"])
def test_every_link_leads_somewhere(page: str) -> None:
    """A link to a file of the repository leads to one."""
    text = (ROOT / page).read_text("utf-8")
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)]+)\)", text) if "//" not in link]

    assert links
    assert [link for link in links if not (ROOT / page).parent.joinpath(link).exists()] == []
