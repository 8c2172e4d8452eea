"""`conformance receiver`, `listen` and `trigger`: options to the engine, callbacks as they come and go."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from basix_contract.checks import ReceiverHistory
from basix_contract.cli import _callbacks, _receiver
from basix_contract.messages import Request, Violation
from basix_contract.suite import Heard, ReceiverOptions, RunResult, run_receiver
from basix_contract.suite._listen import _joined
from tests.cli.conftest import ROOT, Command, environment
from tests.defects.receivers.application import Application, Incoming, served
from tests.report.runs import REPORT_FILES, requirement, run
from tests.suite.hostile import hostile, refused_url, stall

RESULT = run(
    requirement("CU-401", "pass", check="acknowledge/answered"),
    role="receiver",
    history=ReceiverHistory(deliveries=()),
)
GIVEN = ("conformance", "receiver", "--url", "http://127.0.0.1:1/hook/{case}")
UUID = "ede7b23e-c172-445e-832e-963b11ba2b96"


class Engine:
    """Stands for the engine: remembers what it was asked, and gives one result."""

    def __init__(self) -> None:
        self.asked: list[ReceiverOptions] = []

    def __call__(self, options: ReceiverOptions) -> RunResult:
        """Note the options."""
        self.asked.append(options)
        return RESULT


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Engine:
    """An engine that plays nothing, in an empty folder."""
    engine = Engine()
    monkeypatch.setattr(_receiver, "run_receiver", engine)
    monkeypatch.chdir(tmp_path)
    return engine


def test_options_go_to_the_engine(engine: Engine, command: Command) -> None:
    """Every option arrives under its name."""
    command(
        *GIVEN,
        *("--url-command", "new {case}", "--observer-url", "http://127.0.0.1:1/{case}", "--seed", "-3"),
        *("--report", "here", "--only", "CU-401", "--only", "CU-402", "--known-failing", "k.toml"),
        *("--timeout", "2.5", "--ca-file", "ca.pem", "--live", "--without-observer"),
    )

    assert engine.asked == [
        ReceiverOptions(
            url="http://127.0.0.1:1/hook/{case}",
            url_command="new {case}",
            observer_url="http://127.0.0.1:1/{case}",
            without_observer=True,
            seed=-3,
            report=Path("here"),
            only=("CU-401", "CU-402"),
            known_failing=Path("k.toml"),
            live=True,
            timeout_s=2.5,
            ca_file="ca.pem",
        )
    ]


def test_options_come_from_the_environment_too(
    engine: Engine, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A variable stands for an option that is not given; a flag wins."""

    def asked(*tokens: str) -> ReceiverOptions:
        for name, value in {"RECEIVER_URL": "http://127.0.0.1:2/", "OBSERVER_COMMAND": "see", "SEED": "5"}.items():
            monkeypatch.setenv(f"BASIX_{name}", value)
        command("conformance", "receiver", *tokens)
        return engine.asked[-1]

    assert (asked().url, asked().observer_command, asked().seed) == ("http://127.0.0.1:2/", "see", 5)
    assert asked("--seed", "6").seed == 6


def test_the_result_is_the_exit_code_and_the_summary(engine: Engine, command: Command) -> None:
    """The report is written, the summary is on stdout; with --json report.json is all of it."""
    ended = command(*GIVEN)
    as_json = command(*GIVEN, "--json")

    assert (ended.code, len(engine.asked)) == (0, 2)
    assert ended.out.startswith("conforms · contract 1.0.0")
    assert "calls placed" not in ended.out
    assert json.loads(as_json.out)["role"] == "receiver"
    assert {path.name for path in Path("build/conformance/receiver").iterdir()} == REPORT_FILES


