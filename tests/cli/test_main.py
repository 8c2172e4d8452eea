"""The door: whatever happens behind it, one line and the right exit code."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from basix_contract.cli import _main, main
from basix_contract.cli._output import complain, emit_json, emit_utf8
from basix_contract.errors import SpecError, TargetUnreachable, UsageError
from tests.cli.conftest import Command

REPORT_IT = "please report it (the target is not to blame; BASIX_TRACEBACK=1 shows where)"


REPORT_TO_CLOSED_PIPE = """
import os, sys
from basix_contract.cli._output import emit_utf8
read, write = os.pipe()
os.close(read)
os.dup2(write, 1)
emit_utf8(b"x" * 100_000)
emit_utf8(b"more")
"""


def failing_with(error: BaseException) -> Any:
    """A command that ends with this error."""

    def fail(_tokens: object) -> int:
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (
            UsageError("it is no profile", where="my.toml", fix="give a TOML file"),
            2,
            "my.toml: it is no profile (give a TOML file)",
        ),
        (TargetUnreachable("nobody listens\nat all"), 3, "nobody listens at all"),
        (SpecError("the ledger is broken"), 5, "the ledger is broken"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (
            KeyError("x"),
            5,
            f"internal error: KeyError: 'x'; {REPORT_IT}",
        ),
        (
            ModuleNotFoundError("No module named 'rich.text'", name="rich.text"),
            2,
            "this command needs rich, which is not installed: pip install 'basix-contract[kit]'",
        ),
        (
            ModuleNotFoundError("No module named 'basix_contract.gone'", name="basix_contract.gone"),
            5,
            f"internal error: ModuleNotFoundError: No module named 'basix_contract.gone'; {REPORT_IT}",
        ),
    ],
)
def test_an_error_is_one_line(
    command: Command, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, line: str
) -> None:
    """Whatever a command ends with, stderr has one line, stdout nothing, and there is no traceback."""
    monkeypatch.setattr(_main, "_dispatch", failing_with(error))

    ended = command("mock")

    assert (ended.code, ended.out, ended.err) == (code, "", f"basix-contract: {line}\n")


@pytest.mark.parametrize("error", [KeyError("x"), UsageError("bad")])
def test_a_traceback_is_shown_when_asked_for(
    command: Command, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """BASIX_TRACEBACK=1 shows where an error came from, before the line that tells it."""
    monkeypatch.setattr(_main, "_dispatch", failing_with(error))
    monkeypatch.setenv("BASIX_TRACEBACK", "1")

    ended = command("mock")

    assert ended.err.startswith("Traceback (most recent call last):")
    assert ended.err.splitlines()[-1].startswith("basix-contract: ")


def test_the_tokens_are_those_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without tokens given, `main` takes those the process was started with."""
    monkeypatch.setattr(sys, "argv", ["basix-contract", "explain", "CU-001"])

    with pytest.raises(SystemExit) as ending:
        main()

    assert ending.value.code == 0


def test_a_missing_library_is_named(process: Command) -> None:
    """Where the command line's own library is missing, the way to install it is told; nothing else happens."""
    ended = process(
        code="import sys; sys.modules['cyclopts'] = None\n"
        "from basix_contract.cli import main; main(['conformance', 'server'])"
    )

    assert ended.code == 2
    assert ended.err == (
        "basix-contract: this command needs cyclopts, which is not installed: pip install 'basix-contract[kit]'\n"
    )


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_closed_stream_is_no_error(process: Command, stream: str) -> None:
    """Where the shell has closed stdout or stderr, what would go there is dropped, and the exit code stays."""
    ended = process(
        code=f"import sys; sys.{stream} = None\nfrom basix_contract.cli import main; main(['explain', 'CU-999'])"
    )

    assert ended.code == 2
    assert ("no requirement" in ended.err) == (stream == "stdout")


def test_bytes_to_a_reader_that_has_left_are_no_error(process: Command) -> None:
    """A report on its way to a closed pipe is dropped without a word."""
    ended = process(code=REPORT_TO_CLOSED_PIPE)

    assert (ended.code, ended.err) == (0, "")


def test_a_stream_of_text_alone_takes_json_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where stdout has been replaced by something that takes text only, UTF-8 results go there as text."""
    shown = io.StringIO()
    monkeypatch.setattr(sys, "stdout", shown)

    emit_utf8("ユーザ\n".encode())

    assert shown.getvalue() == "ユーザ\n"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_json_is_utf_8_whatever_the_terminal(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    """JSON on stdout can be read again where its letters are not in the terminal's encoding, or are half of one."""
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding=encoding))

    emit_json({"label": "ユーザ é", "path": "a\udcff"})

    assert json.loads(written.getvalue().decode("utf-8")) == {"label": "ユーザ é", "path": "a\udcff"}


def test_a_complaint_steers_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """What somebody else's file or server put into an error's text is shown as escapes, on one line."""
    complain("the file\x1b]0;owned\x07 says\nso…")

    assert capsys.readouterr().err == "basix-contract: the file\\x1b]0;owned\\x07 says so…\n"


@pytest.mark.parametrize("tokens", [("requirements",), ("requirements", "--json"), ("--help",)])
def test_a_reader_that_has_left_is_no_error(process: Command, tokens: tuple[str, ...]) -> None:
    """A pipe that is closed at the other end changes neither the exit code nor what stderr says."""
    ended = process(
        *tokens,
        code="import os, subprocess, sys\n"
        "read, write = os.pipe(); os.close(read)\n"
        "run = subprocess.run([sys.executable, '-m', 'basix_contract', *sys.argv[1:]], stdout=write)\n"
        "sys.exit(run.returncode)",
    )

    assert (ended.code, ended.err) == (0, "")


@pytest.mark.parametrize("tokens", [("requirements",), ("diff", "report.json", "report.json", "--json")])
def test_a_full_disk_is_named(process: Command, tmp_path: Path, tokens: tuple[str, ...]) -> None:
    """A result that cannot be written to stdout is lost, and one line says why; the exit code is 2."""
    (tmp_path / "report.json").write_text('{"role": "server", "requirements": []}', "utf-8")

    ended = process(
        *tokens,
        code="import subprocess, sys\n"
        "full = open('/dev/full', 'w')\n"
        "run = subprocess.run([sys.executable, '-m', 'basix_contract', *sys.argv[1:]], stdout=full)\n"
        "sys.exit(run.returncode)",
    )

    assert (ended.code, ended.err) == (2, "basix-contract: stdout cannot be written: No space left on device\n")
