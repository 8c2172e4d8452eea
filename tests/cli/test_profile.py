"""`profile init`, `profile check` and `profile schema`: who may ring is written, looked at and described."""

from __future__ import annotations

import json
import os
import pty
import stat
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import jsonschema_rs
import pytest

from basix_contract.profile import Destination, Limits, Target, User, load_profile
from basix_contract.suite import shipped_profile
from tests.cli.conftest import Command, Ended, environment

INIT = ("profile", "init", "my.toml")
Asked = Callable[..., Ended]


@pytest.fixture(autouse=True)
def empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty folder to stand in."""
    monkeypatch.chdir(tmp_path)


class Terminal(StringIO):
    """A terminal at which these lines are typed, and then no more."""

    def isatty(self) -> bool:
        """Whether it passes for a terminal."""
        return True


@pytest.fixture
def asked(command: Command, monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Run `profile init` with somebody at the terminal who gives these answers."""

    def run(*answers: str, tokens: tuple[str, ...] = INIT) -> Ended:
        monkeypatch.setattr(sys, "stdin", Terminal("".join(f"{answer}\n" for answer in answers)))
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
        return command(*tokens)

    return run


# ── init, with options ──


def test_a_profile_is_written_from_options(command: Command) -> None:
    """Options become the profile, types included; only its owner can read the file."""
    ended = command(
        *INIT,
        *("--base-url", "http://127.0.0.1:8090/basix/api", "--domain", "acme.example", "--token-env", "MY_TOKEN"),
        *("--user", "id=10001001, label=Jessica, front desk,extension=2001,outcome_after_s=0.5,groups=sales+support"),
        *("--user", "name=nora,outcome=never-answers,terminals=2,auto_answer=true"),
        *("--group", "name=sales,kind=CALL_CENTER", "--group", "name=support"),
        *("--destination", "value=0312341234,ends_by_itself=true", "--destination", "value=2001,kind=extension"),
        *("--max-calls", "40"),
    )

    assert (ended.code, ended.err) == (0, "")
    assert ended.out == "written: my.toml\nnext: basix-contract profile check my.toml\n"
    assert stat.S_IMODE(Path("my.toml").stat().st_mode) == 0o600
    profile = load_profile("my.toml")
    assert profile.target == Target(
        base_url="http://127.0.0.1:8090/basix/api", domain="acme.example", token_env="MY_TOKEN"
    )
    assert profile.limits == Limits(max_calls=40)
    assert profile.users == (
        User(
            id=10001001,
            label="Jessica, front desk",
            extension="2001",
            outcome_after_s=0.5,
            groups=("sales", "support"),
        ),
        User(name="nora", outcome="never-answers", terminals=2, auto_answer=True),
    )
    assert [(group.name, group.kind) for group in profile.groups] == [("sales", "CALL_CENTER"), ("support", "ring")]
    assert profile.destinations == (
        Destination(value="0312341234", ends_by_itself=True),
        Destination(value="2001", kind="extension"),
    )


def test_a_profile_can_begin_empty(command: Command) -> None:
    """Without options and nobody to ask there is a profile to be filled in, and what it lacks is told."""
    ended = command(*INIT)

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("written: my.toml\n")
    assert ended.out.endswith("next: basix-contract profile check my.toml\n")
    assert "error   users: " in ended.out
    assert "advice" not in ended.out
    assert load_profile("my.toml").target.token_env == "BASIX_API_TOKEN"


def test_a_file_is_never_overwritten_unasked(command: Command) -> None:
    """A file that is there stays as it is, unless --force says otherwise."""
    Path("my.toml").write_text("mine", "utf-8")

    refused = command(*INIT)
    kept = Path("my.toml").read_text("utf-8")
    forced = command(*INIT, "--force", "--user", "name=jessica")

    assert (refused.code, refused.out) == (2, "")
    assert refused.err == "basix-contract: my.toml: there is such a file already (choose another, or give --force)\n"
    assert kept == "mine"
    assert forced.code == 0
    assert [user.name for user in load_profile("my.toml").users] == ["jessica"]


def test_a_link_that_leads_nowhere_is_not_followed(command: Command) -> None:
    """A dangling link is a file that somebody meant to have: it is not written through."""
    Path("my.toml").symlink_to("elsewhere.toml")

    ended = command(*INIT)

    assert ended.code == 2
    assert "my.toml: there is such a file already" in ended.err
    assert not Path("elsewhere.toml").exists()