def test_without_a_receiver_nothing_runs(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where to deliver is never guessed."""
    monkeypatch.chdir(tmp_path)
    ended = command("conformance", "receiver")

    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "basix-contract: --url: there is no receiver (give --url URL, or --url-command CMD)\n"


def test_a_plan_sends_nothing(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every delivery is told with the answers it allows; nothing is sent, and nothing written."""
    monkeypatch.chdir(tmp_path)
    as_text = command(*GIVEN, "--plan")
    as_json = command(*GIVEN, "--plan", "--json", "--only", "CU-426")

    assert (as_text.code, as_json.code) == (0, 0)
    assert as_text.out.startswith("Nothing has been sent. This is what would be, to http://127.0.0.1:1/hook/{case}:")
    assert re.search(r"POST +no 5xx, or none +a result of eight megabytes \(8000 kB\)", as_text.out)
    steps = json.loads(as_json.out)["steps"]
    assert {step["scenario"] for step in steps} >= {"answered", "huge-body"}
    assert list(tmp_path.iterdir()) == []


def test_a_receivers_journal_is_judged_again(command: Command, tmp_path: Path) -> None:
    """`verify` gives the same verdict and exit code; `replay`, which is for servers, says so."""
    with served(Application()) as base:
        run_receiver(ReceiverOptions(url=f"{base}/hook/{{case}}", report=tmp_path, only=("CU-401",)))
    journal = str(tmp_path / "journal.ndjson")

    again = command("verify", journal)
    replayed = command("replay", "answered.1", "--journal", journal, "--report", str(tmp_path / "again"))

    assert again.code == 0
    assert "→ {" in again.out
    assert "← 204 (after " in again.out
    assert replayed.code == 2
    assert "runs against servers alone are replayed" in replayed.err


def test_ctrl_c_keeps_what_was_seen(tmp_path: Path) -> None:
    """An interrupted run ends with exit code 130, and its journal and report tell as far as it came."""
    journal = tmp_path / "journal.ndjson"
    with hostile(stall) as target:
        tokens = ("conformance", "receiver", "--url", target.base_url, "--only", "CU-401", "--report", str(tmp_path))
        with subprocess.Popen(
            [sys.executable, "-m", "basix_contract", *tokens], cwd=ROOT, env=environment(), stdout=subprocess.PIPE
        ) as process:
            until(lambda: journal.exists() and b"about-to-send" in journal.read_bytes())
            process.send_signal(signal.SIGINT)
            out, _ = process.communicate(timeout=20)

    assert process.returncode == 130
    assert b"interrupted" in out
    report = json.loads((tmp_path / "report.json").read_bytes())
    assert (report["ending"], report["requests_sent"]) == ("interrupted", 1)
    assert report["requirements"][0]["verdict"] == "ambiguous"


def test_a_run_that_is_told_to_end_leaves_no_command_behind(tmp_path: Path) -> None:
    """SIGTERM ends it as Ctrl-C does, and with it the command that was to issue a URL."""
    issuer, began = tmp_path / "issue.py", tmp_path / "began"
    issuer.write_text(
        f"import os, time\nopen({str(began)!r}, 'w').write(f'{{os.getpid()}}.')\ntime.sleep(60)\n", "utf-8"
    )
    command = f"{sys.executable} {issuer}"
    tokens = ("--url-command", command, "--without-observer", "--only", "CU-401", "--report", str(tmp_path / "report"))
    with subprocess.Popen(
        [sys.executable, "-m", "basix_contract", "conformance", "receiver", *tokens],
        cwd=ROOT,
        env=environment(),
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        until(lambda: began.exists() and began.read_text("utf-8").endswith("."))
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=20)

    assert (process.returncode, err) == (130, "basix-contract: interrupted\n")
    with pytest.raises(ProcessLookupError):
        os.kill(int(began.read_text("utf-8").rstrip(".")), 0)


def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so, at most half a minute."""
    deadline_s = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < deadline_s
        time.sleep(0.02)


# ── trigger ──


class _Kept(Application):
    """Keeps what it is sent."""

    def __init__(self) -> None:
        super().__init__()
        self.bodies: list[Any] = []

    def answer(self, incoming: Incoming) -> int:
        self.bodies.append(incoming.body)
        return super().answer(incoming)


@pytest.fixture
def kept() -> Iterator[tuple[_Kept, str]]:
    """A receiver that keeps what it is sent, and its URL."""
    application = _Kept()
    with served(application) as base:
        yield application, f"{base}/hook/one"


def test_a_callback_is_sent_as_often_as_asked_for(kept: tuple[_Kept, str], command: Command) -> None:
    """With the uuid that was asked for; what came back is told each time."""
    application, url = kept
    ended = command("trigger", "answered", "--to", url, "--uuid", UUID, "--times", "2")

    assert (ended.code, ended.err) == (0, "")
    assert [json.loads(body) for body in application.bodies] == [{"result_code": 0, "uuid": UUID}] * 2
    assert ended.out.count("← 204") == 2
    assert f"→ POST {url}" in ended.out


def test_an_answer_that_breaks_the_contract_is_exit_1(command: Command) -> None:
    """The requirement is named; a recommendation that is not kept is told and fails nothing."""

    class Odd(Application):
        def answer(self, incoming: Incoming) -> int:
            return 500 if incoming.method == "POST" else 200

    with served(Odd()) as base:
        broken = command("trigger", "not-answered", "--to", f"{base}/hook/x")
        weak = command("trigger", "other-method.3", "--to", f"{base}/hook/x", "--json")

    assert broken.code == 1
    assert "breaks CU-402 MUST" in broken.out
    assert weak.code == 0
    assert json.loads(weak.out)["breaks"] == [{"id": "CU-427", "level": "SHOULD"}]


@pytest.mark.parametrize(
    ("tokens", "code", "said"),
    [
        (("answered", "--to", refused_url()), 3, "no answer: no connection"),
        (("answered", "--to", "http://receiver.example/hook"), 2, "is not this machine"),
        (("anwsered", "--to", "http://127.0.0.1:1/"), 2, "did you mean answered?"),
        (("not-answered", "--to", "http://127.0.0.1:1/", "--uuid", UUID), 2, "names no uuid of its call"),
        (("answered", "--to", "http://127.0.0.1:1/", "--uuid", '", "user_name": "'), 2, "--uuid: this is no uuid"),
        (("answered",), 2, "say where to"),
        ((), 2, "say which callback"),
    ],
)
def test_what_cannot_be_sent_is_told(tokens: tuple[str, ...], code: int, said: str, command: Command) -> None:
    """Nobody there is exit code 3, and everything that makes no sense 2."""
    ended = command("trigger", *tokens)

    assert ended.code == code
    assert said in ended.out + ended.err


def test_every_callback_is_listed(command: Command) -> None:
    """By the id it is sent under, with what it is."""
    listed = command("trigger", "--list")
    ids = [json.loads(line)["id"] for line in command("trigger", "--list", "--json").out.splitlines()]

    assert "answered.1" in listed.out
    assert "a body that comes a second after its head" in listed.out
    assert len(ids) == len(set(ids)) == len(listed.out.splitlines()) > 100
    assert not any(id_.endswith(".next") for id_ in ids)


# ── listen ──


@contextlib.contextmanager
def listening(*tokens: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A listener as a process of its own, and the URL it listens on."""
    with subprocess.Popen(
        [sys.executable, "-m", "basix_contract", "listen", "--port", "0", *tokens],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            began = process.stderr.readline() if process.stderr else ""
            yield process, re.search(r"http://\S+", began)[0]  # type: ignore[index]  # it says where it listens
        finally:
            process.kill()


def post(url: str, body: bytes) -> int:
    """The status a POST is answered with."""
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})  # noqa: S310 - our own URL
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - our own URL
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_a_listener_alone_answers_as_it_is_told() -> None:
    """Without anybody behind it, the status is the one asked for; one JSON object a line; Ctrl-C ends it well."""
    with listening("--answer", "503", "--json") as (process, url):
        status = post(url, b'{"result_code": 500, "error": {"id": "busy"}}')
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=20)

    heard = json.loads(out)
    assert (status, process.returncode) == (503, 0)
    assert (heard["keeps_contract"], heard["status"], heard["target"]) == (True, 503, "/")


