"""Ledger and checks belong together, row by row and check by check."""

from __future__ import annotations

import pytest

from basix_contract.checks import CLIENT_CHECKS, RECEIVER_CHECKS, SERVER_CHECKS
from basix_contract.contract import load_ledger
from basix_contract.profile import load_profile
from basix_contract.suite import ServerOptions, preview, shipped_profile

CHECKS = {"server": SERVER_CHECKS, "client": CLIENT_CHECKS, "receiver": RECEIVER_CHECKS}


def test_there_are_no_orphans() -> None:
    """Every row names checks that exist, or an exclusion; every check of any role is named by one row."""
    assert load_ledger().orphans([check for checks in CHECKS.values() for check in checks]) == ()


@pytest.mark.parametrize("role", CHECKS)
def test_a_check_belongs_to_a_row_of_its_role(role: str) -> None:
    """The rows of a role name checks of that role, and none of them waits for a later suite."""
    rows = load_ledger().for_role(role)

    assert {check for row in rows for check in row.checks} == set(CHECKS[role])
    assert [row.id for row in rows if row.pending] == []


def test_the_mock_profile_has_data_for_every_probe() -> None:
    """The embedded mock's plan plays something for every check that judges its own exchanges."""
    played = {step.id.rpartition(".")[0] for step in preview(ServerOptions()).steps}
    families = {check.partition("/")[0] for check in SERVER_CHECKS} | {"breaches", "fuzzed"}  # controls of drawn ones

    assert {name.partition("/")[0] for name in played if "/" in name} <= families
    assert len(load_profile(shipped_profile()).users) > 5
