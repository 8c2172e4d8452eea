"""A server is observed, a mock is made like it, and the two cannot be told apart."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from basix_contract.checks import Exchange, Intent, Reply
from basix_contract.contract import load_ledger
from basix_contract.errors import UsageError
from basix_contract.mock import (
    Likeness,
    MockServer,
    ReplyManner,
    behaviour_like,
    read_likeness,
    settings_like,
    write_likeness,
)
from basix_contract.profile import load_profile
from basix_contract.report import compare_behaviour, differences, read_behaviour
from basix_contract.suite import ServerOptions, observe, run_server
from basix_contract.suite.observe._manner import reply_manner
from basix_contract.suite.observe._seen import Seen
from tests.servers.family import KINDS, SLOW_KINDS, profile_text, serve

# Checks whose requests show much of how a server behaves, and need no long hunts.
SHOWING = (
    "auth/refusal-shape",
    "callback/after-refusal",
    "callback/busy",
    "callback/rejects",
    "destination/absent",
    "destination/open-forms",
    "groups/not-a-member",
    "groups/several",
    "parameters/answer-timeout-invalid",
    "parameters/answer-timeout-open",
    "parameters/calling-name-open",
    "parameters/unknown",
    "selectors/all-agree",
    "selectors/empty",
    "selectors/none",
)
TELLING = tuple(load_ledger().requirement_of(check).id for check in SHOWING)


def twice(kind: str, folder: Path, only: tuple[str, ...] = ()) -> tuple[Likeness, Likeness]:
    """How a server of the family behaves, and how the mock does that was made like it, from the file between them."""
    profile_file, likeness_file = folder / "profile.toml", folder / "like.toml"
    profile_file.write_text(profile_text(kind), "utf-8")
    profile = load_profile(profile_file)
    with serve(kind, profile) as target:
        first = run_server(ServerOptions(target=target, profile=profile_file, report=folder / "server", only=only))
    likeness_file.write_text(write_likeness(observe(first.journal)), "utf-8")
    likeness = read_likeness(likeness_file)
    learnt = {"settings": settings_like(likeness), "behaviour": behaviour_like(likeness)}
    with MockServer(profile, **learnt) as mock:  # type: ignore[arg-type]  # the names are those of the options
        run_server(ServerOptions(target=mock.base_url, profile=profile_file, report=folder / "mock", only=only))
    return likeness, observe(folder / "mock" / "journal.ndjson")


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> tuple[Likeness, Likeness, Path]:
    """A server that refuses all it may, and its likeness."""
    folder = tmp_path_factory.mktemp("strict")
    return *twice("strict", folder, TELLING), folder


def test_a_mock_like_a_server_behaves_like_it(strict: tuple[Likeness, Likeness, Path]) -> None:
    """Requests accepted and refused, statuses, error ids, uuids, callbacks and times: nothing differs."""
    server, mock, folder = strict

    assert differences(server, mock) == ()
    assert compare_behaviour(folder / "server", folder / "mock") == ()
    assert set(server.refused) == set(mock.refused)
    assert len(server.refused) > 25


def test_what_was_observed_is_what_the_server_does(strict: tuple[Likeness, Likeness, Path]) -> None:
    """The strict server's own words are learnt, and not those of the mock."""
    server, _, _ = strict

    assert (server.refused["unknown parameter"].status, server.refused["unknown parameter"].id) == (
        400,
        "unknown_parameter",
    )
    assert server.refused["answer_timeout digits"].id == "invalid_answer_timeout"
    assert (server.refused["credentials wrong"].id, server.refused["credentials wrong"].status) == ("", 401)
    assert "calling_name in ASCII" in server.accepted
    assert server.callback.sent_when_answered["500"] == 1
    assert set(server.callback.error_ids) == {"busy", "rejects"}


def test_two_that_behave_differently_are_told_apart(strict: tuple[Likeness, Likeness, Path], tmp_path: Path) -> None:
    """The mock as it is by itself differs from the strict server, and each difference says what both do."""
    server, _, folder = strict
    profile = folder / "profile.toml"
    shown = tuple(load_ledger().requirement_of(check).id for check in ("parameters/unknown", "auth/refusal-shape"))
    with MockServer(load_profile(profile)) as mock:
        run_server(ServerOptions(target=mock.base_url, profile=profile, report=tmp_path, only=shown))

    found = {one.aspect: (one.before, one.after) for one in differences(server, read_behaviour(tmp_path))}

    assert found["request with unknown parameter"] == (
        "refused: HTTP 400, error.id unknown_parameter, application/json",
        "accepted",
    )
    assert found["request with credentials wrong"][0] == "refused: HTTP 401, no envelope, text/html; charset=utf-8"
    assert not any(aspect.startswith("callback: sent when answered") for aspect in found)


@pytest.mark.matrix
@pytest.mark.parametrize("kind", [*KINDS, *SLOW_KINDS])
def test_every_server_of_the_family_has_its_likeness(kind: str, tmp_path: Path) -> None:
    """Of each server that differs and conforms, a whole run teaches the mock all that a whole run can see."""
    server, mock = twice(kind, tmp_path)

    assert differences(server, mock) == ()
    assert set(server.refused) ^ set(mock.refused) == set()


def test_a_journal_without_a_profile_teaches_nothing(strict: tuple[Likeness, Likeness, Path], tmp_path: Path) -> None:
    """The journal of another role, or of a kit that wrote no profile into it, is refused, and compared with nothing."""
    lines = (strict[2] / "server" / "journal.ndjson").read_text("utf-8").splitlines()
    old = tmp_path / "journal.ndjson"
    head = json.loads(lines[0])
    del head["profile"]
    old.write_text("\n".join([json.dumps(head), *lines[1:]]), "utf-8")

    with pytest.raises(UsageError, match="no journal of a server's run that says whom it may ring"):
        observe(old)
    assert compare_behaviour(old, strict[2] / "server") is None


def test_how_many_telephones_ring_is_learnt() -> None:
    """As many as the profile says is no news; another number is, and whoever is called, it is the usual one."""

    def legs(*counts: tuple[int, int | None]) -> int | None:
        return reply_manner([accepted(rung, said) for rung, said in counts]).legs

    assert legs((2, 2), (3, 3)) is None
    assert legs((5, 2), (5, 3), (3, 3)) == 5
    assert legs((4, None)) is None
    assert reply_manner([]) == ReplyManner()


def accepted(rung: int, said: int | None) -> Seen:
    """A call for which so many telephones rang, of a user whose profile says so many."""
    uuids = [f"ede7b23e-c172-445e-832e-963b11ba2b9{leg}" for leg in range(rung)]
    reply = Reply(status=200, headers=(), body=b"", at_s=1.0, value={"result_code": 0, "uuids": uuids})
    intent = Intent(probe="reply/plain-call", expect="accept", terminals=said)
    exchange = Exchange(id="a.1", scenario="a", title="a", intent=intent, sent_at_s=1.0, reply=reply)
    return Seen(exchange=exchange, reply=reply, features=(), answer=None)
