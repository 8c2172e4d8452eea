"""The engine of the client role: whatever a client does, every call comes to an end, and the run goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from basix_contract.errors import UsageError
from basix_contract.suite import ClientOptions, conclude, run_client
from basix_contract.suite.answer import _session
from tests.defects.clients.small import SmallClient

if TYPE_CHECKING:
    from collections.abc import Callable

    from basix_contract.suite import RequirementVerdict, RunResult

ROOT = Path(__file__).parent.parent.parent
TIMEOUTS = "CU-316"
BAD_CALL = "answer-timeout.3"
FINISHED = "CU-356"


def misbehaving(*words: str) -> tuple[str, ...]:
    """The command of an adapter that misbehaves."""
    return (sys.executable, "-m", "tests.clients.misbehaving", *words)


def run_of(folder: Path, *command: str, only: tuple[str, ...] = (TIMEOUTS, FINISHED), **members: Any) -> RunResult:
    """A run against a command, of one family of calls and those without a reply."""
    return run_client(ClientOptions(command=command, report=folder, only=only, **members))


def row_of(result: RunResult, id_: str) -> RequirementVerdict:
    """What came of one requirement."""
    return next(row for row in result.requirements if row.id == id_)


def is_there(pid: int) -> bool:
    """Whether a process lives; one that waits to be buried does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def left_behind(folder: Path) -> list[int]:
    """The processes of adapters, and of what they started, that still live."""
    pids = [int(pid) for file in folder.glob("*.pid") for pid in file.read_text().split()]
    assert pids, "no adapter has told its process id"
    return [pid for pid in pids if is_there(pid)]


MODES = {
    "hang": "no outcome was reported within 3.5 s",
    "chatter": "no outcome was reported within 3.5 s",
    "die": "the adapter ended with exit code 3: Segmentation fault, as it were",
    "junk": "no outcome was reported within 3.5 s",
    "flood": "it floods its output, and was ended",
    "flood-line": "it floods its output, and was ended",
    "flood-stderr": "it floods its output, and was ended",
    "bad-outcome": "the adapter's answer cannot be read: outcome must be one of",
    "no-uuids": "the adapter's answer cannot be read: a success without uuids, a list of texts",
    "twice": "2 outcomes were reported for one call",
}


@pytest.fixture(scope="module")
def bad_runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[RunResult, Path]]:
    """A run for each way to misbehave at one call, several at a time: most of each is waiting."""
    folders = {mode: tmp_path_factory.mktemp(mode) for mode in MODES}

    def run(mode: str) -> RunResult:
        return run_of(folders[mode] / "report", *misbehaving(mode, BAD_CALL, str(folders[mode])))

    with ThreadPoolExecutor(4) as pool:
        return {mode: (result, folders[mode]) for mode, result in zip(MODES, pool.map(run, MODES), strict=True)}


@pytest.mark.parametrize("mode", MODES)
def test_one_bad_call_is_told_and_the_run_goes_on(bad_runs: dict[str, tuple[RunResult, Path]], mode: str) -> None:
    """What an adapter does at one call is a verdict about that call; all others are played, and nothing is left."""
    result, folder = bad_runs[mode]

    row = row_of(result, FINISHED)
    assert row.verdict == "fail"
    assert MODES[mode] in row.detail
    assert row.checks[0].evidence == (BAD_CALL,)
    assert result.ending == "complete"
    assert result.executed == result.planned
    assert row_of(result, TIMEOUTS).verdict == "pass"
    assert left_behind(folder) == []


def test_a_client_that_takes_one_call_at_a_time_is_waited_for(tmp_path: Path) -> None:
    """Calls that wait behind a slow one are not overdue."""
    result = run_of(tmp_path, *misbehaving("serial", "none"), only=("CU-344", FINISHED))

    assert result.verdict == "partial"
    assert row_of(result, FINISHED).verdict == "pass"
    assert row_of(result, "CU-344").verdict == "pass"


def test_an_adapter_may_leave_after_each_call(tmp_path: Path) -> None:
    """One that places a single call and ends is started again for the next."""
    result = run_of(tmp_path, *misbehaving("once", "none"), only=("CU-301",))

    assert row_of(result, "CU-301").verdict == "pass"
    assert result.executed == result.planned


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("false",), "the adapter ended with exit code 1"),
        (misbehaving("die", ""), "the adapter ended with exit code 3: Segmentation fault, as it were"),
        (misbehaving("bad-outcome", ""), "outcome must be one of"),
    ],
)
def test_a_client_that_cannot_place_a_call_ends_the_run_at_once(
    tmp_path: Path, command: tuple[str, ...], said: str
) -> None:
    """Where the very first call comes to nothing, nothing is scored: exit code 3, and the reason."""
    result = run_of(tmp_path, *command, only=())

    assert result.exit_code == 3
    assert result.ending == "unreachable"
    assert said in result.reason
    assert result.counts["pass"] == 0 or all(
        row.level == "ADVICE" for row in result.requirements if row.verdict == "pass"
    )


