"""`conformance server`: options to the engine, the result to stdout, the report to its folder."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import jsonschema_rs
import pytest

from basix_contract.cli import _conformance
from basix_contract.errors import HarnessError, TargetUnreachable
from basix_contract.report import report_schema
from basix_contract.suite import RunResult, ServerOptions
from tests.cli.conftest import ROOT, Command, environment
from tests.report.runs import REPORT_FILES, requirement, run

FAILING = run(
    requirement("CU-148", "fail", check="callback/uuid", detail="foreign", evidence=("callback.1",)),
    requirement("CU-010", "observed", level="OBSERVE", detail="HTTP 200"),
    verdict="does-not-conform",
    exit_code=1,
    reason="1 requirement fails",
)


GIVEN = ("--target", "http://127.0.0.1:1")
OWN = ("--profile", "my.toml")


class Engine:
    """Stands for the engine: remembers what it was asked, and gives the result it is told to give."""

    def __init__(self) -> None:
        self.asked: list[ServerOptions] = []
        self.ends_with: RunResult | Exception = FAILING

    def __call__(self, options: ServerOptions) -> RunResult:
        """Note the options, and end as told."""
        assert options.tell is not None, "a run may have something to say on the way"
        self.asked.append(dataclasses.replace(options, tell=None))
        if isinstance(self.ends_with, Exception):
            raise self.ends_with
        return self.ends_with


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Engine:
    """An engine that plays nothing, in an empty folder."""
    engine = Engine()
    monkeypatch.setattr(_conformance, "run_server", engine)
    monkeypatch.chdir(tmp_path)
    return engine


def test_the_result_is_the_exit_code_and_the_summary(engine: Engine, command: Command) -> None:
    """The command ends with the run's exit code; its summary, with the files' places, is all of stdout."""
    ended = command("conformance", "server")

    assert (ended.code, ended.err) == (1, "")
    assert ended.out.startswith("does-not-conform · contract 1.0.0")
    assert ended.out.endswith("does-not-conform · exit code 1: 1 requirement fails\n")
    assert "report.json, junit.xml" in ended.out
    assert engine.asked == [ServerOptions()]


def test_the_report_is_written_where_it_is_asked_for(engine: Engine, command: Command) -> None:
    """The files stand in the default folder, or in that of --report; nothing else is left behind."""
    command("conformance", "server")
    command("conformance", "server", "--report", "elsewhere")

    assert engine.asked[1].report == Path("elsewhere")
    assert {path.as_posix() for path in Path().rglob("*") if path.is_file()} == {
        f"{folder}/{name}" for folder in ("build/conformance/server", "elsewhere") for name in REPORT_FILES
    }


def test_options_reach_the_engine(engine: Engine, command: Command) -> None:
    """Every option arrives as it was given; --only may be repeated."""
    command(
        *("conformance", "server", "--target", "http://127.0.0.1:1/api", "--profile", "my.toml", "--seed", "-3"),
        *("--only", "CU-001", "--only", "CU-148", "--max-calls", "9", "--report", "r"),
        *("--known-failing", "known.toml", "--live", "--resume", "old.ndjson"),
    )

    assert engine.asked == [
        ServerOptions(
            target="http://127.0.0.1:1/api",
            profile=Path("my.toml"),
            seed=-3,
            report=Path("r"),
            only=("CU-001", "CU-148"),
            max_calls=9,
            known_failing=Path("known.toml"),
            live=True,
            resume=Path("old.ndjson"),
        )
    ]


def test_a_resumed_run_keeps_the_journal_it_begins_with(engine: Engine, command: Command) -> None:
    """A run is not resumed into the folder of its own journal: cut short again, it would forget what it has sent."""
    Path("r").mkdir()
    Path("r/journal.ndjson").write_text("what was sent", "utf-8")

    ended = command("conformance", "server", "--resume", "r/../r/journal.ndjson", "--report", "r")

    assert (ended.code, ended.out) == (2, "")
    assert "--report: the new journal would overwrite the one it begins with (choose another folder)" in ended.err
    assert engine.asked == []
    assert Path("r/journal.ndjson").read_text("utf-8") == "what was sent"


def test_a_flag_wins_over_the_environment(engine: Engine, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """BASIX_ variables stand for options that are not given; no variable stands for --live."""
    for name, value in {
        "TARGET": "http://127.0.0.1:1",
        "PROFILE": "env.toml",
        "SEED": "5",
        "MAX_CALLS": "7",
        "LIVE": "1",
    }.items():
        monkeypatch.setenv(f"BASIX_{name}", value)

    command("conformance", "server", "--seed", "6")

    assert engine.asked == [ServerOptions(target="http://127.0.0.1:1", profile=Path("env.toml"), seed=6, max_calls=7)]


def test_json_is_all_of_stdout(engine: Engine, command: Command) -> None:
    """With --json stdout is report.json to the byte, and stderr has the verdict on one line."""
    ended = command("conformance", "server", "--json")

    assert len(engine.asked) == 1
    assert ended.code == 1
    assert ended.out == Path("build/conformance/server/report.json").read_text("utf-8")
    jsonschema_rs.validator_for(report_schema()).validate(json.loads(ended.out))
    assert ended.err == "does-not-conform · exit code 1: 1 requirement fails\n"


def test_verbose_lists_what_was_observed(engine: Engine, command: Command) -> None:
    """Open points are listed with --verbose only."""
    assert "HTTP 200" not in command("conformance", "server").out
    assert "CU-010  Something holds. HTTP 200" in command("conformance", "server", "--verbose").out
    assert len(engine.asked) == 2


def test_a_person_is_told_what_is_going_on(engine: Engine, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal stderr says at once what is being played against."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

    Path("my.toml").write_text('[target]\nbase_url = "http://127.0.0.1:2"', "utf-8")
    told = [command("conformance", "server", *tokens).err for tokens in ((), GIVEN, OWN, (*OWN, *GIVEN))]

    places = ("the embedded mock PBX", "http://127.0.0.1:1", "http://127.0.0.1:2", "http://127.0.0.1:1")
    assert [line.partition("\r")[0] for line in told] == [f"playing against {place} …\n" for place in places]
    assert len(engine.asked) == 4


@pytest.mark.parametrize(("error", "code"), [(TargetUnreachable("no listener"), 3), (HarnessError("our fault"), 5)])
def test_an_engine_that_gives_up_is_one_line(engine: Engine, command: Command, error: Exception, code: int) -> None:
    """A run that cannot be judged leaves no report, one line and its exit code."""
    engine.ends_with = error

    ended = command("conformance", "server")

    assert (ended.code, ended.out, ended.err) == (code, "", f"basix-contract: {error}\n")
    assert list(Path().rglob("*")) == []


def test_a_report_that_cannot_be_written_takes_nothing_away(engine: Engine, command: Command) -> None:
    """Where a file of the report cannot be written, the result is shown all the same, and the exit code is 2."""
    Path("r/report.json").mkdir(parents=True)

    ended = command("conformance", "server", "--report", "r")

    assert len(engine.asked) == 1
    assert ended.code == 2
    assert ended.out.endswith("does-not-conform · exit code 1: 1 requirement fails\n")
    assert ended.err.startswith("basix-contract: r/report.json: the report cannot be written: Is a directory")


# ── the engine itself ──


@pytest.fixture(scope="module")
def whole_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[bytes], Path]:
    """One run of the real command against the embedded mock PBX, in an empty folder."""
    folder = tmp_path_factory.mktemp("run")
    ended = subprocess.run(
        [sys.executable, "-m", "basix_contract", "conformance", "server"],
        cwd=folder,
        env=environment(PYTHONIOENCODING="ascii"),
        capture_output=True,
        timeout=120,
        check=False,
    )
    return ended, folder


def test_the_mock_pbx_conforms(whole_run: tuple[subprocess.CompletedProcess[bytes], Path]) -> None:
    """Without a target the kit plays its own mock PBX, which conforms; ASCII is enough to say so."""
    ended, _ = whole_run

    assert ended.returncode == 0
    assert all(b" scenarios - " in line for line in ended.stderr.splitlines()), "nothing but where a slow run stands"
    text = ended.stdout.decode("ascii")
    assert text.startswith("conforms - contract 1.0.0 - ")
    for example in (1, 2, 3, 5, 6):
        assert f"example {example}" in text
    assert "exit code 0: everything that was scored passes" in text


def test_the_readme_shows_such_a_run(whole_run: tuple[subprocess.CompletedProcess[bytes], Path]) -> None:
    """The run at the top of the README is one of today: the same scenarios, about as many requests and seconds."""
    _, folder = whole_run
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    report = json.loads((folder / "build" / "conformance" / "server" / "report.json").read_bytes())
    duration_s = float(re.findall(r"· seed 0 · ([\d.]+) s$", readme, re.MULTILINE)[0])
    ((executed, planned, sent, placed),) = re.findall(
        r"^played  (\d+) of (\d+) scenarios, (\d+) requests sent, (\d+) calls placed$", readme, re.MULTILINE
    )

    assert (int(executed), int(planned)) == (report["executed"], report["planned"])
    assert int(sent) == pytest.approx(report["requests_sent"], rel=0.1)
    assert int(placed) == pytest.approx(report["calls_placed"], rel=0.1)
    # A machine that is busy with other tests takes several times as long.
    assert report["duration_s"] / 10 <= duration_s <= report["duration_s"] * 3


def test_a_run_leaves_its_report_and_nothing_else(
    whole_run: tuple[subprocess.CompletedProcess[bytes], Path],
) -> None:
    """Report, JUnit file and journal are all that a run leaves, and the report keeps its schema."""
    _, folder = whole_run
    report = folder / "build" / "conformance" / "server"

    files = sorted(path for path in folder.rglob("*") if path.is_file())
    assert {path.name for path in files} == REPORT_FILES | {"journal.ndjson"}
    jsonschema_rs.validator_for(report_schema()).validate(json.loads((report / "report.json").read_bytes()))


def test_a_target_elsewhere_is_refused(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A target that is not on this machine is refused before anything is sent."""
    monkeypatch.chdir(tmp_path)
    profile = ROOT / "conformance" / "profiles" / "mock.toml"

    ended = command("conformance", "server", "--target", "https://pbx.example/api", "--profile", str(profile))

    assert (ended.code, ended.out) == (2, "")
    assert "pbx.example is not this machine" in ended.err
    assert ended.err.count("\n") == 1


