"""Results go to stdout, everything else to stderr; a reader that has left is no error."""

from __future__ import annotations

import os
import sys
from typing import TextIO

_NAME = "basix-contract"


def emit(text: str) -> None:
    """Write a result to stdout as it is; what its encoding lacks becomes an escape."""
    _write(sys.stdout, text)


def emit_utf8(content: bytes) -> None:
    """Write a result that is UTF-8 by its own definition to stdout, whatever the encoding there."""
    stream = getattr(sys.stdout, "buffer", None)
    if stream is None:
        emit(content.decode("utf-8"))
        return
    try:
        sys.stdout.flush()
        stream.write(content)
        stream.flush()
    except BrokenPipeError:
        _let_go(sys.stdout)


def tell(text: str) -> None:
    """Write one line about the work to stderr."""
    _write(sys.stderr, text + "\n")


def complain(text: str) -> None:
    """Write one line about what went wrong to stderr."""
    tell(f"{_NAME}: {' '.join(text.split())}")


def printable(text: str) -> str:
    """Return the text with every character that could steer a terminal written as a Python escape."""
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text)


def _write(stream: TextIO, text: str) -> None:
    encoding = stream.encoding or "utf-8"
    try:
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()
    except BrokenPipeError:
        _let_go(stream)


def _let_go(stream: TextIO) -> None:
    """Point the stream at nothing: the exit code stays that of the work, and Python ends without a word."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, stream.fileno())
    os.close(nothing)
