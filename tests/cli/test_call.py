"""`call`: one call from the command line, through the gate, with how it ended as outcome and exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from basix_contract.mock import MockServer
from basix_contract.profile import load_profile
from basix_contract.suite import shipped_profile
from tests.cli.conftest import Command
from tests.suite.hostile import hostile, page, refused_url, stall, unauthorized
from tests.suite.profiles import thin_profile
from tests.suite.standin import TOKEN, TOKEN_ENV, standin

PROFILE = str(shipped_profile())


@pytest.fixture(autouse=True)
def own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder to stand in, for `build/call`."""
    monkeypatch.chdir(tmp_path)


def test_without_a_target_the_embedded_mock_is_called(command: Command) -> None:
    """One call is placed, its callback waited for, and told with legs and journal."""
    ended = command("call")

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("answered: the user answered (")
    assert ended.out.count("\n  leg ") == 2
    assert Path("build/call/journal.ndjson").exists()


@pytest.mark.parametrize(
    ("user", "code", "outcome", "error"),
    [
        ("name=jessica", 0, "answered", ""),
        ("id=10001001", 0, "answered", ""),
        ("name=magic-busy", 1, "not-answered", "busy"),
        ("name=nobody-here", 1, "refused", "user_not_found"),
    ],
)
def test_the_outcome_is_told_as_the_callback_tells_it(
    user: str, code: int, outcome: str, error: str, command: Command
) -> None:
    """As JSON the outcome has a name, the ids and the reply's code; the exit code says whether somebody answered."""
    ended = command("call", "--user", user, "--answer-timeout", "5", "--json")

    told = json.loads(ended.out)
    assert (ended.code, told["outcome"], told["error_id"]) == (code, outcome, error)
    assert bool(told["uuid"]) == (outcome == "answered")


def test_every_option_is_a_parameter_of_the_call(command: Command) -> None:
    """What is asked for is sent, and nothing else."""
    with MockServer(load_profile(PROFILE)) as pbx:
        ended = command(
            "call", "--target", pbx.base_url, "--profile", PROFILE, "--user", "extension=2001", "--group", "name=sales",
            "--to", "0312341234", "--calling-number", "0506868002", "--calling-name", "Olive", "--auto-answer",
            "--answer-timeout", "7", "--unheard",
        )  # fmt: skip
        (placed,) = pbx.calls

    assert (ended.code, ended.out[:9]) == (0, "accepted:")
    assert placed.parameters == {
        "user_extension": "2001",
        "group_name": "sales",
        "destination": {"called_number": "0312341234", "calling_number": "0506868002"},
        "calling_name": "Olive",
        "answer_timeout": 7,
        "auto_answer": True,
    }


def test_a_plan_shows_the_consequence_and_sends_nothing(command: Command, tmp_path: Path) -> None:
    """Who would ring, for how long and where it leads is told; no call is placed, no file written."""
    with MockServer(load_profile(PROFILE)) as pbx:
        ended = command("call", "--target", pbx.base_url, "--profile", PROFILE, "--plan", "--to", "0312341234")
        as_json = command("call", "--target", pbx.base_url, "--profile", PROFILE, "--plan", "--json")
        assert not pbx.calls

    assert ended.code == 0
    assert "    1  rings        users[0] up to 3 min  → destinations[0] …234  a call from the command" in ended.out
    (step,) = json.loads(as_json.out)["steps"]
    assert step["rests_on"] == "it names users[0] and nobody else, and every server is to accept it"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("tokens", "said"),
    [
        (("--user", "name=maria"), "gate[people]"),
        (("--to", "09012345678"), "gate[destination]"),
        (("--to", "110"), "gate[emergency]"),
        (("--to", "0312341234", "--calling-number", "0312340000"), "gate[calling-number]"),
        (("--group", "name=board"), "gate[group]"),
        (("--user", "name=bob", "--auto-answer"), "gate[auto-answer]"),
        (("--user", "maria"), "is not KEY=VALUE"),
        (("--user", "phone=1"), "there is no user_phone"),
        (("--user", "id=x"), "an id is a whole number"),
        (("--calling-number", "0506868002"), "it needs a number to call"),
        (("--plan", "--reveal"), "numbers are shown to a terminal only"),
    ],
)
def test_whatever_is_not_in_the_profile_is_refused(tokens: tuple[str, ...], said: str, command: Command) -> None:
    """The gate fails closed: one line says why, the exit code is 2, and nothing reaches the PBX."""
    with hostile(page) as target:
        ended = command("call", "--target", target.base_url, "--profile", PROFILE, *tokens)

        assert (ended.code, ended.out) == (2, "")
        assert said in ended.err
        assert target.connections == 0


def test_a_profile_without_anybody_has_nobody_to_call(command: Command, tmp_path: Path) -> None:
    """Nobody is made up."""
    profile = tmp_path / "empty.toml"
    profile.write_text('[target]\ntoken = "t"\ndomain = "d"\n', "utf-8")
    ended = command("call", "--target", "http://127.0.0.1:1/a", "--profile", str(profile))

    assert (ended.code, ended.out) == (2, "")
    assert "there is nobody to call" in ended.err


def test_what_was_not_sent_and_what_may_have_been_are_told_apart(command: Command, tmp_path: Path) -> None:
    """Nobody listening is exit 3, a call that left and was not answered is 4, a refusal 1; none is placed twice."""
    profile = str(thin_profile(tmp_path))
    refused = command("call", "--target", refused_url(), "--profile", profile)
    with hostile(stall) as silent:
        unknown = command("call", "--target", silent.base_url, "--profile", profile, "--answer-timeout", "1")
        assert silent.connections == 1
    with hostile(unauthorized) as closed:
        turned_away = command("call", "--target", closed.base_url, "--profile", profile)

    assert (refused.code, refused.out.partition(":")[0]) == (3, "not-sent")
    assert (unknown.code, unknown.out.partition(":")[0]) == (4, "unknown")
    assert "Do not place it again" in unknown.out
    assert (turned_away.code, turned_away.out.partition(":")[0]) == (1, "refused")


def test_a_callback_that_does_not_come_is_unknown(command: Command, tmp_path: Path) -> None:
    """The PBX took the call, and how it ended cannot be known."""
    profile = thin_profile(tmp_path)
    with MockServer(load_profile(profile), defects=("callback-missing",)) as pbx:
        ended = command("call", "--target", pbx.base_url, "--profile", str(profile), "--answer-timeout", "1", "--json")

    assert (ended.code, json.loads(ended.out)["outcome"]) == (4, "unknown")
    assert "callback has not come" in ended.out


def test_a_real_telephone_needs_live(command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Consent of both kinds is asked for, calls ring briefly, and the stop file holds here too."""
    monkeypatch.setenv(TOKEN_ENV, TOKEN)
    with standin(tmp_path) as (pbx, path):
        without = command("call", "--profile", str(path))
        too_long = command("call", "--profile", str(path), "--live", "--answer-timeout", "60")
        placed = command("call", "--profile", str(path), "--live", "--user", "name=bob")
        (tmp_path / "stop").touch()
        stopped = command("call", "--profile", str(path), "--live")
        calls = pbx.calls

    assert (without.code, "--live is missing" in without.err) == (2, True)
    assert (too_long.code, "a call may ring for 20 s at most" in too_long.err) == (2, True)
    assert (stopped.code, "gate[stopped]" in stopped.err) == (2, True)
    assert placed.code == 0
    assert [call.answer_timeout_s for call in calls] == [20]