def test_what_is_heard_is_told(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """A callback, what the contract says of it, and who answered it with what; a breach makes the exit code 1."""
    good = Request("POST", "/hook?x=1", (), b'{"result_code": 0}')
    bad = (Violation("/uuid", "uuid is missing", "required"),)
    passed_on = Heard(
        request=good, violations=(), status=204, forwarded_to="http://127.0.0.1:8000/hook?x=1", took_s=0.5
    )
    unanswered = Heard(
        request=good, violations=bad, status=502, forwarded_to="http://127.0.0.1:8000/\x1b", problem="no connection"
    )

    def stand_in(_options: object, _on_start: object, on_heard: Callable[[Heard], None]) -> int:
        on_heard(passed_on)
        on_heard(unanswered)
        return 1

    monkeypatch.setattr(_callbacks, "listen", stand_in)
    ended = command("listen")

    assert ended.code == 1
    assert ended.out == (
        '→ POST /hook?x=1  {"result_code": 0}\n    keeps the contract\n'
        "  ← 204 from http://127.0.0.1:8000/hook?x=1 after 0.500 s\n"
        '→ POST /hook?x=1  {"result_code": 0}\n    breaks the contract: uuid is missing\n'
        "  ← 502: http://127.0.0.1:8000/\\x1b gave no answer (no connection)\n"
    )


@pytest.mark.parametrize("target", ["@receiver.example/x", "*", "http://receiver.example/x"])
def test_what_is_no_path_is_passed_on_below_the_url_all_the_same(target: str) -> None:
    """Whatever stands in a request line, it cannot choose the host that a callback is passed on to."""
    assert urlsplit(_joined("http://127.0.0.1:8000", target)).netloc == "127.0.0.1:8000"


def test_a_port_that_is_taken_is_bad_usage(command: Command) -> None:
    """It is told where, and nothing is listened on; another machine is passed on to only when that is meant."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = command("listen", "--port", str(taken.getsockname()[1]))
    remote = command("listen", "--forward-to", "http://receiver.example/hook")

    assert (ended.code, remote.code) == (2, 2)
    assert "cannot listen on" in ended.err
    assert "receiver.example is not this machine" in remote.err
