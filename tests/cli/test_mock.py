"""`mock`: a PBX to paste a call to; each call, reply and callback is a line."""

from __future__ import annotations

import json
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import httpx
import pytest

from basix_contract.cli import _mock
from basix_contract.contract import load_document
from basix_contract.mock import DEFECTS, MAGIC, SWITCHES, Event
from basix_contract.profile import parse_profile
from tests.cli.conftest import Command, environment

# A fault that shows in callbacks only, so that a plain call is as good as ever.
DEFECT = next(defect.id for defect in DEFECTS.values() if defect.kills == "callback/answered")

OWN = """
[target]
domain = "own.example"
token = "a real one"
[[users]]
label = "Only a label"
outcome = "rejects"
[[users]]
extension = "0123"
outcome = "answers"
[[users]]
name = "ghost"
outcome = "unknown"
"""


class Mock:
    """A running `basix-contract mock`."""

    def __init__(self, *options: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "basix_contract", "mock", "--port", "0", *options],
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.welcome = self.read_until("Ctrl-C ends it.")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self.stop(signal.SIGKILL)

    def read_until(self, wanted: str) -> str:
        """What is written, up to the line with this in it."""
        assert self._process.stdout is not None
        read = ""
        while wanted not in read:
            line = self._process.stdout.readline()
            assert line, f"{wanted!r} never came: {read}"
            read += line
        return read

    def stop(self, number: signal.Signals) -> tuple[int, str]:
        """End it by a signal; return its exit code and stderr."""
        self._process.send_signal(number)
        _, told = self._process.communicate(timeout=20)
        return self._process.returncode, told


@pytest.fixture
def mock() -> Iterator[Mock]:
    """A mock PBX as a process of its own, ended by Ctrl-C with exit code 0 and without a word."""
    with Mock("--seed", "1") as mock:
        yield mock
        assert mock.stop(signal.SIGINT) == (0, "")


def pasted(text: str) -> httpx.Response:
    """What the curl line in a text gets as its answer."""
    tokens = shlex.split(text[text.index("curl ") :].partition("\n\n")[0].replace("\\\n", " "))
    user, url, field, body = tokens[2], tokens[3], tokens[5], tokens[7]
    assert [tokens[0], tokens[1], tokens[4], tokens[6]] == ["curl", "-u", "-H", "-d"]
    name, _, value = field.partition(": ")
    domain, _, token = user.partition(":")
    with httpx.Client(trust_env=False) as client:
        return client.post(url, auth=(domain, token), headers={name: value}, content=body)


def test_the_call_to_paste_is_the_first_example(mock: Mock) -> None:
    """The start shows Example 1 with this mock's own URL and credentials, and it works as it stands."""
    example = load_document().request_examples["example-1"].value

    answer = pasted(mock.welcome)

    assert f"-d {shlex.quote(json.dumps(example))}" in mock.welcome
    assert answer.json()["result_code"] == 0


def test_the_start_tells_all_one_needs(mock: Mock) -> None:
    """Domain, token, users with what they do, and every magic name stand on the screen."""
    for part in ("acme.example", "mock-token-3fK9", "jessica answers", "rita rejects", "bert is busy", *MAGIC):
        assert part in mock.welcome
    assert max(map(len, mock.welcome.splitlines())) <= 100


def test_each_call_reply_and_callback_is_a_line(mock: Mock) -> None:
    """Calls name who is rung for whom, replies their body, callbacks their URL and the receiver's answer."""
    url = pasted(mock.welcome).request.url
    body = {"user_name": "magic-rejects", "destination": "0312341234", "callback_url": "http://127.0.0.1:1/x"}
    with httpx.Client(trust_env=False, auth=("acme.example", "mock-token-3fK9")) as client:
        client.post(url, json={"user_name": "nobody\x1b[2J", "destination": "1"})
        client.post(url, json=body)
    lines = mock.read_until("callback  ").splitlines()

    _, first, reply, *_ = lines
    assert first.split()[1:8] == ["call-1", "call", "jessica", "is", "rung", "for", "0312341234:"]
    assert reply.split()[1:5] == ["call-1", "reply", "200", '{"result_code":']
    assert any('reply     200 {"result_code": 500, "error": {"id": "user_not_found"}}' in line for line in lines)
    assert "call-2    callback  http://127.0.0.1:1/x {" in lines[-1]
    assert "failed: " in lines[-1]


def test_a_service_manager_can_end_it() -> None:
    """SIGTERM ends it as Ctrl-C does."""
    with Mock() as mock:
        assert mock.stop(signal.SIGTERM) == (0, "")


def test_options_make_another_pbx() -> None:
    """Error style, strictness, switches and defects are as asked for."""
    options = ["--error-style", "4xx", "--strict", "--switch", "has_error_text=true", "--defect", "callback-missing"]
    with Mock(*options) as mock, httpx.Client(trust_env=False, auth=("acme.example", "mock-token-3fK9")) as client:
        url = pasted(mock.welcome).request.url
        refused = client.post(url, json={"user_id": 10001001, "destination": "0312341234", "extra": 1})
        settings = client.get(url.copy_with(path="/_mock/settings")).json()

    assert refused.status_code == 400
    assert len(refused.json()["error"]) == 2
    assert settings["defects"] == [DEFECT]
    assert settings["settings"]["strict_unknown_parameters"] is True


