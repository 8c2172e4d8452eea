"""Where a run stands while it is played, on stderr: one line that changes, or in a CI log a line now and then."""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from basix_contract.cli._output import printable
from basix_contract.report import Progress, encodable

_BEAT_S = 0.2
_BEATS_TO_A_LINE = 75  # in a log: every fifteen seconds
_CLEARED = "\r\x1b[2K"


@dataclass
class Tail:
    """Reads a journal as it grows; what stood in the file before this run is not of this run."""

    path: Path
    told: Progress = field(default_factory=Progress)
    _begun: tuple[int, int] | None = None
    _offset: int = 0
    _rest: bytes = b""

    def __post_init__(self) -> None:
        self._begun = self._stamp()

    def _stamp(self) -> tuple[int, int] | None:
        with suppress(OSError):
            found = self.path.stat()
            return found.st_mtime_ns, found.st_size
        return None

    def read(self) -> bool:
        """Take what has come since the last time; return whether anything has."""
        if self._begun == self._stamp():
            return False
        self._begun = (-1, -1)
        try:
            with self.path.open("rb") as file:
                file.seek(self._offset)
                content = file.read()
        except OSError:
            return False
        self._offset += len(content)
        *lines, self._rest = (self._rest + content).split(b"\n")
        for line in lines:
            with suppress(ValueError, KeyError, TypeError, AttributeError):  # a line of another kind tells nothing
                self.told.take(json.loads(line))
        return bool(lines)


@contextmanager
def following(
    journal: Path, *, stream: TextIO | None = None, environment: Mapping[str, str] = os.environ
) -> Iterator[None]:
    """Tell on stderr what the run of this journal is doing, for as long as the block lasts."""
    shown = stream or sys.stderr
    is_terminal = shown.isatty() and environment.get("TERM") != "dumb"
    show = _line_that_changes(shown) if is_terminal else _line_now_and_then(shown)
    ended = threading.Event()
    thread = threading.Thread(target=_follow, args=(Tail(journal), show, ended), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        if is_terminal:
            _write(shown, _CLEARED)


def _follow(tail: Tail, show: Callable[[str], None], ended: threading.Event) -> None:
    while not ended.wait(_BEAT_S):
        if tail.read():
            show(tail.told.line())


def _line_that_changes(stream: TextIO) -> Callable[[str], None]:
    def show(line: str) -> None:
        columns = shutil.get_terminal_size((80, 24)).columns
        _write(stream, _CLEARED + printable(line)[: columns - 1])

    return show


def _line_now_and_then(stream: TextIO) -> Callable[[str], None]:
    beats = 0

    def show(line: str) -> None:
        nonlocal beats
        beats += 1
        if beats % _BEATS_TO_A_LINE == 0:
            _write(stream, f"{printable(line)}\n")

    return show


def _write(stream: TextIO, text: str) -> None:
    with suppress(OSError, ValueError):  # nobody reads it any more: the run goes on
        stream.write(encodable(text, stream.encoding or "utf-8"))
        stream.flush()
