"""The kit judges its own traffic: a fault of ours is blamed on us, never on the target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from basix_contract.checks import Intent
from basix_contract.suite import ServerOptions, _run, run_server
from basix_contract.suite._scenario import Scenario, Step
from basix_contract.suite.plan import Plan

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "body",
    [
        {"user_name": "jessica"},
        {"destination": "0312341234"},
        {"user_name": "jessica", "destination": "0312341234", "answer_timeout": 0},
        b"{",
    ],
)
def test_a_faulty_request_of_ours_is_a_harness_error(
    body: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request we want accepted that breaks the contract itself ends the run with exit 5, whatever the target says."""
    planted = Step(id="planted.1", title="planted", intent=Intent(probe="planted", expect="accept"), body=body)
    plan = Plan((Scenario(id="planted", steps=(planted,)),))
    monkeypatch.setattr(_run, "plan_for", lambda *_: plan)

    result = run_server(ServerOptions(report=tmp_path / "report"))

    assert (result.verdict, result.exit_code) == ("harness-error", 5)
    assert "our own request planted.1 breaks the contract" in result.reason
