"""While a run is played, stderr says where it stands: one line on a terminal, a line now and then in a log."""

from __future__ import annotations

import io
import json
import threading
from pathlib import Path
from typing import Any

import pytest

from basix_contract.cli import _progress
from basix_contract.cli._progress import Tail, following


class Stream(io.StringIO):
    """A stream that may be a terminal, and tells when something was written."""

    def __init__(self, *, is_terminal: bool) -> None:
        super().__init__()
        self.is_terminal = is_terminal
        self.has_line = threading.Event()

    def isatty(self) -> bool:
        """Whether it passes for a terminal."""
        return self.is_terminal

    def write(self, text: str) -> int:
        """Take a text."""
        written = super().write(text)
        self.has_line.set()
        return written


def append(journal: Path, *events: dict[str, Any], end: str = "\n") -> None:
    """Write events behind those of a journal."""
    with journal.open("a", encoding="utf-8") as file:
        file.write("\n".join(json.dumps(event) for event in events) + end)


PLAN = {"event": "scenario", "scenario": "a"}
SENT = {"event": "about-to-send", "exchange": "a.1", "t": 0.1}


def test_a_terminal_has_one_line_that_is_gone_in_the_end(tmp_path: Path) -> None:
    """The line is written over, not under, and the screen is clean for the summary."""
    stream = Stream(is_terminal=True)
    with following(tmp_path / "j", stream=stream, environment={}):
        append(tmp_path / "j", PLAN, SENT)
        assert stream.has_line.wait(20)

    shown = stream.getvalue()
    assert "0 of 1 scenarios · 1 request · awaiting 1 reply" in shown
    assert "\n" not in shown
    assert shown.endswith("\r\x1b[2K")


@pytest.mark.parametrize(("is_terminal", "environment"), [(False, {}), (True, {"TERM": "dumb"})])
def test_a_log_has_plain_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], *, is_terminal: bool
) -> None:
    """Where nothing can be written over, lines are whole and hold no control character."""
    monkeypatch.setattr(_progress, "_BEATS_TO_A_LINE", 1)
    stream = Stream(is_terminal=is_terminal)
    with following(tmp_path / "j", stream=stream, environment=environment):
        append(tmp_path / "j", PLAN, SENT)
        assert stream.has_line.wait(20)

    assert stream.getvalue() == "0 of 1 scenarios · 1 request · awaiting 1 reply\n"


def test_a_short_run_leaves_no_line_in_a_log(tmp_path: Path) -> None:
    """A log is not filled with what is over in seconds."""
    stream = Stream(is_terminal=False)
    with following(tmp_path / "j", stream=stream, environment={}):
        append(tmp_path / "j", PLAN, SENT)

    assert stream.getvalue() == ""


def test_an_earlier_run_s_journal_is_not_this_run_s(tmp_path: Path) -> None:
    """What stood in the file before says nothing; a line that is half written is read when it is whole."""
    journal = tmp_path / "j"
    append(journal, *[PLAN] * 50)
    tail = Tail(journal)
    assert not tail.read()

    journal.write_text("", "utf-8")
    append(journal, PLAN, {"event": "scenario-end", "scenario": "a"}, end="")
    assert tail.read()
    assert tail.told.line() == "0 of 1 scenarios · 0 requests"
    append(journal)
    tail.read()
    assert tail.told.line().startswith("1 of 1 scenarios")


def test_a_journal_that_never_comes(tmp_path: Path) -> None:
    """A run that ends before its journal begins says nothing."""
    assert not Tail(tmp_path / "none").read()


def test_a_reader_that_has_left_ends_nothing(tmp_path: Path) -> None:
    """Where stderr is closed the run goes on."""
    stream = Stream(is_terminal=True)
    stream.close()
    stream.isatty = lambda: True  # type: ignore[method-assign]  # a closed stream cannot be asked

    with following(tmp_path / "j", stream=stream, environment={}):
        append(tmp_path / "j", PLAN)
