"""`verify`, `replay` and `diff`: what a run has left is judged, played and compared again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from basix_contract.contract import load_ledger
from basix_contract.mock import DEFECTS, MockServer
from basix_contract.profile import load_profile
from basix_contract.suite import RunResult, ServerOptions, run_server
from tests.cli.conftest import Command, Ended
from tests.report.runs import REPORT_FILES
from tests.suite.profiles import thin_profile

TOKEN = "mock-token-3fK9"
# A fault that breaks one requirement, which a request of its own shows.
CHECK = "auth/wrong-token"
BROKEN = load_ledger().requirement_of(CHECK).id
DEFECT = next(defect.id for defect in DEFECTS.values() if defect.kills == CHECK)
ROWS = ("CU-004", "CU-148", BROKEN)


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A profile of one user and one number, with patience for a slow machine."""
    folder = tmp_path_factory.mktemp("profile")
    return thin_profile(folder, reply_timeout_s="reply_timeout_s = 10.0", grace_s="grace_s = 1.0")


@pytest.fixture(scope="module")
def pbx(profile: Path) -> Iterator[MockServer]:
    """A mock PBX to be played as a given target."""
    with MockServer(load_profile(profile)) as server:
        yield server


@pytest.fixture(scope="module")
def played(profile: Path, pbx: MockServer, tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    """A run against that PBX."""
    report = tmp_path_factory.mktemp("run")
    return run_server(ServerOptions(target=pbx.base_url, profile=profile, report=report, only=ROWS))


@pytest.fixture(autouse=True)
def empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty folder to stand in."""
    monkeypatch.chdir(tmp_path)


# ── verify ──


@pytest.mark.parametrize(
    ("rows", "tokens", "code"),
    [((), (), 6), (("--only", "CU-004"), ("--json",), 0), (("--only", "CU-004"), ("--verbose",), 0)],
)
def test_a_run_judged_again_says_the_same(
    command: Command, profile: Path, rows: tuple[str, ...], tokens: tuple[str, ...], code: int
) -> None:
    """`verify` ends with the run's exit code and shows what it showed, to the byte, report files included."""
    run = command("conformance", "server", "--profile", str(profile), "--report", "r", *rows, *tokens)
    files = {path: path.read_bytes() for path in Path("r").iterdir()}

    again = command("verify", "r/journal.ndjson", "--report", "r", *tokens)

    assert run.code == again.code == code
    assert (again.out, again.err) == (run.out, run.err)
    assert {path: path.read_bytes() for path in Path("r").iterdir()} == files


def test_verify_writes_nothing_unasked(command: Command, played: RunResult) -> None:
    """Without --report there is the summary alone, and no file anywhere."""
    ended = command("verify", str(played.journal))

    assert (ended.code, ended.err) == (0, "")
    assert f"report  {played.journal.parent}: journal.ndjson\n" in ended.out
    assert list(Path().iterdir()) == []


def test_a_report_that_cannot_be_written_takes_nothing_away(command: Command, played: RunResult) -> None:
    """Where the folder is a file, the result is shown all the same, and then what was wrong."""
    Path("r").write_text("", "utf-8")

    ended = command("verify", str(played.journal), "--report", "r")

    assert ended.code == 2
    assert "exit code 0: everything that was scored passes" in ended.out
    assert (
        ended.err
        == "basix-contract: r: the report cannot be written: File exists (choose another folder with --report)\n"
    )


# ── replay ──


def replayed(command: Command, played: RunResult, name: str, *tokens: str) -> Ended:
    """What `replay` says of one exchange of the run."""
    return command("replay", name, "--journal", str(played.journal), *tokens)


def test_a_replay_goes_where_the_run_went(command: Command, played: RunResult, profile: Path, pbx: MockServer) -> None:
    """Without a target the journal's is called again, from the profile; the credentials are nowhere in what is told."""
    before = len(pbx.calls)

    ended = replayed(command, played, "reply/plain-call.1", "--profile", str(profile))

    assert (ended.code, ended.err) == (0, "")
    assert len(pbx.calls) == before + 1
    assert ended.out.startswith(
        f"replayed against {pbx.base_url}, seed 0\n\nreply/plain-call.1  a plain call\n  → POST "
    )
    assert "pass (it was pass) CU-004 MUST" in ended.out
    assert f"curl -sS -X POST {pbx.base_url}/call_user -u DOMAIN:TOKEN -H" in ended.out
    assert not any(secret in ended.out for secret in (TOKEN, "acme.example", "0312341234"))


def test_a_replay_leaves_its_own_report(command: Command, played: RunResult, profile: Path) -> None:
    """Report and journal of a replay stand in their own folder; the journal that was read stays as it was."""
    before = played.journal.read_bytes()

    ended = replayed(command, played, "reply/plain-call.1", "--profile", str(profile), "--json")

    assert {path.as_posix() for path in Path().rglob("*") if path.is_file()} == {
        f"build/conformance/replay/{name}" for name in REPORT_FILES | {"journal.ndjson"}
    }
    assert ended.out == Path("build/conformance/replay/report.json").read_text("utf-8")
    assert ended.err == "partial · exit code 0: everything that was scored passes\n"
    assert played.journal.read_bytes() == before


def test_a_control_is_played_before_its_case(command: Command, played: RunResult, profile: Path) -> None:
    """A refusal is replayed with the good call beside it, which differs in one thing."""
    case = next(exchange for exchange in played.history.exchanges if exchange.id == "auth/wrong-token.1")

    ended = replayed(command, played, case.id, "--profile", str(profile))

    assert ended.code == 0
    assert ended.out.index(f"{case.intent.control}  ") < ended.out.index(f"\n{case.id}  a wrong token\n")
    assert "(put in what it was sent with in place of DOMAIN:TOKEN: a wrong token)" in ended.out


def test_a_callback_leads_to_its_exchange(command: Command, played: RunResult, profile: Path) -> None:
    """Evidence that names a callback is replayed by the call it came of."""
    known = {exchange.id for exchange in played.history.exchanges}
    owner, seen = next(found for found in played.history.callbacks() if found[1].id not in known)

    ended = replayed(command, played, seen.id, "--profile", str(profile))

    assert f"\n{owner.id}  " in ended.out
    assert "  ⇐ POST " in ended.out


def test_a_profile_with_a_target_goes_there(command: Command, played: RunResult, tmp_path: Path) -> None:
    """The profile's own target wins over the journal's, and a given one over both."""
    text = thin_profile(tmp_path, reply_timeout_s="reply_timeout_s = 10.0").read_text("utf-8")
    with MockServer(load_profile("thin.toml")) as other:
        Path("other.toml").write_text(text.replace("[target]", f'[target]\nbase_url = "{other.base_url}"'), "utf-8")

        assert replayed(command, played, "reply/plain-call.1", "--profile", "other.toml").code == 0
        assert replayed(
            command, played, "reply/plain-call.1", "--profile", "thin.toml", "--target", other.base_url
        ).code == 0  # fmt: skip

        assert len(other.calls) == 2


def test_the_embedded_mock_is_replayed_by_another(command: Command) -> None:
    """A run of the embedded mock PBX needs neither target nor profile to be replayed."""
    command("conformance", "server", "--only", "CU-004")

    ended = command("replay", "reply/plain-call.1")

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("replayed against the embedded mock PBX, seed 0\n")


def test_a_replay_that_fails_says_what_was(command: Command, profile: Path) -> None:
    """Where the fault is still there, the verdict is fail as it was, and the exit code 1."""
    with MockServer(load_profile(profile), defects=(DEFECT,)) as pbx:
        given = ("--target", pbx.base_url, "--profile", str(profile))
        run = command("conformance", "server", *given, "--only", BROKEN, "--report", "r", "--json")
        row = next(row for row in json.loads(run.out)["requirements"] if row["verdict"] == "fail")
        evidence = row["checks"][0]["evidence"][0]

        ended = command("replay", evidence, "--journal", "r/journal.ndjson", *given)

    assert (run.code, ended.code) == (1, 1)
    assert row["id"] == BROKEN
    assert f"fail (it was fail) {BROKEN}" in ended.out


@pytest.mark.parametrize(
    ("tokens", "line"),
    [
        (("nope",), "the journal holds no exchange 'nope'"),
        (("reply/plain-cal.1",), "did you mean reply/plain-call.1"),
    ],
)
def test_an_exchange_that_is_not_there_is_named(
    command: Command, played: RunResult, profile: Path, tokens: tuple[str, ...], line: str
) -> None:
    """An exchange that the journal does not hold ends with 2, and with those that are spelt alike."""
    ended = replayed(command, played, *tokens, "--profile", str(profile))

    assert (ended.code, ended.out) == (2, "")
    assert line in ended.err


def test_a_given_target_is_replayed_from_a_profile_only(command: Command, played: RunResult) -> None:
    """Without a profile the run of a given target is not replayed on the embedded mock PBX instead."""
    ended = replayed(command, played, "reply/plain-call.1")

    assert (ended.code, ended.out) == (2, "")
    assert "a given target is played from a profile only (add --profile FILE)" in ended.err


def test_a_replay_never_overwrites_what_it_reads(command: Command, played: RunResult) -> None:
    """A report folder that is the journal's own is refused before anything is sent or written."""
    before = played.journal.read_bytes()

    ended = replayed(command, played, "reply/plain-call.1", "--report", str(played.journal.parent))

    assert (ended.code, ended.out) == (2, "")
    assert "--report: the new journal would overwrite the one it begins with (choose another folder)" in ended.err
    assert played.journal.read_bytes() == before


# ── diff ──


def test_two_runs_are_compared(command: Command, played: RunResult, profile: Path) -> None:
    """`diff` ends with 0 where nothing got worse, and with 1 and the new failures where something did."""
    with MockServer(load_profile(profile), defects=(DEFECT,)) as pbx:
        given = ("--target", pbx.base_url, "--profile", str(profile), "--only", "CU-004", "--only", BROKEN)
        command("conformance", "server", *given, "--report", "worse")

    worse = command("diff", str(played.journal), "worse")
    better = command("diff", "worse/journal.ndjson", str(played.journal))
    same = command("diff", "worse/report.json", "worse/journal.ndjson")

    assert (worse.code, better.code, same.code) == (1, 0, 0)
    assert f"\nNew failures\n  pass → fail {BROKEN} " in worse.out
    assert worse.out.rstrip().splitlines()[-1].startswith("something got worse: 1 new-failure")
    assert f"\nFixed\n  fail → pass {BROKEN} " in better.out
    assert f"\nStill failing\n  fail {BROKEN} " in same.out
    assert same.out.rstrip().endswith("nothing got worse: 1 still-failing")
    assert (worse.err, better.err, same.err) == ("", "", "")


def test_a_comparison_is_json_too(command: Command, played: RunResult) -> None:
    """With --json the comparison is one JSON document."""
    ended = command("diff", str(played.journal), str(played.journal), "--json")

    assert ended.code == 0
    assert json.loads(ended.out)["has_worsened"] is False