# ── in this process ──


def test_defects_are_listed(command: Command) -> None:
    """--list-defects names every fault, the check that must catch it, and what it does."""
    lines = command("mock", "--list-defects").out.splitlines()

    assert [line.split()[:2] for line in lines] == [[item.id, item.kills] for item in DEFECTS.values()]


def test_switches_are_listed(command: Command) -> None:
    """--list-switches names every switch with its default first, what it may be, and its open point."""
    lines = command("mock", "--list-switches").out.splitlines()

    assert [line.partition("=")[0] for line in lines] == list(SWITCHES)
    assert lines[0].split()[0] == "error_style=200|4xx"
    assert lines[0].endswith("(A19)")


@pytest.mark.parametrize(
    ("tokens", "line"),
    [
        (("--switch", "latency_s"), "--switch: 'latency_s' is no switch (write NAME=VALUE)"),
        (("--switch", "latency=1"), "unknown switch 'latency' (did you mean 'latency_s'?)"),
        (("--switch", "latency_s=soon"), "latency_s cannot be 'soon' (it takes a number)"),
        (("--defect", f"{DEFECT}x"), f"unknown defect '{DEFECT}x' (did you mean '{DEFECT}'?)"),
        (("--profile", "no.toml"), "no.toml: the profile cannot be read"),
        (("--host", "192.0.2.1"), "cannot listen on 192.0.2.1 port 8090"),
    ],
)
def test_what_cannot_be_is_said(command: Command, tokens: tuple[str, ...], line: str) -> None:
    """A switch, defect, profile or address that does not exist ends with 2 and one line, before anything serves."""
    ended = command("mock", *tokens)

    assert (ended.code, ended.out) == (2, "")
    assert line in ended.err
    assert ended.err.count("\n") == 1


def test_a_token_of_ones_own_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """A profile may hold a real token: the screen names its place, never the token itself."""
    teller = _mock._Teller(parse_profile(OWN + '[[destinations]]\nvalue = "9"\n'), is_shipped=False)

    teller.tell(Event(0.0, "listening", None, {"base_url": "http://h/api", "admin_url": "http://h/_mock"}))

    shown = capsys.readouterr().out
    assert "a real one" not in shown
    assert "curl -u own.example:TOKEN" in shown
    assert """-d '{"user_extension": "0123", "destination": "9"}'""" in shown
    assert "users      Only a label rejects, 0123 answers\n" in shown
    assert "ghost" not in shown
    assert "groups" not in shown


def test_without_anyone_to_call_there_is_no_call_to_paste(capsys: pytest.CaptureFixture[str]) -> None:
    """A profile without a destination, or without a user who answers, shows no curl line."""
    for text in (OWN, OWN.replace('"answers"', '"busy"') + '[[destinations]]\nvalue = "9"\n'):
        teller = _mock._Teller(parse_profile(text), is_shipped=False)
        teller.tell(Event(0.0, "listening", None, {"base_url": "http://h/api", "admin_url": "http://h/_mock"}))

    assert "curl" not in capsys.readouterr().out


def test_events_are_told_safely(capsys: pytest.CaptureFixture[str]) -> None:
    """What a caller sent cannot steer the terminal, an accident is told, and what is of no interest is not."""
    teller = _mock._Teller(parse_profile(OWN), is_shipped=False)

    teller.tell(Event(1.5, "reply", None, {"status": 200, "body": "\x1b[2J\u202eユーザ"}))
    teller.tell(Event(2.25, "crash", "call-1", {"error": "KeyError('x')"}))
    teller.tell(Event(3.0, "callback", "call-1", {"url": "http://a", "body": "{}", "status": 204, "error": None}))
    teller.tell(Event(4.0, "leg", "call-1", {}))

    assert capsys.readouterr().out == (
        "    1.500            reply     200 \\x1b[2J\\u202eユーザ\n"
        "    2.250  call-1    crash     KeyError('x')\n"
        "    3.000  call-1    callback  http://a {} answered 204\n"
    )


def test_a_mock_behaves_as_another_pbx_was_seen_to(tmp_path: Path) -> None:
    """`--like` answers as the file says; a switch on the command line goes before it, the rest is the mock's own."""
    likeness = tmp_path / "like.toml"
    likeness.write_text('[refused]\n"method GET" = { status = 418, id = "teapot" }\n', "utf-8")

    with Mock("--like", str(likeness), "--error-style", "4xx") as mock, httpx.Client(trust_env=False) as client:
        url = re.search(r"http://\S+/call_user", mock.welcome)
        assert url is not None
        got, posted = client.get(url[0]), client.post(url[0], content=b"{}")

    assert (got.status_code, got.json()["error"]) == (418, {"id": "teapot"})
    assert posted.status_code == 401
