"""The engine from end to end, against the embedded mock PBX and against the same mock as a given target."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from basix_contract.contract import load_ledger
from basix_contract.errors import UsageError
from basix_contract.mock import MockServer, Settings
from basix_contract.profile import load_profile
from basix_contract.suite import ServerOptions, conclude, preview, replay, run_server
from tests.suite.profiles import quick_profile, thin_profile

if TYPE_CHECKING:
    from pathlib import Path

    from basix_contract.suite import RunResult


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    """A whole run against the embedded mock."""
    return run_server(ServerOptions(report=tmp_path_factory.mktemp("embedded"), seed=7))


def test_the_embedded_mock_conforms(embedded: RunResult) -> None:
    """The kit finds nothing against its own mock, and everything planned was played."""
    wrong = [
        (row.id, row.verdict, row.detail) for row in embedded.requirements if row.verdict not in ("pass", "observed")
    ]

    assert not wrong
    assert (embedded.verdict, embedded.exit_code, embedded.ending) == ("conforms", 0, "complete")
    assert embedded.planned == embedded.executed > 30


def test_every_server_row_is_scored(embedded: RunResult) -> None:
    """No row of the ledger that has checks is left out of a run."""
    rows = {row.id for row in load_ledger().for_role("server") if row.checks}

    assert {row.id for row in embedded.requirements} == rows


def test_a_journal_judged_again_gives_the_same(embedded: RunResult) -> None:
    """Judging is pure: the same journal gives the same verdicts, details and evidence."""
    again = conclude(embedded.journal)

    assert again.requirements == embedded.requirements
    assert (again.verdict, again.exit_code, again.calls_placed) == (
        embedded.verdict,
        embedded.exit_code,
        embedded.calls_placed,
    )


def test_what_is_about_to_be_sent_stands_in_the_journal_first(embedded: RunResult) -> None:
    """Every reply and silence follows its own about-to-send, and what is written was planned before any was sent.

    What another process draws is planned before its own phase: it depends on the seed alone.
    """
    events = [json.loads(line) for line in embedded.journal.read_text(encoding="utf-8").splitlines()]
    sent: set[str] = set()
    planned: set[str] = set()
    for event in events:
        if event["event"] == "planned":
            assert not sent or event["scenario"].startswith("fuzzed")
            planned.add(event["exchange"])
        elif event["event"] == "about-to-send":
            assert event["exchange"] in planned
            sent.add(event["exchange"])
        elif event["event"] in ("reply", "silence"):
            assert event["exchange"] in sent
    assert sent == planned


@pytest.mark.parametrize("error_style", ["200", "4xx"])
def test_both_error_styles_conform_as_a_given_target(error_style: str, tmp_path: Path) -> None:
    """Errors under HTTP 200 and errors under 4xx conform alike, played from a profile alone."""
    profile = quick_profile(tmp_path)
    settings = Settings().but({"error_style": error_style})
    with MockServer(load_profile(profile), settings=settings) as pbx:
        result = run_server(ServerOptions(target=pbx.base_url, profile=profile, report=tmp_path / "report"))

    wrong = [
        (row.id, row.verdict, row.detail) for row in result.requirements if row.verdict not in ("pass", "observed")
    ]
    assert not wrong
    assert result.verdict == "conforms"


def test_a_thin_profile_is_partial_and_never_conforms(tmp_path: Path) -> None:
    """Rows the profile holds no data for are not-testable, and a run with such a MUST is partial: exit 6."""
    profile = thin_profile(tmp_path)
    with MockServer(load_profile(profile)) as pbx:
        result = run_server(ServerOptions(target=pbx.base_url, profile=profile, report=tmp_path / "report"))

    assert (result.verdict, result.exit_code) == ("partial", 6)
    assert {row.verdict for row in result.requirements if row.id in ("CU-045", "CU-141", "CU-200")} == {"not-testable"}


def test_only_plays_and_scores_what_was_asked_for(tmp_path: Path) -> None:
    """With --only the run is partial, exit 0, and sends a fraction of the whole plan."""
    result = run_server(ServerOptions(report=tmp_path / "report", only=("CU-044",)))

    assert (result.verdict, result.exit_code) == ("partial", 0)
    assert {row.verdict for row in result.requirements if row.id == "CU-044"} == {"pass"}
    assert {row.verdict for row in result.requirements if row.id != "CU-044"} == {"disabled"}
    assert result.requests_sent < 300


def test_an_unknown_row_is_a_usage_error(tmp_path: Path) -> None:
    """A row that is not in the ledger is refused before anything is started."""
    with pytest.raises(UsageError, match="CU-999"):
        run_server(ServerOptions(report=tmp_path / "report", only=("CU-999",)))


def test_the_call_budget_is_never_exceeded(tmp_path: Path) -> None:
    """No more requests that name a user leave than the budget says; what stayed behind is not-testable."""
    profile = thin_profile(tmp_path)
    with MockServer(load_profile(profile)) as pbx:
        options = ServerOptions(target=pbx.base_url, profile=profile, report=tmp_path / "report", max_calls=7)
        result = run_server(options)
        placed = len(pbx.calls)

    assert placed <= 7
    assert any("gate[budget]" in exchange.withheld for exchange in result.history.exchanges)
    assert result.verdict == "partial"


def test_a_plan_is_shown_without_sending_anything(tmp_path: Path) -> None:
    """A preview names every request, by row of the profile and last digits, and nothing is started."""
    profile = thin_profile(tmp_path)
    seen = preview(ServerOptions(target="http://127.0.0.1:9/basix/api", profile=profile))

    assert len(seen.steps) > 50
    assert 0 < seen.may_ring <= seen.budget
    assert {step.destination for step in seen.steps if step.user} <= {"destinations[0] …234", "…234", "", "…"}
    assert "0312341234" not in repr(seen)
    assert "jessica" not in repr(seen)


def test_the_plan_is_what_is_sent(embedded: RunResult) -> None:
    """A real run sends just the requests its plan names, in number and name."""
    planned = {step.id for step in preview(ServerOptions(seed=7)).steps}

    assert {exchange.id for exchange in embedded.history.exchanges if exchange.sent_at_s is not None} == planned


def test_one_case_is_replayed_with_its_control(embedded: RunResult, tmp_path: Path) -> None:
    """A journaled case is played again as it was sent, its control before it, and judged by its own row."""
    result = replay("selectors/unknown.1", embedded.journal, ServerOptions(report=tmp_path / "replay"))

    assert [exchange.id for exchange in result.history.exchanges] == ["selectors/control.1", "selectors/unknown.1"]
    assert [row.verdict for row in result.requirements if row.id == "CU-051"] == ["pass"]
    assert result.exit_code == 0


def test_a_replay_shows_a_defect_again(embedded: RunResult, tmp_path: Path) -> None:
    """A replay against a flawed PBX fails the row it is about."""
    options = ServerOptions(report=tmp_path / "replay", defects=("same-uuids-every-call",))
    result = replay("reply/plain-call.1", embedded.journal, options)

    assert result.requests_sent == 1


def test_a_case_the_journal_does_not_hold_is_a_usage_error(embedded: RunResult, tmp_path: Path) -> None:
    """An unknown case names some that exist."""
    with pytest.raises(UsageError, match=r"selectors/unknown\.1"):
        replay("selectors/unknwon.1", embedded.journal, ServerOptions(report=tmp_path / "replay"))
