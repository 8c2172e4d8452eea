"""Does the target keep the contract where nobody thought of the request? One item for each kind of drawn request.

The same run as in `test_server`: what schemathesis and the strategies of this kit draw is part of its plan, goes
through the same gate into the same journal, and is judged by the same checks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from basix_contract.report import curl_of
from basix_contract.suite import SMALLEST, CheckVerdict, RunResult

# Where drawn requests stand in a run, by the beginning of their scenarios' names.
DRAWN = {
    "combinations": "combinations",
    "breaches": "breaches",
    "schemathesis": "fuzzed",
}
FAILED = ("fail", "ambiguous", "harness-error")


@pytest.mark.parametrize("kind", DRAWN)
def test_drawn_requests(kind: str, server_run: RunResult, record_property: Callable[[str, object], None]) -> None:
    """Every drawn request of this kind was answered as the contract says, alone and in the whole history."""
    drawn = {
        exchange.id: exchange for exchange in server_run.history.exchanges if exchange.scenario.startswith(DRAWN[kind])
    }
    sent = [exchange for exchange in drawn.values() if exchange.sent_at_s is not None]
    record_property("drawn", len(drawn))
    if not sent:
        pytest.skip(f"no {kind} for this target: its profile or its budget leaves no room")
    failed = [check for row in server_run.requirements for check in row.checks if check.verdict in FAILED]
    accounts = [account(server_run, check, drawn) for check in failed if set(check.evidence) & set(drawn)]
    if accounts:
        pytest.fail("\n\n".join(accounts), pytrace=False)


def test_some_drawn_call_succeeded(server_run: RunResult) -> None:
    """A target that refuses whatever is drawn proves nothing by its refusals."""
    drawn = [exchange for exchange in server_run.history.exchanges if exchange.scenario.startswith("combinations")]
    if not drawn:
        pytest.skip("nothing was drawn for this target")
    assert any(exchange.was_accepted for exchange in drawn)


def account(run: RunResult, check: CheckVerdict, drawn: Mapping[str, object]) -> str:
    """Say what failed, with the smallest request that shows it, as a curl line and as an id to replay."""
    spot = next(spot for spot in check.evidence if spot in drawn)
    smallest = SMALLEST if spot in run.shrunk else ""
    return "\n".join(
        (
            f"{check.id}: {check.detail}",
            curl_of(run, spot),
            f"basix-contract replay {spot}{smallest}",
        )
    )
