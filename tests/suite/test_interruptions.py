"""Whatever ends a run, its journal tells what may have been sent, and nothing of that is ever sent again."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from basix_contract.errors import HarnessError, UsageError
from basix_contract.mock import MockServer
from basix_contract.profile import load_profile
from basix_contract.suite import ServerOptions, conclude, run_server
from basix_contract.suite._resume import read_earlier
from tests.suite.profiles import quick_profile, thin_profile

if TYPE_CHECKING:
    from collections.abc import Iterator

_KILLS = int(os.environ.get("BASIX_KILLS", "2"))
_RUN = """
import sys
from pathlib import Path
from basix_contract.suite import ServerOptions, run_server
target, profile, report = sys.argv[1:4]
run_server(ServerOptions(target=target, profile=profile, report=Path(report)))
"""
_PATIENCE_S = 60
_STRIDE = 397  # a prime, so that the points lie all over a run of some 1,500 lines


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A profile with everybody in it and a short grace."""
    return quick_profile(tmp_path_factory.mktemp("profile"))


@pytest.fixture
def pbx(profile: Path) -> Iterator[MockServer]:
    """A mock PBX to be played as a given target."""
    with MockServer(load_profile(profile)) as server:
        yield server


def start(pbx: MockServer, profile: Path, report: Path) -> subprocess.Popen[bytes]:
    """Start a run in a process of its own, to be killed."""
    return subprocess.Popen(
        [sys.executable, "-c", _RUN, pbx.base_url, str(profile), str(report)], stderr=subprocess.DEVNULL
    )


def wait_for_events(journal: Path, wanted: int, run: subprocess.Popen[bytes]) -> None:
    """Wait until a journal holds so many lines, or its run has ended by itself."""
    while run.poll() is None:
        if journal.exists() and journal.read_bytes().count(b"\n") >= wanted:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            run.wait(0.01)


def sent(journal: Path) -> Counter[str]:
    """Count by exchange what may have left, an unfinished last line apart."""
    lines = journal.read_text(encoding="utf-8").split("\n")[:-1]
    return Counter(event["exchange"] for event in map(json.loads, lines) if event["event"] == "about-to-send")


@pytest.mark.parametrize("seed", range(_KILLS))
def test_a_killed_run_is_judged_and_resumed_without_a_second_call(
    seed: int, pbx: MockServer, profile: Path, tmp_path: Path
) -> None:
    """Killed anywhere, a run leaves a journal that parses, can be judged, and is resumed without repeating a call."""
    journal = tmp_path / "first" / "journal.ndjson"
    run = start(pbx, profile, tmp_path / "first")
    wait_for_events(journal, 430 + seed * _STRIDE % 1100, run)
    run.kill()
    run.wait(_PATIENCE_S)

    cut = conclude(journal)
    assert cut.ending in ("cut short", "complete")
    assert cut.verdict != "conforms" or cut.ending == "complete"
    if cut.ending == "complete":
        return
    before = sent(journal)

    options = ServerOptions(target=pbx.base_url, profile=profile, report=tmp_path / "second", resume=journal)
    resumed = run_server(options)

    after = sent(resumed.journal)
    assert set(after.values()) == {1}
    assert before.items() <= after.items()
    assert resumed.ending == "complete"
    assert not [row for row in resumed.requirements if row.verdict in ("fail", "harness-error")]


def test_ctrl_c_is_exit_130_and_keeps_the_journal(pbx: MockServer, profile: Path, tmp_path: Path) -> None:
    """Ctrl-C ends a run in good order: the journal says so, and the result is exit 130."""
    journal = tmp_path / "report" / "journal.ndjson"
    run = start(pbx, profile, tmp_path / "report")
    wait_for_events(journal, 600, run)
    run.send_signal(signal.SIGINT)
    run.wait(_PATIENCE_S)

    result = conclude(journal)

    assert (result.ending, result.exit_code) == ("interrupted", 130)
    assert 0 < result.requests_sent < 400


def test_a_full_disk_stops_the_run_before_anything_is_sent(profile: Path, tmp_path: Path) -> None:
    """What cannot be written down is not sent: a full disk is our own fault, not the target's."""
    report = tmp_path / "report"
    report.mkdir()
    (report / "journal.ndjson").symlink_to("/dev/full")

    with MockServer(load_profile(profile)) as pbx:
        with pytest.raises(HarnessError, match="cannot be written"):
            run_server(ServerOptions(target=pbx.base_url, profile=profile, report=report))
        assert not pbx.calls


def test_a_complete_run_is_not_resumed(tmp_path: Path) -> None:
    """A run that is complete has nothing to resume, and says so."""
    done = run_server(ServerOptions(profile=thin_profile(tmp_path), report=tmp_path / "report", only=("CU-004",)))

    with pytest.raises(UsageError, match="nothing to resume"):
        run_server(ServerOptions(profile=thin_profile(tmp_path), report=tmp_path / "again", resume=done.journal))


@pytest.mark.parametrize("text", ["", "not json\n{}\n", '{"event": "reply"}\n', "[1]\n\n"])
def test_a_file_that_is_no_journal_is_a_usage_error(text: str, tmp_path: Path) -> None:
    """Anything that is not a journal of this kit is refused with its name, not with a traceback."""
    journal = tmp_path / "journal.ndjson"
    journal.write_text(text, encoding="utf-8")

    with pytest.raises(UsageError, match="journal"):
        conclude(journal)


def test_a_journal_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    """A missing journal is named."""
    with pytest.raises(UsageError, match="cannot be read"):
        conclude(tmp_path / "journal.ndjson")


def test_a_resumed_run_has_spent_what_the_gate_counted(tmp_path: Path) -> None:
    """A request that may place two calls costs two, whatever its plan said; where it was not counted, the plan does."""
    events: list[dict[str, object]] = [
        {"event": "run"},
        {"event": "planned", "exchange": "a", "consequence": "cannot-ring"},
        {"event": "planned", "exchange": "b", "consequence": "rings"},
        {"event": "planned", "exchange": "c", "consequence": "rings"},
        {"event": "about-to-send", "exchange": "a", "calls": 2},
        {"event": "about-to-send", "exchange": "b"},
    ]
    journal = tmp_path / "journal.ndjson"
    journal.write_text("".join(json.dumps(event) + "\n" for event in events), "utf-8")

    assert read_earlier(journal).calls == 3
