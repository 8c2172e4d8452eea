"""`conformance client`: plan, smoke, recording and run, as the shell sees them."""

from __future__ import annotations

import json
import sys
import threading
import urllib.request
from typing import TYPE_CHECKING

import jsonschema_rs
import pytest

from basix_contract.checks import ClientHistory
from basix_contract.cli import _client
from basix_contract.report import report_schema
from basix_contract.suite import ClientOptions, own_client
from tests.cli.conftest import ROOT, Command
from tests.report.runs import requirement, run

if TYPE_CHECKING:
    from pathlib import Path

    from basix_contract.suite import RunResult

ADAPTER = (sys.executable, str(ROOT / "conformance" / "adapters" / "python" / "adapter.py"))
CALL = {"user_name": "jessica", "destination": "0312341234"}


class Engine:
    """Stands for the engine: remembers what it was asked, and ends with a run that conforms."""

    def __init__(self) -> None:
        self.asked: list[ClientOptions] = []

    def __call__(self, options: ClientOptions) -> RunResult:
        """Note the options."""
        self.asked.append(options)
        return run(requirement("CU-301", "pass", check="sending/post"), role="client", history=ClientHistory(calls=()))


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Engine:
    """An engine that plays nothing, in an empty folder."""
    engine = Engine()
    monkeypatch.setattr(_client, "run_client", engine)
    monkeypatch.chdir(tmp_path)
    return engine


def test_options_reach_the_engine(engine: Engine, command: Command, tmp_path: Path) -> None:
    """What stands behind -- is the client's command, whatever it looks like; options before it are the run's."""
    options = ("--seed", "4", "--only", "CU-331", "--without", "group_did", "--report", str(tmp_path / "r"))
    ended = command("conformance", "client", *options, "--", "node", "my.mjs", "--seed", "9")

    assert ended.code == 0
    assert engine.asked == [
        ClientOptions(
            command=("node", "my.mjs", "--seed", "9"),
            seed=4,
            only=("CU-331",),
            without=("group_did",),
            report=tmp_path / "r",
        )
    ]


def test_without_a_command_the_kit_s_own_client_is_run(engine: Engine, command: Command) -> None:
    """The kit's own client is what is run when none is given."""
    assert command("conformance", "client").code == 0
    assert [options.command for options in engine.asked] == [own_client()]
    assert own_client()[1].endswith("adapters/python/adapter.py")


def test_a_run_is_told_and_kept(command: Command, tmp_path: Path) -> None:
    """A real run: its summary tells what was played, its report is valid, and its journal is judged the same again."""
    ended = command("conformance", "client", "--only", "CU-330", "--report", str(tmp_path), "--", *ADAPTER)

    assert ended.code == 0
    assert "client  " in ended.out
    assert "requests received" in ended.out
    assert "⇒ success" in ended.out
    assert ended.out.rstrip().endswith("partial · exit code 0: everything that was scored passes")
    report = json.loads((tmp_path / "report.json").read_bytes())
    jsonschema_rs.validate(report_schema(), report)
    assert report["role"] == "client"
    assert b'name="basix-contract client"' in (tmp_path / "junit.xml").read_bytes()
    replayed = command(
        "replay", "success.1", "--journal", str(tmp_path / "journal.ndjson"), "--report", str(tmp_path / "x")
    )
    assert replayed.code == 2
    assert "this is the journal of a client's run" in replayed.err
    again = command("verify", str(tmp_path / "journal.ndjson"), "--json")
    assert again.code == 0
    assert json.loads(again.out) == report


def test_report_json_is_all_of_stdout(command: Command, tmp_path: Path) -> None:
    """With --json stdout is report.json and the verdict is on stderr."""
    ended = command("conformance", "client", "--only", "CU-301", "--json", "--report", str(tmp_path), "--", *ADAPTER)

    assert json.loads(ended.out)["verdict"] == "partial"
    assert ended.err.startswith("partial · exit code 0")


def test_the_plan_lists_every_call(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--plan shows what is given and how it is answered, starts nothing and writes nothing."""
    monkeypatch.chdir(tmp_path)
    ended = command("conformance", "client", "--plan", "--only", "CU-331", "--", "no-such-program")
    listed = command("conformance", "client", "--plan", "--only", "CU-331", "--json", "--", "no-such-program")

    assert ended.code == listed.code == 0
    assert "any-number-of-uuids.4       twenty uuids" in ended.out
    assert 'given {"user_name": "jessica", "destination": "0312341234"}' in ended.out
    assert "answered HTTP 200; allowed: success, failure" in ended.out
    members = json.loads(listed.out)
    assert members["calls"] == len(members["steps"])
    assert f"{members['calls']} calls in all" in ended.out
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("program", "code"), [(ADAPTER, 0), (("cat",), 1)])
def test_smoke_tries_an_adapter(command: Command, program: tuple[str, ...], code: int) -> None:
    """--smoke tells point by point what an adapter does and what not."""
    ended = command("conformance", "client", "--smoke", "--", *program)

    assert ended.code == code
    assert ("the adapter does its part" in ended.out) is (code == 0)
    assert ended.out.count("ok   ") + ended.out.count("no   ") == 11


def test_smoke_as_json(command: Command) -> None:
    """With --json each point has its problem."""
    ended = command("conformance", "client", "--smoke", "--json", "--", "cat")

    assert ended.code == 1
    assert json.loads(ended.out)[0]["problem"].startswith("a plain call: the adapter's answer cannot be read")


def test_a_recording_tells_where_to_call(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--record prints what an application is to be configured with, and judges what comes."""
    told: list[str] = []

    def tell(text: str) -> None:
        told.append(text)
        base_url = text.split()[2]
        threading.Thread(target=_place, args=(base_url,), daemon=True).start()

    monkeypatch.setattr(_client, "tell", tell)
    ended = command(
        "conformance", "client", "--record", "--requests", "1", "--seconds", "20", "--report", str(tmp_path)
    )

    assert ended.code == 0
    assert told[0].startswith("base URL  http://127.0.0.1:")
    assert "client  a recording" in ended.out
    assert "disabled: a recording cannot tell" in ended.out
    assert "Advice  (never scored)\n  CU-379" in ended.out
    assert "request 1: note is not documented" in " ".join(ended.out.split())


def _place(base_url: str) -> None:
    fields = {"Authorization": "Basic YTpiYmJi", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{base_url}/call_user", json.dumps({**CALL, "note": "x"}).encode(), fields)  # noqa: S310 - our own
    urllib.request.urlopen(request, timeout=5).close()  # noqa: S310 - our own


@pytest.mark.parametrize(
    ("tokens", "said"),
    [
        (("--record", "--", "node"), "--record: a recording starts no adapter"),
        (("--only", "CU-999"), "no requirement CU-999"),
        (("--", "no-such-program"), "no-such-program cannot be started"),
        (("--known-failing", "no.toml"), "no.toml: the file cannot be read"),
        (("--requests", "0", "--record"), "requests"),
    ],
)
def test_bad_usage_is_told(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tokens: tuple[str, ...], said: str
) -> None:
    """What cannot be done as asked ends with exit code 2 and one line."""
    monkeypatch.chdir(tmp_path)
    ended = command("conformance", "client", *tokens)

    assert ended.code == 2
    assert said in ended.err
