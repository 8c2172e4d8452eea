"""What is drawn: the same by the same seed, within budget and profile, judged, and shrunk where nobody rings."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from basix_contract.contract import load_document
from basix_contract.mock import MockServer
from basix_contract.profile import load_profile
from basix_contract.strategies import covering
from basix_contract.suite import SMALLEST, ServerOptions, preview, replay, run_server, shipped_profile
from basix_contract.suite._fuzz import fuzz
from basix_contract.suite._scenario import Scenario
from basix_contract.suite.plan import plan_server
from tests.suite.profiles import quick_profile

if TYPE_CHECKING:
    from basix_contract.profile import Profile

BUDGET = 5000


@pytest.fixture(scope="module")
def profile() -> Profile:
    """Everyone in the mock's directory."""
    return load_profile(shipped_profile())


def drawn(profile: Profile, *, seed: int = 0, budget: int = BUDGET, is_embedded: bool = True) -> list[Scenario]:
    """Plan, and return what was drawn."""
    plan = plan_server(profile, "token", is_embedded=is_embedded, seed=seed, budget=budget).whole()
    return [scenario for scenario in plan if scenario.phase == "generated"]


def test_the_same_seed_draws_the_same_requests(profile: Profile) -> None:
    """Requests are a function of profile and seed; another seed draws others on top of the same covering set."""
    first, again, other = (drawn(profile, seed=seed) for seed in (3, 3, 4))

    assert first == again
    assert first != other


def test_the_covering_set_is_always_played(profile: Profile) -> None:
    """Every combination of the covering set is in the plan, whatever the seed."""
    bodies = [step.body for scenario in drawn(profile, seed=9) for step in scenario.steps]
    wanted = covering(profile, callback_url="{callback_url}", allows_invention=True)

    assert [body for body in wanted if body not in bodies] == []


@pytest.mark.parametrize("room", [0, 1, 40, 200])
def test_no_more_is_drawn_than_the_budget_leaves(profile: Profile, room: int) -> None:
    """What is written down comes first; drawn calls take what is left, and none when nothing is."""
    written = plan_server(profile, "token", is_embedded=True, budget=0).whole()
    calls = sum(step.consequence != "cannot-ring" for scenario in written for step in scenario.steps)
    steps = [step for scenario in drawn(profile, budget=calls + room) for step in scenario.steps]

    assert len(steps) <= room
    assert bool(steps) == (room > 0)


def test_a_given_target_is_fuzzed_only_where_its_profile_says_that_nothing_rings(profile: Profile) -> None:
    """Free fuzzing names anybody: it needs the embedded mock or `has_no_telephones`."""
    bench = dataclasses.replace(profile, target=dataclasses.replace(profile.target, has_no_telephones=True))
    names = [
        any(scenario.id.startswith("fuzzed") for scenario in drawn(who, is_embedded=False)) for who in (profile, bench)
    ]

    assert names == [False, True]


def test_what_schemathesis_draws_is_told_apart_by_phase() -> None:
    """Its examples, its coverage and its fuzzing are there, no body twice, the same for the same seed."""
    bodies = fuzz(load_document(), seed=5)

    assert {body.phase for body in bodies} == {"examples", "coverage", "fuzzing"}
    assert len({body.body for body in bodies}) == len(bodies) > 200
    assert fuzz(load_document(), seed=5) == bodies


def test_a_failure_is_shrunk_and_can_be_replayed(tmp_path: Path) -> None:
    """A pair of selectors beside a group: just these are left, and sent again they fail again."""
    options = ServerOptions(report=tmp_path / "run", only=("CU-220",), defects=("pair-refused-with-group",))
    result = run_server(options)
    (spot,) = result.shrunk
    left = json.loads(result.shrunk[spot])
    again = replay(spot + SMALLEST, result.journal, dataclasses.replace(options, report=tmp_path / "again", only=()))

    assert (result.verdict, result.exit_code) == ("does-not-conform", 1)
    assert {name.partition("_")[0] for name in left} == {"user", "group", "destination"}
    assert len(left) == 4
    assert [row.verdict for row in again.requirements if row.id == "CU-220"] == ["fail"]
    assert again.requests_sent == 1


def test_a_given_target_is_not_shrunk_at(tmp_path: Path) -> None:
    """Where somebody could be rung, the smallest case is the smallest of those that were drawn."""
    profile = quick_profile(tmp_path)
    with MockServer(load_profile(profile), defects=["pair-refused-with-group"]) as pbx:
        options = ServerOptions(target=pbx.base_url, profile=profile, report=tmp_path / "run", only=("CU-220",))
        result = run_server(options)
    events = [json.loads(line)["event"] for line in result.journal.read_text(encoding="utf-8").splitlines()]

    assert result.exit_code == 1
    assert not result.shrunk
    assert "shrink-sent" not in events


def test_the_plan_of_a_run_shows_what_is_drawn() -> None:
    """`--plan` lists drawn requests among the others, by the same seed."""
    planned = {step.id for step in preview(ServerOptions(seed=2)).steps}

    assert {"combinations/accepted.1", "fuzzed/control.1", "breaches/control.1"} <= planned
