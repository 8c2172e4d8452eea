"""Ledger and checks belong together, row by row and check by check."""

from __future__ import annotations

from basix_contract.checks import SERVER_CHECKS
from basix_contract.contract import load_ledger
from basix_contract.profile import load_profile
from basix_contract.suite import ServerOptions, preview, shipped_profile


def test_there_are_no_orphans() -> None:
    """Every row names checks that exist, an exclusion or a suite to come; every check is named by one row."""
    assert load_ledger().orphans(SERVER_CHECKS) == ()


def test_every_server_row_has_checks_or_a_reason() -> None:
    """No row of the server role waits for a later suite."""
    assert [row.id for row in load_ledger().for_role("server") if row.pending] == []


def test_the_mock_profile_has_data_for_every_probe() -> None:
    """The embedded mock's plan plays something for every check that judges its own exchanges."""
    played = {step.id.rpartition(".")[0] for step in preview(ServerOptions()).steps}
    families = {check.partition("/")[0] for check in SERVER_CHECKS}

    assert {name.partition("/")[0] for name in played if "/" in name} <= families
    assert len(load_profile(shipped_profile()).users) > 5