def test_one_requirement_alone(command: Command, tmp_path: Path) -> None:
    """--only plays what a requirement needs; all else is disabled, and the run is partial with exit code 0."""
    ended = command("conformance", "server", "--only", "CU-004", "--report", str(tmp_path))

    assert ended.code == 0
    assert ended.out.startswith("partial · contract 1.0.0 · 1/1 MUST · disabled: ")


def test_ctrl_c_is_exit_130_and_the_report_is_written(tmp_path: Path) -> None:
    """Ctrl-C ends a run in good order: what was seen is judged and reported, and the journal says the same."""
    run = subprocess.Popen(
        [sys.executable, "-m", "basix_contract", "conformance", "server"],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    report = tmp_path / "build" / "conformance" / "server"
    wait_until_replies_come(run, report / "journal.ndjson")
    run.send_signal(signal.SIGINT)
    out, err = run.communicate(timeout=60)

    assert (run.returncode, err) == (130, "")
    assert out.rstrip().splitlines()[-1].endswith("exit code 130: interrupted")
    assert json.loads((report / "report.json").read_bytes())["ending"] == "interrupted"
    assert (report / "junit.xml").exists()
    again = subprocess.run(
        [sys.executable, "-m", "basix_contract", "verify", str(report / "journal.ndjson")],
        env=environment(),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert again.returncode == 130


def wait_until_replies_come(run: subprocess.Popen[str], journal: Path) -> None:
    """Wait until a run has been answered ten times, or has ended by itself."""
    while run.poll() is None:
        if journal.exists() and journal.read_bytes().count(b'"event": "reply"') > 10:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            run.wait(0.01)
