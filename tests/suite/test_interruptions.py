"""Whatever ends a run, its journal tells what may have been sent, and nothing of that is ever sent again."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
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


def test_a_run_cut_between_calls_that_share_a_url_is_resumed(pbx: MockServer, profile: Path, tmp_path: Path) -> None:
    """The second of them is left out: a URL ends with the run whose receiver stood behind it."""
    rows = ("CU-193",)
    whole = run_server(ServerOptions(target=pbx.base_url, profile=profile, report=tmp_path / "whole", only=rows))
    sharing = next(exchange for exchange in whole.history.exchanges if exchange.intent.callback_of)
    lines = whole.journal.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if json.loads(line)["event"] != "end"]
    first = next(number for number, line in enumerate(kept) if is_sending(line, sharing.intent.callback_of))
    cut = tmp_path / "cut.ndjson"
    cut.write_text("".join(kept[: first + 1]), encoding="utf-8")

    options = ServerOptions(target=pbx.base_url, profile=profile, report=tmp_path / "on", only=rows, resume=cut)
    resumed = run_server(options)

    assert resumed.ending == "complete"
    assert set(sent(resumed.journal)) < set(sent(whole.journal))
    assert sharing.id not in sent(resumed.journal)
    assert not [row for row in resumed.requirements if row.verdict in ("fail", "harness-error")]


def test_a_resumed_run_counts_the_calls_that_the_gate_counted(tmp_path: Path) -> None:
    """What the plan held a request's consequence for makes no call free: the budget goes by what left."""
    options = ServerOptions(profile=thin_profile(tmp_path), report=tmp_path / "report", only=("CU-004", "CU-051"))
    events = [json.loads(line) for line in run_server(options).journal.read_text(encoding="utf-8").splitlines()]
    for event in events:
        if event["event"] == "planned":
            event["consequence"] = "cannot-ring"
    cut = tmp_path / "cut.ndjson"
    cut.write_text("".join(json.dumps(event) + "\n" for event in events if event["event"] != "end"), encoding="utf-8")

    counted = [event["calls"] for event in events if event["event"] == "about-to-send"]
    assert counted.count(1) == len(counted) > 1
    assert read_earlier(cut).calls == len(counted)


def is_sending(line: str, exchange: str) -> bool:
    """Tell whether this line of a journal says that a request is about to leave."""
    event = json.loads(line)
    return (event["event"], event.get("exchange")) == ("about-to-send", exchange)


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


def test_ctrl_c_before_the_first_request_is_exit_130_too(pbx: MockServer, tmp_path: Path) -> None:
    """Interrupted while the way back is still being tried, a run has sent nothing, and says that it was interrupted."""
    journal = tmp_path / "report" / "journal.ndjson"
    with socket.create_server(("127.0.0.1", 0)) as nobody_answers:
        public = f"http://127.0.0.1:{nobody_answers.getsockname()[1]}"
        run = start(pbx, thin_profile(tmp_path, grace_s=f'public_url = "{public}"'), tmp_path / "report")
        nobody_answers.settimeout(_PATIENCE_S)
        with nobody_answers.accept()[0]:
            run.send_signal(signal.SIGINT)
            run.wait(_PATIENCE_S)

    result = conclude(journal)
    assert (result.ending, result.exit_code, result.requests_sent) == ("interrupted", 130, 0)


def test_ctrl_c_before_a_single_call_is_placed_is_no_fault(pbx: MockServer, tmp_path: Path) -> None:
    """`call`, interrupted while the way back is being tried, has placed nothing and says just that."""
    with socket.create_server(("127.0.0.1", 0)) as nobody_answers:
        public = f"http://127.0.0.1:{nobody_answers.getsockname()[1]}"
        profile = thin_profile(tmp_path, grace_s=f'public_url = "{public}"')
        command = [sys.executable, "-m", "basix_contract", "call", "--target", pbx.base_url, "--profile", str(profile)]
        run = subprocess.Popen([*command, "--report", str(tmp_path)], stderr=subprocess.PIPE)
        nobody_answers.settimeout(_PATIENCE_S)
        with nobody_answers.accept()[0]:
            run.send_signal(signal.SIGINT)
            _, err = run.communicate(timeout=_PATIENCE_S)

    assert (run.returncode, err) == (130, b"basix-contract: interrupted\n")
    assert not pbx.calls


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
