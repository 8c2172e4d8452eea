"""`conformance server --plan`: everything is told, nothing is sent, started or written."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from basix_contract.mock import MockServer
from basix_contract.profile import load_profile
from basix_contract.suite import ServerOptions, preview, shipped_profile
from tests.cli.conftest import Command
from tests.suite.hostile import HostileTarget, hostile, page

PLAN = ("conformance", "server", "--plan")
PROFILE = str(shipped_profile())
LIVE = """
[target]
base_url = "https://pbx.example/basix/api"
domain = "acme.example"
token_env = "TEST_API_TOKEN"
[limits]
max_calls = 20
[live]
consent = "pbx.example"
[[users]]
name = "jessica"
extension = "2001"
[[destinations]]
value = "0312341234"
"""


@pytest.fixture(autouse=True)
def empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """An empty folder to stand in; it is empty afterwards too, but for what a test put there."""
    monkeypatch.chdir(tmp_path)
    yield
    assert {path.name for path in tmp_path.rglob("*")} <= {"live.toml"}


@pytest.fixture
def target() -> Iterator[HostileTarget]:
    """A target that counts whoever comes."""
    with hostile(page) as target:
        yield target


def test_a_plan_sends_nothing(command: Command, target: HostileTarget) -> None:
    """The plan of a given target is told with exit code 0, and the target is never reached."""
    ended = command(*PLAN, "--target", target.base_url, "--profile", PROFILE)

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith(f"Nothing has been sent. This is what would be, to {target.base_url}:\n")
    assert target.connections == 0


def test_a_plan_is_what_would_be_played(command: Command) -> None:
    """Each request that a run would send is one line, in its order, with what it does to whom."""
    told = command(*PLAN, "--only", "CU-057").out

    lines = [line for line in told.partition("\nWhom it reaches\n")[0].splitlines() if line[:5].strip().isdigit()]
    steps = preview(ServerOptions(only=("CU-057",))).steps
    assert [int(line[:5]) for line in lines] == list(range(1, len(steps) + 1))
    for line, step in zip(lines, steps, strict=True):
        assert line.split()[1] == step.consequence
        assert (step.user or "nobody") in line


def test_the_embedded_mock_has_a_plan_too(command: Command) -> None:
    """Without a target the plan is that of the embedded mock PBX."""
    assert "to the embedded mock PBX:" in command(*PLAN).out


def test_the_totals_are_those_of_the_requests(command: Command) -> None:
    """As JSON the plan holds every request, and its totals count them."""
    ended = command(*PLAN, "--json", "--target", "http://127.0.0.1:1/a", "--profile", PROFILE, "--max-calls", "5")

    assert (ended.code, ended.err) == (0, "")
    document = json.loads(ended.out)
    counted = Counter("withheld" if row["withheld"] else row["consequence"] for row in document["steps"])
    assert document["counts"] == {name: counted[name] for name in document["counts"]}
    assert document["budget"] == 5
    assert document["may_ring"] == counted["rings"] + counted["may-ring"]
    assert 0 < document["expected_s"] < 60


def test_numbers_and_names_are_not_told(command: Command) -> None:
    """People are rows of the profile and numbers their last three digits: nothing else of them is in the plan."""
    profile = load_profile(PROFILE)
    for tokens in ((), ("--json",)):
        told = command(*PLAN, "--target", "http://127.0.0.1:1/a", "--profile", PROFILE, *tokens).out
        secrets = [value for user in profile.users for value in (user.email, user.did, user.label)]
        secrets += [place.value for place in profile.destinations if len(place.value) > 6]
        assert [secret for secret in secrets if secret in told] == []
        assert profile.target.token not in told


def test_numbers_are_revealed_to_a_terminal_only(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """--reveal shows numbers and who is who on a terminal; anywhere else it is refused."""
    refused = command(*PLAN, "--reveal", "--only", "CU-004")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    shown = command(*PLAN, "--reveal", "--only", "CU-004")

    assert (refused.code, refused.out) == (2, "")
    assert refused.err == (
        "basix-contract: --reveal: numbers are shown to a terminal only, and stdout is none (leave --reveal out)\n"
    )
    assert shown.code == 0
    assert "destinations[0] 0312341234" in shown.out
    assert "(Jessica, front desk, 2001, 05011112222, jessica@acme.example)" in shown.out


def test_there_is_nothing_to_reveal_in_a_run(command: Command) -> None:
    """--reveal without --plan is bad usage: a run never shows numbers."""
    ended = command("conformance", "server", "--reveal")

    assert (ended.code, ended.out) == (2, "")
    assert ended.err == ("basix-contract: --reveal: there are numbers to reveal in a plan only (add --plan)\n")


def test_a_live_plan_is_read_before_live_is_said(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The plan of a real PBX needs the profile's consent but not --live; the run itself needs both."""
    monkeypatch.setenv("TEST_API_TOKEN", "a real token")
    (tmp_path / "live.toml").write_text(LIVE, "utf-8")

    planned = command(*PLAN, "--profile", "live.toml")
    played = command("conformance", "server", "--profile", "live.toml")

    assert planned.code == 0
    assert "to https://pbx.example/basix/api:" in planned.out
    assert "of a budget of 20" in planned.out
    assert "a real token" not in planned.out
    assert (played.code, played.out) == (2, "")
    assert "--live is missing (add --live once you have read the output of --plan)" in played.err


def test_a_live_plan_is_shown_before_anybody_consents(command: Command) -> None:
    """Consent is given to a plan that was read, so the plan comes without it; nothing is sent."""
    ended = command(*PLAN, "--target", "https://pbx.example/api", "--profile", PROFILE)

    assert ended.code == 0
    assert "Nothing" in ended.out


def test_a_running_pbx_is_left_alone(command: Command) -> None:
    """A mock PBX that is planned against has had no call afterwards."""
    with MockServer(load_profile(PROFILE)) as pbx:
        assert command(*PLAN, "--target", pbx.base_url, "--profile", PROFILE).code == 0
        assert not pbx.calls
