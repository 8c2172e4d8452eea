"""Does the callback receiver keep the contract? One item for each requirement of the receiver role."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from basix_contract.contract import Requirement, load_ledger
from basix_contract.suite import RequirementVerdict, RunResult

REQUIREMENTS = [row for row in load_ledger().in_needs_order() if row.role == "receiver" and row.checks]


def test_the_run_conforms(receiver_run: RunResult) -> None:
    """The run as a whole ends with exit code 0: what could not be tested is not taken for good."""
    if receiver_run.exit_code:
        pytest.fail(f"{receiver_run.verdict}: {receiver_run.reason}", pytrace=False)


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=lambda requirement: requirement.id)
def test_requirement(
    requirement: Requirement,
    receiver_verdicts: Mapping[str, RequirementVerdict],
    report_row: Callable[[RequirementVerdict], None],
) -> None:
    """The receiver keeps this requirement."""
    report_row(receiver_verdicts[requirement.id])
