"""`pytest conformance`: the same engine, one item for each requirement."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args
from xml.etree import ElementTree as ET

import pytest

from basix_contract.errors import UsageError
from basix_contract.mock import DEFECTS, MockServer
from basix_contract.profile import load_profile
from basix_contract.suite import ReceiverOptions, ServerOptions, Verdict
from conformance.conftest import OUTCOMES, RESULT, account, pytest_terminal_summary, receiver_options, server_options
from conformance.test_server import REQUIREMENTS
from tests.defects.receivers.application import Application, Incoming, Result, served
from tests.report.runs import REPORT_FILES, requirement, run

ROOT = Path(__file__).parent.parent.parent
PROFILE = ROOT / "conformance" / "profiles" / "mock.toml"


def pytest_face(folder: Path, *options: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the suite in an empty folder with these BASIX_ variables."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BASIX_", "PYTEST_"))}
    given = {f"BASIX_{name}": value for name, value in variables.items()}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-c", str(ROOT / "conformance" / "pytest.ini"), *options],
        cwd=folder,
        env={**kept, **given, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def good_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Path]:
    """The suite against the embedded mock PBX."""
    folder = tmp_path_factory.mktemp("good")
    return pytest_face(folder, str(ROOT / "conformance")), folder


def test_every_requirement_is_an_item(good_run: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    """Against the mock PBX every item passes: the run, each requirement that has checks, each kind of drawn request."""
    ended, _ = good_run

    assert ended.returncode == 0, ended.stdout
    passed = re.search(r"(\d+) passed", ended.stdout)
    assert passed is not None
    assert int(passed[1]) > len(REQUIREMENTS)
    assert "failed" not in ended.stdout
    assert "conforms (exit code 0" in ended.stdout


def test_a_run_leaves_its_report_only(good_run: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    """The suite leaves the report of its one run, and no cache, neither where it runs nor where it is."""
    _, folder = good_run

    left = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    report = "build/conformance/server"
    assert left == sorted(f"{report}/{name}" for name in REPORT_FILES | {"journal.ndjson"})
    assert not (ROOT / "conformance" / ".pytest_cache").exists()
    assert (folder / report / "report.html").stat().st_size <= 2_000_000


def test_a_broken_requirement_is_a_failed_item(tmp_path: Path) -> None:
    """A fault of the target fails its own item, with statement, detail and evidence, and the run's."""
    fault = next(defect.id for defect in DEFECTS.values() if defect.kills == "uuids/distinct")
    with MockServer(load_profile(PROFILE), defects=[fault]) as target:
        ended = pytest_face(
            tmp_path,
            *(str(ROOT / "conformance" / "test_server.py"), "--junitxml", "items.xml"),
            TARGET=target.base_url,
            PROFILE=str(PROFILE),
            REPORT="here",
        )

    assert ended.returncode == 1, ended.stdout
    failed = {row["id"] for row in _rows(tmp_path) if row["verdict"] == "fail"}
    items = ET.parse(tmp_path / "items.xml")  # noqa: S314 - pytest wrote it just now
    assert {_case_id(case) for case in items.iter("testcase") if case.find("failure") is not None} == {
        *failed,
        "test_the_run_conforms",
    }
    (row,) = (row for row in _rows(tmp_path) if row["checks"][0]["id"] == "uuids/distinct")
    assert row["id"] in failed
    assert f"{row['id']} MUST  The uuids of one reply are distinct." in ended.stdout
    assert row["detail"] in ended.stdout
    assert f"basix-contract explain {row['id']}" in ended.stdout
    assert "✗│◀─ 200 · 0 · 2 uuids" in ended.stdout