@pytest.mark.parametrize(
    ("tokens", "line"),
    [
        (("--user", "jessica"), "--user: 'jessica' is not KEY=VALUE (write name=jessica,extension=2001)"),
        (("--user", "=jessica"), "--user: '=jessica' is not KEY=VALUE"),
        (("--user", "nmae=jessica"), "my.toml: unknown key users[0].nmae (did you mean users[0].name?)"),
        (("--user", "id=abc"), "id must be a whole number (change id)"),
        (("--user", "name=a,outcome_after_s=soon"), "outcome_after_s must be a number"),
        (("--user", "name=a,auto_answer=yes"), "auto_answer must be true or false"),
        (("--user", "name=a,outcome=sleeps"), "users[0].outcome must be one of 'answers'"),
        (("--destination", "kind=pstn"), "destinations[0].value is missing"),
        (("--base-url", "pbx"), "must begin with http:// or https://"),
        (("--base-url", "https://me:secret@pbx.example/a"), "URL carries credentials"),
        (("--max-calls", "0"), 'Invalid value "0" for --max-calls'),
        (("--token", "abc"), "Unknown option"),
    ],
)
def test_bad_answers_write_nothing(command: Command, tokens: tuple[str, ...], line: str) -> None:
    """A value that is not what its key takes ends with 2 and one line, and there is no file."""
    ended = command(*INIT, *tokens)

    assert (ended.code, ended.out) == (2, "")
    assert line in ended.err
    assert ended.err.count("\n") == 1
    assert not Path("my.toml").exists()


def test_a_place_that_cannot_be_written_is_named(command: Command) -> None:
    """A folder that is not there is named."""
    ended = command("profile", "init", "gone/my.toml")

    assert ended.code == 2
    assert ended.err == "basix-contract: gone/my.toml: the profile cannot be written: No such file or directory\n"


# ── init, with questions ──


def test_a_person_is_asked(asked: Asked) -> None:
    """On a terminal, and without options, each answer becomes part of the profile; an empty line ends a list."""
    ended = asked(
        "http://127.0.0.1:8090/basix/api",
        "acme.example",
        "",
        "id=10001001,name=jessica",
        "name=nora",
        "",
        "value=0312341234",
        "",
    )

    assert ended.code == 0
    assert ended.err.startswith("Base URL of the PBX (empty: the kit's own mock PBX): Domain to sign in with: ")
    assert "Environment variable that holds the API token [BASIX_API_TOKEN]: " in ended.err
    profile = load_profile("my.toml")
    assert (profile.target.base_url, profile.target.domain) == ("http://127.0.0.1:8090/basix/api", "acme.example")
    assert profile.target.token_env == "BASIX_API_TOKEN"
    assert [user.name for user in profile.users] == ["jessica", "nora"]
    assert [place.value for place in profile.destinations] == ["0312341234"]
    assert profile.limits.max_calls is None


def test_a_pbx_elsewhere_gets_a_budget_and_no_consent(asked: Asked) -> None:
    """For a PBX that is not this machine a budget is asked for; token and consent are neither asked nor written."""
    ended = asked(
        "https://pbx.acme.co.jp/basix/api", "acme", "PBX_TOKEN", "name=jessica", "", "value=0312341234", "", "", ""
    )

    assert ended.code == 0
    assert "How many calls may a run place at most [80]: " in ended.err
    profile = load_profile("my.toml")
    assert (profile.target.token_env, profile.target.token) == ("PBX_TOKEN", "")
    assert (profile.limits.max_calls, profile.live.consent) == (80, "")
    assert profile.live.time_zone == "Asia/Tokyo"
    assert "error   live.consent: " in ended.out
    assert "token" not in ended.err.replace("Environment variable that holds the API token", "")


def test_options_are_answers_enough(asked: Asked) -> None:
    """Where there are options nothing is asked, terminal or not."""
    ended = asked(tokens=(*INIT, "--user", "name=jessica"))

    assert (ended.code, ended.err) == (0, "")


@pytest.mark.parametrize("answers", [(), ("", "acme"), ("", "acme", "", "name=jessica")])
def test_questions_left_unanswered_write_nothing(asked: Asked, answers: tuple[str, ...]) -> None:
    """Where the answers end too early nothing is written, and the last line says so."""
    ended = asked(*answers)

    assert (ended.code, ended.out) == (2, "")
    assert ended.err.endswith(
        "\nbasix-contract: the questions were not answered, nothing is written (answer them, or give options)\n"
    )
    assert not Path("my.toml").exists()


