"""`doctor`: what stands in the way is found, point by point, and no call is placed."""

from __future__ import annotations

import importlib.util
import json
import platform
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from basix_contract.mock import MockServer
from basix_contract.profile import load_profile
from basix_contract.suite import _doctor, shipped_profile
from tests.cli.conftest import Command
from tests.suite.hostile import Answer, hostile, page, refused_url, server_error, stall
from tests.suite.profiles import thin_profile
from tests.suite.standin import TOKEN, TOKEN_ENV, standin

PROFILE = str(shipped_profile())


def points(command: Command, *tokens: str) -> tuple[int, dict[str, tuple[str, str]]]:
    """Return the exit code, and health and detail of each point."""
    ended = command("doctor", "--json", *tokens)
    return ended.code, {point["what"]: (point["health"], point["detail"]) for point in json.loads(ended.out)}


def test_a_newcomer_s_machine_is_well(command: Command) -> None:
    """Without any option Python, libraries, profile, clock and receiver are looked at."""
    ended = command("doctor")

    assert (ended.code, ended.err) == (0, "")
    assert f"ok       python          {platform.python_version()}\n" in ended.out
    assert ended.out.endswith("no call was placed; 0 in the way, 0 unknown\n")


def test_a_target_is_reached_without_a_call(command: Command) -> None:
    """It takes connections, says what time it is, and has had no call and no credentials afterwards."""
    with MockServer(load_profile(PROFILE)) as pbx:
        code, found = points(command, "--target", pbx.base_url, "--profile", PROFILE)
        assert not pbx.calls

    assert code == 0
    assert found["target"] == ("ok", "it takes connections")
    assert found["call_user"][0] == "ok"
    assert found["time of day"] == ("ok", "this machine and the target agree")
    assert found["callback route"][0] == "ok"


@pytest.mark.parametrize(
    ("answer", "what", "health", "code"),
    [(server_error, "call_user", "bad", 3), (stall, "call_user", "bad", 3), (page, "time of day", "unknown", 0)],
)
def test_a_target_that_is_not_well_is_told(
    answer: Answer, what: str, health: str, code: int, command: Command, tmp_path: Path
) -> None:
    """One that breaks down or says nothing stands in the way; one that only keeps its time to itself does not."""
    with hostile(answer) as target:
        ended, found = points(command, "--target", target.base_url, "--profile", str(thin_profile(tmp_path)))

    assert (ended, found[what][0]) == (code, health)


def test_a_target_on_which_nothing_listens_is_exit_3(command: Command) -> None:
    """Only the target stands in the way, and it is named."""
    code, found = points(command, "--target", refused_url(), "--profile", PROFILE)

    assert (code, found["target"][0]) == (3, "bad")
    assert "no connection" in found["target"][1]


def test_clocks_that_differ_are_told(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Quiet hours are read off this machine's clock, so it should be right."""

    class Late(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime.now(tz) + timedelta(minutes=5)

    monkeypatch.setattr(_doctor, "datetime", Late)
    with MockServer(load_profile(PROFILE)) as pbx:
        _, found = points(command, "--target", pbx.base_url, "--profile", PROFILE)

    assert found["time of day"][0] == "unknown"
    assert re.search(r"differ by (?:29|30)[0-9] s", found["time of day"][1])


def test_a_profile_is_looked_at(command: Command, tmp_path: Path) -> None:
    """A file that cannot be read and one that lacks something are told with what to do."""
    gone, found = points(command, "--profile", str(tmp_path / "none.toml"))
    assert (gone, found["profile"][0]) == (2, "bad")

    thin = tmp_path / "thin.toml"
    thin.write_text('[[users]]\nname = "jessica"\n', "utf-8")
    code, found = points(command, "--profile", str(thin))
    assert (code, found["profile"]) == (2, ("bad", "destinations: there is nowhere to connect a call to"))


def test_an_occupied_port_is_told(command: Command, tmp_path: Path) -> None:
    """The receiver's address is tried out."""
    with hostile(page) as occupant:
        taken = occupant.base_url.split("/")[2]
        profile = thin_profile(tmp_path, grace_s=f'grace_s = 0.2\nlisten = "{taken}"')
        code, found = points(command, "--profile", str(profile))

    assert (code, found["receiver"][0]) == (2, "bad")


def test_real_telephones_are_looked_at_with_their_hours(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Consent, the hour and the way back are told; in the quiet hours nothing is asked of the target."""
    monkeypatch.setenv(TOKEN_ENV, TOKEN)
    now = datetime.now(UTC)
    awake = f'quiet_hours = "{now + timedelta(hours=2):%H:%M}-{now + timedelta(hours=3):%H:%M}"'
    asleep = f'quiet_hours = "{now - timedelta(hours=1):%H:%M}-{now + timedelta(hours=1):%H:%M}"'
    with standin(tmp_path, quiet_hours=awake) as (pbx, path):
        _, day = points(command, "--profile", str(path))
        assert not pbx.calls
    with standin(tmp_path, quiet_hours=asleep) as (_, path):
        code, night = points(command, "--profile", str(path))

    assert (day["quiet hours"][0], day["consent"][0], day["call_user"][0]) == ("ok", "ok", "ok")
    assert day["callback route"] == (
        "bad",
        "the receiver listens on 127.0.0.1:0, which no other machine can reach (give callback.public_url)",
    )
    assert code == 2
    assert (night["quiet hours"][0], night["consent"][0], night["call_user"][0]) == ("bad", "bad", "unknown")


def test_a_receiver_that_others_could_reach_is_unknown(command: Command, tmp_path: Path) -> None:
    """Whether a target on another machine finds the way shows with the first callback only."""
    profile = thin_profile(
        tmp_path, grace_s='grace_s = 0.2\nlisten = "0.0.0.0:0"\n[live]\ntunnel = true\nquiet_hours = ""'
    )
    _, found = points(command, "--target", refused_url(), "--profile", str(profile))

    assert found["callback route"][0] == "unknown"


def test_a_missing_library_is_told_with_its_pip_line(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """What else could be wrong is not looked at then: it could not be."""
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "respx" else find(name))
    ended = command("doctor")

    assert ended.code == 2
    assert "missing: respx" in ended.out
    assert "pip install 'basix-contract[testing]'" in ended.out
    assert "receiver" not in ended.out


def test_an_old_python_is_told(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """The version that is needed is named."""
    monkeypatch.setattr(sys, "version_info", (3, 10, 0))
    ended = command("doctor")

    assert ended.code == 2
    assert "use 3.11 or newer" in ended.out


def test_a_machine_that_stands_still_is_told(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Deadlines cannot be trusted there."""
    monkeypatch.setattr(_doctor, "_MOST_LAG_S", -1.0)
    code, found = points(command)

    assert (code, found["clock"][0]) == (2, "bad")
