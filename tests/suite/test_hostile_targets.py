"""What the engine makes of targets that are dead, dying, silent, lost or somewhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from basix_contract.errors import UsageError
from basix_contract.suite import ServerOptions, conclude, run_server
from tests.suite.hostile import (
    close_silently,
    garbage,
    hostile,
    page,
    redirect_to,
    refused_url,
    reset,
    stall,
    unauthorized,
)
from tests.suite.profiles import thin_profile

if TYPE_CHECKING:
    from pathlib import Path

    from basix_contract.suite import RunResult
    from tests.suite.hostile import Answer


def play(base_url: str, folder: Path, **changes: str) -> RunResult:
    """Run the server role against a target, and hold that its journal judged again says the same."""
    profile = thin_profile(folder, **changes)
    result = run_server(ServerOptions(target=base_url, profile=profile, report=folder / "report"))
    again = conclude(result.journal)
    assert (again.verdict, again.exit_code, again.requirements) == (
        result.verdict,
        result.exit_code,
        result.requirements,
    )
    return result


def test_nothing_listening_is_exit_3_after_one_attempt(tmp_path: Path) -> None:
    """A target on which nothing listens is unreachable, and that is found out by one request."""
    result = play(refused_url(), tmp_path)

    assert (result.exit_code, result.requests_sent) == (3, 1)
    assert "no connection" in result.reason


@pytest.mark.parametrize("answer", [stall, reset, close_silently, garbage], ids=lambda answer: answer.__name__)
def test_a_target_that_never_answers_is_exit_3_and_soon_left_alone(answer: Answer, tmp_path: Path) -> None:
    """A target that answers nothing is unreachable; nothing is sent twice and the run ends early."""
    with hostile(answer) as target:
        result = play(target.base_url, tmp_path)

    assert result.exit_code == 3
    assert target.connections == result.requests_sent < 60


def test_refused_credentials_are_exit_3_after_one_request(tmp_path: Path) -> None:
    """A target that turns the right credentials away is asked once, for it may lock the account."""
    with hostile(unauthorized) as target:
        result = play(target.base_url, tmp_path)

    assert (result.exit_code, target.connections) == (3, 1)
    assert "credentials" in result.reason


def test_a_page_for_every_request_does_not_conform(tmp_path: Path) -> None:
    """A web server that answers HTML fails the row that asks for a JSON object."""
    with hostile(page) as target:
        result = play(target.base_url, tmp_path)

    assert result.verdict != "conforms"
    assert result.exit_code == 1
    assert [row.id for row in result.requirements if row.verdict == "fail"] == ["CU-002"]


def test_a_redirect_is_never_followed(tmp_path: Path) -> None:
    """A redirect is an answer like any other: the place it names is never called."""
    with hostile(page) as elsewhere, hostile(redirect_to(elsewhere.base_url)) as target:
        result = play(target.base_url, tmp_path)

    assert elsewhere.connections == 0
    assert target.connections == result.requests_sent > 1
    assert result.verdict != "conforms"


def test_a_target_that_dies_on_the_way_is_noticed_and_nothing_is_lost(tmp_path: Path) -> None:
    """When a target dies, what it answered before is judged and what it did not is on record."""
    with hostile(page, dies_after=5) as target:
        result = play(target.base_url, tmp_path)

    assert target.connections == 5
    assert result.ending == "target lost"
    assert result.exit_code in (1, 3)
    assert sum(exchange.reply is not None for exchange in result.history.exchanges) == 5


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("https://pbx.example/basix/api", "pbx.example is not this machine"),
        ("http://192.0.2.7/basix/api", "192.0.2.7 is not this machine"),
        ("ftp://127.0.0.1/basix/api", "must begin with http"),
        ("127.0.0.1:8090", "must begin with http"),
        ("http://user:pass@127.0.0.1/basix/api", "carries credentials"),
        ("http://127.0.0.1:99999/basix/api", "not valid"),
    ],
)
def test_a_target_that_is_not_plainly_this_machine_is_refused(target: str, said: str, tmp_path: Path) -> None:
    """Any doubt about where a request would go is a usage error, before anything is sent or written."""
    with pytest.raises(UsageError, match=said):
        run_server(ServerOptions(target=target, profile=thin_profile(tmp_path), report=tmp_path / "report"))

    assert not (tmp_path / "report").exists()


def test_a_given_target_needs_a_profile(tmp_path: Path) -> None:
    """The mock's own profile is never taken for a given target."""
    with pytest.raises(UsageError, match="played from a profile only"):
        run_server(ServerOptions(target=refused_url(), report=tmp_path / "report"))


def test_an_empty_token_is_a_usage_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token that the environment does not hold is asked for by its name, and nothing is sent."""
    monkeypatch.delenv("BASIX_TEST_TOKEN", raising=False)
    with hostile(page) as target, pytest.raises(UsageError, match="BASIX_TEST_TOKEN is empty"):
        play(target.base_url, tmp_path, token='token_env = "BASIX_TEST_TOKEN"')

    assert target.connections == 0


def test_an_occupied_listen_address_is_a_usage_error(tmp_path: Path) -> None:
    """A callback address that is taken is named, with what to do."""
    with hostile(page) as occupant:
        taken = occupant.base_url.split("/")[2]
        profile = thin_profile(tmp_path, grace_s=f'grace_s = 0.2\nlisten = "{taken}"')
        with pytest.raises(UsageError, match="cannot listen on"):
            run_server(ServerOptions(profile=profile, report=tmp_path / "report"))