def test_a_client_that_is_lost_on_the_way_ends_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is reported any more, the run ends early and says so; what was seen is judged."""
    monkeypatch.setattr(_session, "_MOST_LACKS", 4)
    result = run_of(tmp_path, *misbehaving("die", "t"), only=())

    assert result.ending == "client lost"
    assert result.exit_code == 1
    assert row_of(result, "CU-301").verdict == "pass"


def test_a_command_that_does_not_exist_is_bad_usage(tmp_path: Path) -> None:
    """A program that cannot be started is told at once."""
    with pytest.raises(UsageError, match=r"no-such-program cannot be started: No such file"):
        run_of(tmp_path, "no-such-program")


def test_a_client_must_be_given(tmp_path: Path) -> None:
    """Without a command and without a callable there is nothing to run."""
    with pytest.raises(UsageError, match="no client is given"):
        run_client(ClientOptions(report=tmp_path))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"only": ("CU-3310",)}, r"no requirement CU-3310 \(did you mean CU-331\?\)"),
        ({"without": ("group_dd",)}, r"there is no parameter group_dd \(did you mean group_did\?\)"),
        ({"without": ("user_name",)}, "a client must offer user_name and destination"),
    ],
)
def test_what_does_not_exist_is_bad_usage(tmp_path: Path, options: dict[str, Any], said: str) -> None:
    """Requirements and parameters are looked up before anything is started."""
    with pytest.raises(UsageError, match=said):
        run_client(ClientOptions(command=("true",), report=tmp_path, **options))


def test_a_journal_is_judged_again_in_the_same_way(tmp_path: Path) -> None:
    """The live run is judged from its journal: offline the verdicts, counts and exit code are the same."""
    result = run_client(ClientOptions(call=SmallClient().place, report=tmp_path, only=("CU-331",)))
    again = conclude(tmp_path / "journal.ndjson")

    assert again.requirements == result.requirements
    assert (again.role, again.verdict, again.exit_code) == ("client", "partial", 0)
    assert again.history == result.history


def test_what_is_asked_for_is_played_and_no_more(tmp_path: Path) -> None:
    """`only` plays the calls of a row and of the rows it needs, and leaves the others out of the verdict."""
    result = run_client(ClientOptions(call=SmallClient().place, report=tmp_path, only=("CU-331",)))

    assert {row.verdict for row in result.requirements if row.id != "CU-331"} == {"disabled"}
    assert row_of(result, "CU-331").verdict == "pass"
    assert result.requests_sent < 40


def test_what_a_client_does_not_offer_is_not_applicable(tmp_path: Path) -> None:
    """No call needs what a client does not offer, and rows that only such calls show are told as not-applicable."""
    result = run_client(
        ClientOptions(
            call=_without_objects, report=tmp_path, only=("CU-312", "CU-318"), without=("destination-object",)
        )
    )
    told = {row.id for row in result.requirements if row.verdict == "not-applicable"}

    assert row_of(result, "CU-312").verdict == row_of(result, "CU-318").verdict == "pass"
    assert told <= {"CU-319", "CU-320"}
    assert not [call for call in result.history.calls if isinstance(call.params["destination"], dict)]


def _without_objects(call: dict[str, Any]) -> dict[str, Any]:
    """Place calls to texts, and know no other."""
    if isinstance(call["params"]["destination"], dict):
        return {"outcome": "not-sent", "detail": "objects are not offered"}
    return SmallClient().place(call)


def test_a_call_that_is_refused_is_told(tmp_path: Path) -> None:
    """A client that sends nothing for a call it should place breaks the rows that the call is played for."""
    result = run_client(ClientOptions(call=_without_objects, report=tmp_path, only=("CU-312",)))

    assert row_of(result, "CU-312").verdict == "fail"
    assert "example 3: no request came" in row_of(result, "CU-312").detail


@pytest.mark.parametrize(
    "outcome",
    [
        {"outcome": "success", "uuids": []},
        {"outcome": "not-sent"},
    ],
)
def test_a_client_that_does_nothing_proves_nothing(tmp_path: Path, outcome: dict[str, Any]) -> None:
    """Whoever sends nothing and reports the same of every call does not conform, and passes no MUST."""
    result = run_client(ClientOptions(call=lambda _call: outcome, report=tmp_path))

    assert (result.verdict, result.exit_code) == ("hollow", 3)
    assert not [row.id for row in result.requirements if row.level == "MUST" and row.verdict == "pass"]


@pytest.mark.parametrize("said", ["success", "error", "unknown"])
def test_a_client_that_does_not_listen_does_not_conform(tmp_path: Path, said: str) -> None:
    """Whoever sends good requests and reports the same of every reply does not conform."""
    outcomes: dict[str, dict[str, Any]] = {
        "success": {"uuids": []},
        "error": {"error_id": "busy", "result_code": 500},
        "unknown": {},
    }

    def place(call: dict[str, Any]) -> dict[str, Any]:
        SmallClient().place(call)
        return {"outcome": said, **outcomes[said]}

    result = run_client(ClientOptions(call=place, report=tmp_path, only=("CU-330", "CU-333")))

    assert result.exit_code == 1
    assert row_of(result, "CU-330").verdict == "fail"


def test_a_callable_that_raises_is_told(tmp_path: Path) -> None:
    """An exception of a callable is a verdict about its call."""

    def place(call: dict[str, Any]) -> dict[str, Any]:
        if call["case"] == "any-number-of-uuids.3":
            raise KeyError("uuids")
        return SmallClient().place(call)

    result = run_client(ClientOptions(call=place, report=tmp_path, only=("CU-331",)))

    assert row_of(result, "CU-331").detail == (
        "five uuids: the adapter's answer cannot be read: it raised KeyError: 'uuids'"
    )


@pytest.mark.parametrize(
    ("write", "stream"),
    [
        (lambda token: sys.stdout.write(f"token {token}\n"), "stdout"),
        (lambda token: sys.stderr.write(f"token {token[:9]}{token[9:]}\n"), "stderr"),
    ],
)
def test_what_a_callable_prints_is_looked_through(
    tmp_path: Path, write: Callable[[str], object], stream: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A token that a callable prints is found, and is printed all the same; the journal does not hold it."""
    tokens = []

    def place(call: dict[str, Any]) -> dict[str, Any]:
        tokens.append(call["token"])
        write(call["token"])
        return SmallClient().place(call)

    result = run_client(ClientOptions(call=place, report=tmp_path, only=("CU-366",)))

    assert row_of(result, "CU-366").verdict == "fail"
    assert f"the token stands in its {stream}" in row_of(result, "CU-366").detail
    assert tokens[0] in getattr(capsys.readouterr(), {"stdout": "out", "stderr": "err"}[stream])
    journal = (tmp_path / "journal.ndjson").read_text("utf-8")
    assert not [token for token in tokens if token in journal]


