"""Results go to stdout, everything else to stderr; a reader that has left is no error."""

from __future__ import annotations

import json
import os
import sys
from typing import TextIO

from basix_contract.errors import UsageError

_NAME = "basix-contract"


def emit(text: str) -> None:
    """Write a result to stdout as it is; what its encoding lacks becomes an escape."""
    _write(sys.stdout, text)


def emit_text(text: str) -> None:
    """Write a result for people to stdout; where its encoding lacks arrows and the like, signs stand for them."""
    from basix_contract.report import encodable

    emit(encodable(text, sys.stdout.encoding or "utf-8"))


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
    except OSError as error:
        _give_up(sys.stdout, error)


def emit_json(value: object, *, indent: int | None = 2) -> None:
    """Write a value to stdout as JSON, in UTF-8 whatever the encoding there; half of a character becomes its escape."""
    emit_utf8((json.dumps(value, ensure_ascii=False, indent=indent) + "\n").encode("utf-8", "backslashreplace"))


def tell(text: str) -> None:
    """Write one line about the work to stderr."""
    _write(sys.stderr, text + "\n")


def complain(text: str) -> None:
    """Write one line about what went wrong to stderr."""
    tell(f"{_NAME}: {printable(' '.join(text.split()))}")


def printable(text: str) -> str:
    """Return the text with every character that could steer a terminal written as a Python escape."""
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text)


def _write(stream: TextIO, text: str) -> None:
    encoding = stream.encoding or "utf-8"
    try:
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()
    except OSError as error:
        _give_up(stream, error)


def _give_up(stream: TextIO, error: OSError) -> None:
    """Write no more to a stream, so that Python ends without a word; the exit code stays that of the work.

    Raises UsageError where a result is lost: stdout could not be written, and its reader has not left.
    """
    _let_go(stream)
    if stream is sys.stdout and not isinstance(error, BrokenPipeError):
        raise UsageError(f"stdout cannot be written: {error.strerror}") from None


def _let_go(stream: TextIO) -> None:
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, stream.fileno())
    os.close(nothing)