def _rows(folder: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((folder / "here" / "report.json").read_bytes())["requirements"]
    return rows


def _case_id(case: ET.Element) -> str:
    return str(case.get("name")).removeprefix("test_requirement[").removesuffix("]")


def test_what_keeps_the_engine_from_running_ends_at_once(tmp_path: Path) -> None:
    """A profile that does not exist ends the run with the command line's own line and exit code."""
    ended = pytest_face(tmp_path, str(ROOT / "conformance"), PROFILE="no.toml")

    assert ended.returncode == 2
    assert "basix-contract: no.toml: the profile cannot be read" in ended.stdout


def test_options_come_from_the_environment() -> None:
    """BASIX_ variables are the options of a run; an empty one is as good as none."""
    assert server_options({}) == ServerOptions()
    assert server_options({"BASIX_SEED": "", "BASIX_PROFILE": "", "BASIX_REPORT": ""}) == ServerOptions()
    assert server_options(
        {"BASIX_TARGET": "http://127.0.0.1:1", "BASIX_PROFILE": "p.toml", "BASIX_SEED": "-4", "BASIX_REPORT": "r"}
    ) == ServerOptions(target="http://127.0.0.1:1", profile="p.toml", seed=-4, report=Path("r"))
    with pytest.raises(UsageError, match="BASIX_SEED: 'four' is no whole number"):
        server_options({"BASIX_SEED": "four"})


def test_a_receiver_is_named_in_the_environment() -> None:
    """BASIX_ variables are the options of a receiver's run too; its report is in a folder of its own."""
    assert receiver_options({}) == ReceiverOptions()
    assert receiver_options(
        {
            "BASIX_RECEIVER_URL": "http://127.0.0.1:1/{case}",
            "BASIX_URL_COMMAND": "new",
            "BASIX_OBSERVER_URL": "http://127.0.0.1:2/{case}",
            "BASIX_OBSERVER_COMMAND": "",
            "BASIX_SEED": "7",
            "BASIX_REPORT": "r",
            "BASIX_LIVE": "1",
        }
    ) == ReceiverOptions(
        url="http://127.0.0.1:1/{case}",
        url_command="new",
        observer_url="http://127.0.0.1:2/{case}",
        seed=7,
        report=Path("r", "receiver"),
        live=True,
    )


def test_a_receiver_has_an_item_for_each_requirement(tmp_path: Path) -> None:
    """Each row of the receiver role is an item: a fault fails its own, and what nobody observed is skipped."""
    suite = str(ROOT / "conformance" / "test_receiver.py")
    with served(_Conflicts()) as base:
        ended = pytest_face(tmp_path, suite, RECEIVER_URL=f"{base}/hook/{{case}}")
    unnamed = pytest_face(tmp_path, suite)

    assert ended.returncode == 1, ended.stdout
    assert "CU-411 MUST  An identical repeat of a callback gets a 2xx again." in ended.stdout
    assert "2 failed, 22 passed, 8 skipped" in ended.stdout
    assert "does-not-conform (exit code 1" in ended.stdout
    assert {path.name for path in (tmp_path / "build/conformance/receiver").iterdir()} == REPORT_FILES | {
        "journal.ndjson"
    }
    assert [path.name for path in tmp_path.iterdir()] == ["build"]
    assert (unnamed.returncode, "32 skipped" in unnamed.stdout) == (0, True)


class _Conflicts(Application):
    """Answers a repeat with 409."""

    def take(self, incoming: Incoming, result: Result) -> int:
        return 409 if result in self.held(incoming.case) else super().take(incoming, result)


@pytest.mark.parametrize(
    ("outcome", "verdicts"),
    [
        ("passes", {"pass", "observed", "warn"}),
        ("Failed", {"harness-error", "fail", "fixed-unexpectedly", "ambiguous"}),
        ("Skipped", {"not-testable", "needs-review", "disabled", "not-applicable"}),
        ("XFailed", {"known-failing"}),
    ],
)
def test_a_verdict_has_its_outcome(outcome: str, verdicts: set[Verdict]) -> None:
    """What is broken or unknown fails, what was not tested is skipped, and only what held or is open passes."""
    for verdict in verdicts:
        told = "passes"
        try:
            OUTCOMES[verdict]("why")
        except BaseException as error:  # noqa: BLE001 - pytest's outcomes are no ordinary exceptions
            told = type(error).__name__
        assert told == outcome, verdict


def test_no_verdict_is_without_outcome() -> None:
    """Every verdict of the engine has its outcome in pytest."""
    assert list(OUTCOMES) == list(get_args(Verdict))


class Reporter:
    """Stands for pytest's terminal: keeps what is written."""

    def __init__(self) -> None:
        self.written: list[str] = []

    def section(self, title: str, sep: str) -> None:
        """Write a heading."""
        self.written.append(f"{sep} {title}")

    def line(self, text: str) -> None:
        """Write a line."""
        self.written.append(text)


class Config:
    """Stands for pytest's configuration: keeps the result of the run."""

    def __init__(self) -> None:
        self.stash = pytest.Stash()


def summary_of(config: Config) -> list[str]:
    """What is written at the end of a run."""
    reporter = Reporter()
    pytest_terminal_summary(reporter, config)  # type: ignore[arg-type]  # they stand for pytest's own
    return reporter.written


def test_a_warning_is_told_at_the_end() -> None:
    """A recommendation that is not kept fails no item; it and the verdict of the run are told at the end."""
    config = Config()
    assert summary_of(config) == []

    config.stash[RESULT] = run(
        requirement("CU-001", "pass"), requirement("CU-007", "warn", level="SHOULD", detail="result_code 501")
    )

    assert summary_of(config) == [
        "- recommendations not kept",
        "CU-007 SHOULD  Something holds. result_code 501",
        "- conforms (exit code 0: everything that was scored passes)",
    ]


def test_an_item_tells_where_to_look() -> None:
    """An item's account names requirement, detail, the first exchanges, and how to learn more."""
    row = requirement("CU-148", "fail", detail="foreign", evidence=("a.1", "a.2", "a.3", "a.4"))

    assert account(row) == (
        "CU-148 MUST  Something holds.\nforeign\nevidence a.1, a.2, a.3\nbasix-contract explain CU-148"
    )
    assert account(requirement("CU-001", "pass")) == ("CU-001 MUST  Something holds.\nbasix-contract explain CU-001")
