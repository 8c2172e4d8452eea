"""Does the target keep the contract? One item for each requirement of the server role."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from basix_contract.contract import Requirement, load_ledger
from basix_contract.suite import RequirementVerdict, RunResult

REQUIREMENTS = [row for row in load_ledger().in_needs_order() if row.role == "server" and row.checks]


def test_the_run_conforms(server_run: RunResult) -> None:
    """The run as a whole ends with exit code 0: what could not be tested is not taken for good."""
    if server_run.exit_code:
        pytest.fail(f"{server_run.verdict}: {server_run.reason}", pytrace=False)


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=lambda requirement: requirement.id)
def test_requirement(
    requirement: Requirement,
    server_verdicts: Mapping[str, RequirementVerdict],
    record_property: Callable[[str, object], None],
) -> None:
    """The target keeps this requirement."""
    row = server_verdicts[requirement.id]
    for name in ("level", "verdict", "detail"):
        record_property(name, getattr(row, name))
    OUTCOMES[row.verdict](account(row))


def account(row: RequirementVerdict) -> str:
    """Say what was required, what was seen instead, and where to look."""
    evidence = [spot for check in row.checks if check.verdict == row.verdict for spot in check.evidence]
    lines = [f"{row.id} {row.level}  {row.statement}", row.detail]
    lines.append(f"evidence {', '.join(evidence[:3])}" if evidence else "")
    lines.append(f"basix-contract explain {row.id}")
    return "\n".join(line for line in lines if line)


def fail(account: str) -> None:
    """Fail, without the traceback: it would only show this file."""
    pytest.fail(account, pytrace=False)


def keep(account: str) -> None:
    """Pass; what was seen stands in the properties, and a warning in the summary."""


OUTCOMES: Mapping[str, Callable[[str], object]] = {
    "harness-error": fail,
    "fail": fail,
    "fixed-unexpectedly": fail,
    "ambiguous": fail,
    "not-testable": pytest.skip,
    "warn": keep,
    "known-failing": pytest.xfail,
    "needs-review": pytest.skip,
    "disabled": pytest.skip,
    "observed": keep,
    "not-applicable": pytest.skip,
    "pass": keep,
}
