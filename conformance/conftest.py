"""The engine as pytest fixtures: it is run once for each role, and each test reports one requirement.

Options come from the environment, as on the command line: BASIX_TARGET, BASIX_PROFILE, BASIX_SEED, BASIX_REPORT; for a
client BASIX_CLIENT, the command of its adapter; for a callback receiver BASIX_RECEIVER_URL, BASIX_URL_COMMAND,
BASIX_OBSERVER_URL, BASIX_OBSERVER_COMMAND, BASIX_LIVE.
"""

from __future__ import annotations

import os
import shlex
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import pytest

from basix_contract.cli import exit_code_of
from basix_contract.errors import BasixContractError, UsageError
from basix_contract.report import Timelines, first_call_text, timelines_of, write_report
from basix_contract.suite import (
    ClientOptions,
    ReceiverOptions,
    RequirementVerdict,
    RunResult,
    ServerOptions,
    run_client,
    run_receiver,
    run_server,
)

RESULT = pytest.StashKey[RunResult]()
CLIENT_RESULT = pytest.StashKey[RunResult]()
RECEIVER_RESULT = pytest.StashKey[RunResult]()
RESULTS = {"server": RESULT, "client": CLIENT_RESULT, "receiver": RECEIVER_RESULT}
TIMELINES = pytest.StashKey[dict[str, Timelines]]()

AnyOptions = TypeVar("AnyOptions", ServerOptions, ClientOptions, ReceiverOptions)


@pytest.fixture(scope="session")
def server_run(request: pytest.FixtureRequest) -> RunResult:
    """Run the server role once, and write its report."""
    return played(request, RESULT, server_options, run_server)


@pytest.fixture(scope="session")
def client_run(request: pytest.FixtureRequest) -> RunResult:
    """Run the client role once, and write its report; skip where no client is named."""
    if not os.environ.get("BASIX_CLIENT"):
        pytest.skip("no client is named: set BASIX_CLIENT to the command of its adapter")
    return played(request, CLIENT_RESULT, client_options, run_client)


@pytest.fixture(scope="session")
def receiver_run(request: pytest.FixtureRequest) -> RunResult:
    """Run the receiver role once, and write its report; skip where no receiver is named."""
    if not (os.environ.get("BASIX_RECEIVER_URL") or os.environ.get("BASIX_URL_COMMAND")):
        pytest.skip("no receiver is named: set BASIX_RECEIVER_URL or BASIX_URL_COMMAND")
    return played(request, RECEIVER_RESULT, receiver_options, run_receiver)


def played(
    request: pytest.FixtureRequest,
    key: pytest.StashKey[RunResult],
    options_from: Callable[[Mapping[str, str]], AnyOptions],
    run: Callable[[AnyOptions], RunResult],
) -> RunResult:
    """Return what a run came to, its report written; what keeps it from running ends everything, and is told once."""
    try:
        options = options_from(os.environ)
        result = run(options)
        write_report(result, options.report)
    except BasixContractError as error:
        pytest.exit(f"basix-contract: {error}", returncode=exit_code_of(error))
    except Exception as error:  # noqa: BLE001 - told once, not once for every requirement
        pytest.exit(f"internal error, please report it\n{traceback.format_exc()}", returncode=exit_code_of(error))
    request.config.stash[key] = result
    return result


@pytest.fixture(scope="session")
def server_verdicts(server_run: RunResult) -> Mapping[str, RequirementVerdict]:
    """What came of each requirement of the server role, by its id."""
    return {row.id: row for row in server_run.requirements}


@pytest.fixture(scope="session")
def client_verdicts(client_run: RunResult) -> Mapping[str, RequirementVerdict]:
    """What came of each requirement of the client role, by its id."""
    return {row.id: row for row in client_run.requirements}


@pytest.fixture(scope="session")
def receiver_verdicts(receiver_run: RunResult) -> Mapping[str, RequirementVerdict]:
    """What came of each requirement of the receiver role, by its id."""
    return {row.id: row for row in receiver_run.requirements}


def server_options(environment: Mapping[str, str]) -> ServerOptions:
    """Read the options of a run from the environment; an empty variable is as good as none."""
    return ServerOptions(
        target=environment.get("BASIX_TARGET", ""),
        profile=environment.get("BASIX_PROFILE") or None,
        seed=seed_of(environment),
        report=Path(environment.get("BASIX_REPORT") or "build/conformance/server"),
    )


def client_options(environment: Mapping[str, str]) -> ClientOptions:
    """Read the options of a client's run; its report is in a folder of its own below BASIX_REPORT."""
    report = environment.get("BASIX_REPORT")
    return ClientOptions(
        command=tuple(shlex.split(environment.get("BASIX_CLIENT", ""))),
        seed=seed_of(environment),
        report=Path(report, "client") if report else Path("build/conformance/client"),
    )


def receiver_options(environment: Mapping[str, str]) -> ReceiverOptions:
    """Read the options of a receiver's run; its report is in a folder of its own below BASIX_REPORT."""
    report = environment.get("BASIX_REPORT")
    return ReceiverOptions(
        url=environment.get("BASIX_RECEIVER_URL", ""),
        url_command=environment.get("BASIX_URL_COMMAND", ""),
        observer_url=environment.get("BASIX_OBSERVER_URL", ""),
        observer_command=environment.get("BASIX_OBSERVER_COMMAND", ""),
        seed=seed_of(environment),
        report=Path(report, "receiver") if report else Path("build/conformance/receiver"),
        live=environment.get("BASIX_LIVE") == "1",
    )


def seed_of(environment: Mapping[str, str]) -> int:
    """Read the seed of a run; 0 where there is none."""
    seed = environment.get("BASIX_SEED") or "0"
    if not seed.removeprefix("-").isdecimal():
        raise UsageError(f"{seed!r} is no whole number", where="BASIX_SEED")
    return int(seed)


@pytest.fixture
def report_row(
    request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> Callable[[RequirementVerdict], None]:
    """Turn what came of a requirement into what comes of an item."""

    def report(row: RequirementVerdict) -> None:
        for name in ("level", "verdict", "detail"):
            record_property(name, getattr(row, name))
        OUTCOMES[row.verdict](account(row) + call_as_it_went(request.config, row))

    return report


def call_as_it_went(config: pytest.Config, row: RequirementVerdict) -> str:
    """Draw the first call in which a requirement was not kept; nothing where it was."""
    if OUTCOMES[row.verdict] is not fail:
        return ""
    told = config.stash.setdefault(TIMELINES, {})
    if row.role not in told:
        told[row.role] = timelines_of(config.stash[RESULTS[row.role]])
    drawn = first_call_text(row, told[row.role])
    return f"\n\n{drawn}" if drawn else ""


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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Tell the warnings, which fail nothing, and the verdict of the run."""
    for key in (RESULT, CLIENT_RESULT, RECEIVER_RESULT):
        result = config.stash.get(key, None)
        if result is not None:
            tell_run(terminalreporter, result)


def tell_run(terminalreporter: pytest.TerminalReporter, result: RunResult) -> None:
    """Tell what one run came to."""
    warned = [row for row in result.requirements if row.verdict == "warn"]
    if warned:
        terminalreporter.section("recommendations not kept", sep="-")
    for row in warned:
        terminalreporter.line(f"{row.id} {row.level}  {row.statement} {row.detail}")
    terminalreporter.section(f"{result.verdict} (exit code {result.exit_code}: {result.reason})", sep="-")