@pytest.mark.parametrize(
    "number",
    [
        signal.SIGINT,
        pytest.param(signal.SIGTERM, marks=pytest.mark.matrix),
        pytest.param(signal.SIGHUP, marks=pytest.mark.matrix),
    ],
)
def test_an_interrupted_run_leaves_no_process(tmp_path: Path, number: signal.Signals) -> None:
    """Ctrl-C, SIGTERM or a closed terminal ends the run with exit code 130; adapter and grandchildren go with it."""
    command = misbehaving("hang", "texts", str(tmp_path))
    report = tmp_path / "report"
    running = subprocess.Popen(
        [sys.executable, "-m", "basix_contract", "conformance", "client", "--report", str(report), "--", *command],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    deadline = time.monotonic() + 60
    while not _has_given(report / "journal.ndjson", "texts.7"):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    running.send_signal(number)
    out, _ = running.communicate(timeout=60)

    assert running.returncode == 130, out.decode()
    assert "interrupted" in out.decode()
    assert left_behind(tmp_path) == []
    assert json.loads((report / "report.json").read_bytes())["ending"] == "interrupted"


def _has_given(journal: Path, case: str) -> bool:
    return journal.exists() and f'"given", "case": "{case}"' in journal.read_text("utf-8")


def test_a_client_without_proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proxies of the environment are kept from a client's calls to this machine."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    told = "{'case': json.loads(line)['case'], 'outcome': 'exception', 'detail': os.environ['no_proxy']}"
    script = f"import os, sys, json\nfor line in sys.stdin: print(json.dumps({told}), flush=True)"
    result = run_of(tmp_path, sys.executable, "-c", script, only=("CU-301",))

    assert {call.reported.detail for call in result.history.calls if call.reported} == {"127.0.0.1,localhost,::1"}
    assert os.environ["HTTP_PROXY"] == "http://127.0.0.1:1"


def test_secrets_of_a_command_are_not_told(tmp_path: Path) -> None:
    """What looks like a secret in the client's own options is in no report."""
    words = ("--api-key", "k-1234", "--token=t-5678", "--name", "n")
    result = run_of(tmp_path, *misbehaving("die", "", str(tmp_path), *words), only=("CU-301",))

    assert result.target.endswith("--api-key … --token=… --name n") or "'…'" in result.target
    assert not [secret for secret in ("k-1234", "t-5678") if secret in (tmp_path / "journal.ndjson").read_text("utf-8")]
