"""The engine as pytest fixtures: it is run once, and each test reports one requirement.

Options come from the environment, as on the command line: BASIX_TARGET, BASIX_PROFILE, BASIX_SEED, BASIX_REPORT.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Mapping
from pathlib import Path

import pytest

from basix_contract.cli import exit_code_of
from basix_contract.errors import BasixContractError, UsageError
from basix_contract.report import write_report
from basix_contract.suite import RequirementVerdict, RunResult, ServerOptions, run_server

RESULT = pytest.StashKey[RunResult]()


@pytest.fixture(scope="session")
def server_run(request: pytest.FixtureRequest) -> RunResult:
    """Run the server role once, and write its report."""
    try:
        options = server_options(os.environ)
        result = run_server(options)
        write_report(result, options.report)
    except BasixContractError as error:
        pytest.exit(f"basix-contract: {error}", returncode=exit_code_of(error))
    except Exception as error:  # noqa: BLE001 - told once, not once for every requirement
        pytest.exit(f"internal error, please report it\n{traceback.format_exc()}", returncode=exit_code_of(error))
    request.config.stash[RESULT] = result
    return result


@pytest.fixture(scope="session")
def server_verdicts(server_run: RunResult) -> Mapping[str, RequirementVerdict]:
    """What came of each requirement of the server role, by its id."""
    return {row.id: row for row in server_run.requirements}


def server_options(environment: Mapping[str, str]) -> ServerOptions:
    """Read the options of a run from the environment; an empty variable is as good as none."""
    seed = environment.get("BASIX_SEED") or "0"
    if not seed.removeprefix("-").isdecimal():
        raise UsageError(f"{seed!r} is no whole number", where="BASIX_SEED")
    return ServerOptions(
        target=environment.get("BASIX_TARGET", ""),
        profile=environment.get("BASIX_PROFILE") or None,
        seed=int(seed),
        report=Path(environment.get("BASIX_REPORT") or "build/conformance/server"),
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Tell the warnings, which fail nothing, and the verdict of the run."""
    result = config.stash.get(RESULT, None)
    if result is None:
        return
    warned = [row for row in result.requirements if row.verdict == "warn"]
    if warned:
        terminalreporter.section("recommendations not kept", sep="-")
    for row in warned:
        terminalreporter.line(f"{row.id} {row.level}  {row.statement} {row.detail}")
    terminalreporter.section(f"{result.verdict} (exit code {result.exit_code}: {result.reason})", sep="-")
