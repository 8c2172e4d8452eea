"""`bundle`, `claim` and `verify` of a bundle: evidence travels, is judged elsewhere, and cannot be bent unseen."""

from __future__ import annotations

import io
import json
import stat
import sys
import zipfile
from pathlib import Path

import pytest

from basix_contract.mock import MockServer, Settings
from basix_contract.profile import load_profile
from basix_contract.report import render_json
from basix_contract.suite import ClientOptions, RunResult, ServerOptions, run_client, run_server, shipped_profile
from tests.cli.conftest import Command
from tests.suite.planted import PLANTED, TALKATIVE, found_in

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def partial(tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    """A run of one requirement."""
    return run_server(ServerOptions(report=tmp_path_factory.mktemp("partial"), only=("CU-004",)))


@pytest.fixture(scope="module")
def complete(tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    """A whole run, against the kit's own client."""
    command = (sys.executable, str(ROOT / "conformance" / "adapters" / "python" / "adapter.py"))
    return run_client(ClientOptions(command=command, report=tmp_path_factory.mktemp("complete")))


@pytest.fixture(autouse=True)
def empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty folder to stand in."""
    monkeypatch.chdir(tmp_path)


def test_the_evidence_of_a_run_is_one_file(command: Command, partial: RunResult) -> None:
    """`bundle` writes beside the journal unless told where, says what is in it and whether it bears a claim."""
    folder = partial.journal.parent

    beside = command("bundle", str(folder))
    elsewhere = command("bundle", str(partial.journal), "-o", "deep/monday.zip")

    assert (beside.code, elsewhere.code, beside.err, elsewhere.err) == (0, 0, "", "")
    assert Path("deep/monday.zip").read_bytes() == (folder / "evidence.zip").read_bytes()
    reports = "badge.json, badge.svg, journal.ndjson, junit.xml, profile.json, report.html, report.json, run.json"
    assert reports in beside.out
    assert "no claim can be made from it: the kit was played against its own mock PBX" in beside.out


def test_a_bundle_is_judged_as_its_run_was(command: Command, partial: RunResult) -> None:
    """`verify` says the same of a bundle as of the journal in it, and that nothing was altered."""
    command("bundle", str(partial.journal), "-o", "e.zip")

    of_bundle = command("verify", "e.zip", "--json", "--report", "again")
    of_journal = command("verify", str(partial.journal), "--json")

    assert of_bundle.code == of_journal.code == partial.exit_code == 0
    assert of_bundle.out == of_journal.out
    assert "unaltered: e.zip is as it was made, sha256 " in of_bundle.err
    assert Path("again/report.json").read_text("utf-8") == of_bundle.out
    assert "report  .: e.zip\n" in command("verify", "e.zip").out


def test_a_bundle_is_judged_anywhere(command: Command, process: Command, partial: RunResult, tmp_path: Path) -> None:
    """Read-only, in another folder, with another HOME and another language, the verdicts are the same."""
    command("bundle", str(partial.journal), "-o", "e.zip")
    here = command("verify", "e.zip", "--json")
    place = tmp_path / "far away"
    place.mkdir()
    bundle = place / "é.zip"
    bundle.write_bytes(Path("e.zip").read_bytes())
    bundle.chmod(stat.S_IRUSR)
    place.chmod(stat.S_IRUSR | stat.S_IXUSR)
    code = (
        "import os, sys; os.environ.update(HOME='/nowhere', TZ='Asia/Tokyo', LC_ALL='C'); os.chdir('/');"
        "from basix_contract.cli import main; main(sys.argv[1:])"
    )

    there = process("verify", str(bundle), "--json", code=code)

    assert there.code == here.code
    assert json.loads(there.out) == json.loads(here.out)
    assert "unaltered" in there.err


@pytest.mark.parametrize(
    "tokens", [("verify",), ("diff", "e.zip"), ("claim", "--implementation", "A", "--version", "1")]
)
def test_an_altered_bundle_ends_with_seven(command: Command, partial: RunResult, tokens: tuple[str, ...]) -> None:
    """Whoever is given an altered bundle says what was altered, and nothing of what is in it."""
    command("bundle", str(partial.journal), "-o", "e.zip")
    raw = Path("e.zip").read_bytes()
    at = raw.index(b"journal.ndjson", 2_000) + 200
    Path("bad.zip").write_bytes(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])

    ended = command(*tokens, "bad.zip")

    assert (ended.code, ended.out) == (7, "")
    assert ended.err.startswith("basix-contract: bad.zip: this bundle was altered after it was made: ")
    assert not Path("claim.json").exists()


def test_a_claim_is_made_from_a_complete_run(command: Command, complete: RunResult) -> None:
    """The claim of a whole run names what was tested and what came of it, and its evidence bears it out."""
    command("bundle", str(complete.journal.parent), "-o", "e.zip")

    made = command(
        "claim", "e.zip", "--implementation", "Acme client", "--version", "4.2", "--url", "https://acme.example"
    )
    held = command("verify", "e.zip", "--claim", "claim.json")

    claim = json.loads(Path("claim.json").read_text("utf-8"))
    assert (made.code, made.err, held.code) == (0, "", complete.exit_code)
    assert "Acme client 4.2, client: conforms · contract " in made.out
    assert claim["MUST"]["passed"] == claim["MUST"]["scored"] > 20
    assert claim["url"] == "https://acme.example"


def test_a_claim_that_says_more_than_its_evidence_is_found_out(command: Command, complete: RunResult) -> None:
    """A claim whose scores were bettered, or that belongs to another run, ends `verify` with 7."""
    command("bundle", str(complete.journal.parent), "-o", "e.zip")
    command("claim", "e.zip", "--implementation", "Acme client", "--version", "4.2")
    claim = json.loads(Path("claim.json").read_text("utf-8"))
    claim["SHOULD"]["scored"] += 1
    Path("claim.json").write_text(json.dumps(claim), "utf-8")

    ended = command("verify", "e.zip", "--claim", "claim.json")

    assert ended.code == 7
    assert "the claim says otherwise of SHOULD" in ended.err


def test_a_run_that_is_not_complete_bears_no_claim(command: Command, partial: RunResult) -> None:
    """From a partial run nothing is claimed: exit code 6, the reason, and no file."""
    command("bundle", str(partial.journal), "-o", "e.zip")

    ended = command("claim", "e.zip", "--implementation", "Acme PBX", "--version", "4.2")

    assert (ended.code, ended.out) == (6, "")
    assert "e.zip: no claim can be made from this run: " in ended.err
    assert not Path("claim.json").exists()


def test_what_is_asked_wrongly_is_named(command: Command, partial: RunResult) -> None:
    """A nameless claim, a claim beside a journal, places that cannot be written: exit code 2 and what to do."""
    command("bundle", str(partial.journal), "-o", "e.zip")
    journal = str(partial.journal)
    cases = {
        ("claim", "e.zip", "--implementation", " ", "--version", "1"): "a claim names its implementation",
        ("verify", journal, "--claim", "claim.json"): "a claim is held against a bundle",
        ("bundle", journal, "-o", journal): "the bundle would overwrite its journal",
        ("bundle", "nothing-here"): "the journal cannot be read",
        ("claim", "missing.zip", "--implementation", "A", "--version", "1"): "the bundle cannot be read",
    }

    for tokens, said in cases.items():
        ended = command(*tokens)
        assert (ended.code, ended.out) == (2, ""), tokens
        assert said in ended.err


def test_a_claim_that_cannot_be_written_is_told(command: Command, complete: RunResult) -> None:
    """Where the claim's place is a folder, that is said."""
    command("bundle", str(complete.journal.parent), "-o", "e.zip")
    Path("there").mkdir()

    ended = command("claim", "e.zip", "--implementation", "A", "--version", "1", "-o", "there")

    assert ended.code == 2
    assert "there: the claim cannot be written" in ended.err


# ── secrets ──


def test_no_planted_value_is_found_in_a_bundle(command: Command, tmp_path: Path) -> None:
    """Token, domain, e-mail, numbers and names are in no byte of the bundle and of its members, in no encoding."""
    profile = tmp_path / "planted.toml"
    profile.write_text(PLANTED, "utf-8")
    with MockServer(load_profile(profile), defects=(TALKATIVE,)) as pbx:
        given = ServerOptions(target=pbx.base_url, profile=profile, report=tmp_path / "r", only=("CU-004", "CU-148"))
        result = run_server(given)
    assert result.requests_sent > 20

    command("bundle", str(tmp_path / "r"), "-o", "e.zip")

    raw = Path("e.zip").read_bytes()
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        members = [archive.read(name) for name in archive.namelist()]
    assert found_in(raw) == []
    assert [found for member in members for found in found_in(member)] == []
    assert b"redacted_users_0_email" in raw


# ── behaviour ──


def test_what_was_seen_is_told_and_played(command: Command, partial: RunResult) -> None:
    """`observe` tells how a server behaved, to stdout or into a file that `mock --like` behaves by."""
    command("bundle", str(partial.journal), "-o", "e.zip")

    told = command("observe", str(partial.journal.parent))
    kept = command("observe", "e.zip", "-o", "like.toml")

    assert (told.code, kept.code) == (0, 0)
    assert Path("like.toml").read_text("utf-8") == told.out
    assert kept.out == "like.toml\nbasix-contract mock --like like.toml behaves like that\n"
    assert '    "user_id known",\n' in told.out


def test_runs_are_compared_by_behaviour_too(command: Command, partial: RunResult, tmp_path: Path) -> None:
    """`diff` says what two servers do differently; where one file does not tell, it says nothing of it."""
    command("bundle", str(partial.journal), "-o", "e.zip")
    loud = Settings(uuid_case="upper")
    with MockServer(load_profile(shipped_profile()), settings=loud) as pbx:
        given = ServerOptions(target=pbx.base_url, profile=shipped_profile(), report=tmp_path / "o", only=("CU-004",))
        other = run_server(given)
    both = ("diff", "e.zip", str(other.journal))

    text, document = command(*both), json.loads(command(*both, "--json").out)
    Path("r.json").write_bytes(render_json(other))
    report_only = command("diff", "e.zip", "r.json", "--json")

    assert text.code == 0
    assert json.loads(report_only.out)["behaviour"] is None
    assert document["behaviour"] == [{"aspect": "reply: uuid case", "before": "lower", "after": "upper"}]
    assert "\nBehaves differently\n  reply: uuid case\n      before  lower\n      after   upper\n" in text.out
    assert text.out.rstrip().endswith("nothing got worse: 1 in behaviour")