def test_a_real_terminal_is_one(tmp_path: Path) -> None:
    """At a terminal the questions come, and Ctrl-C ends them with 130 and without a file."""
    ours, theirs = pty.openpty()
    run = subprocess.Popen(
        [sys.executable, "-m", "basix_contract", *INIT],
        cwd=tmp_path,
        env=environment(),
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=take_terminal,  # noqa: PLW1509 - no threads there
    )
    os.close(theirs)
    shown = b""
    while b"own mock PBX): " not in shown:
        shown += os.read(ours, 1024)
    os.write(ours, b"\x03")

    out, _ = run.communicate(timeout=60)
    os.close(ours)

    assert (run.returncode, out) == (130, b"")
    assert list(tmp_path.iterdir()) == []


def take_terminal() -> None:
    """Make stdin the terminal that this process is controlled by."""
    os.close(os.open(os.ttyname(0), os.O_RDWR))


# ── check ──


def test_a_profile_that_can_be_played_is_0(command: Command) -> None:
    """What the mock PBX is played from is usable: exit code 0, and the last line says so."""
    profile = str(shipped_profile())

    ended = command("profile", "check", profile)

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.endswith(f"{profile}: a run can be played from it\n")


def test_a_profile_to_be_mended_is_2(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each remark has its severity, key and fix, errors first; with an error the exit code is 2."""
    monkeypatch.delenv("TEST_PBX_TOKEN", raising=False)
    command(*INIT, "--domain", "acme", "--token-env", "TEST_PBX_TOKEN", "--user", "name=jessica")

    ended = command("profile", "check", "my.toml", "--target", "https://pbx.acme.co.jp/basix/api")

    assert (ended.code, ended.err) == (2, "")
    assert (
        "error   target.token_env: the environment variable it names is empty\n        set it before the run\n"
    ) in ended.out
    assert "error   live.consent: " in ended.out
    assert "        not testable: CU-" in ended.out
    words = [line.split()[0] for line in ended.out.splitlines() if line[:8].strip() in ("error", "advice")]
    assert words == sorted(words, reverse=True)
    last = ended.out.splitlines()[-1]
    assert last.startswith(f"my.toml: not usable yet, {words.count('error')} to be mended; ")
    assert last.endswith(" requirements stay untested")


def test_the_environment_is_looked_at(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """The token that the profile names is looked for, and never shown."""
    command(*INIT, "--domain", "acme", "--token-env", "TEST_PBX_TOKEN", "--user", "name=jessica")
    monkeypatch.setenv("TEST_PBX_TOKEN", "planted-token")

    ended = command("profile", "check", "my.toml", "--target", "http://127.0.0.1:8090/a")

    assert "token" not in ended.out


def test_remarks_are_json_too(command: Command) -> None:
    """With --json the remarks are one document, and its answer comes first."""
    command(*INIT)

    document = json.loads(command("profile", "check", "my.toml", "--json").out)

    assert document["is_usable"] is False
    assert {"severity", "key", "what", "fix", "rows"} == document["remarks"][0].keys()
    assert document["remarks"][0]["severity"] == "error"


@pytest.mark.parametrize(
    ("tokens", "line"),
    [
        (("gone.toml",), "gone.toml: the profile cannot be read: No such file or directory"),
        (("my.toml", "--target", "pbx"), "must begin with http:// or https://"),
        ((), "Try: basix-contract profile check --help"),
    ],
)
def test_what_cannot_be_checked_is_one_line(command: Command, tokens: tuple[str, ...], line: str) -> None:
    """A file that is not there and a target that is none end with 2 and one line."""
    command(*INIT)

    ended = command("profile", "check", *tokens)

    assert (ended.code, ended.out) == (2, "")
    assert line in ended.err
    assert ended.err.count("\n") == 1


# ── schema ──


def test_the_schema_takes_what_is_shipped(command: Command) -> None:
    """`profile schema` prints a JSON Schema, which takes a profile and refuses an unknown key."""
    ended = command("profile", "schema")

    assert (ended.code, ended.err) == (0, "")
    schema = json.loads(ended.out)
    assert jsonschema_rs.is_valid(schema, {"users": [{"name": "jessica"}]})
    assert not jsonschema_rs.is_valid(schema, {"user": [{"name": "jessica"}]})
