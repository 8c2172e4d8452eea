"""Questions to whoever sits at the terminal: asked on stderr, answered on stdin, each with a hint."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from basix_contract.errors import UsageError


def has_somebody_to_ask() -> bool:
    """Tell whether a person is there to answer: both ends of the talk are a terminal."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def ask(question: str, default: str = "") -> str:
    """Return the answer to a question, blanks around it taken off; the default for an empty one.

    Raises UsageError when nobody answers any more.
    """
    hint = f" [{default}]" if default else ""
    sys.stderr.write(f"{question}{hint}: ")
    sys.stderr.flush()
    answer = sys.stdin.readline()
    if not answer:
        sys.stderr.write("\n")
        raise UsageError("the questions were not answered, nothing is written", fix="answer them, or give options")
    return answer.strip() or default


def ask_for_each(question: str) -> Iterator[str]:
    """Yield answers to a question until an empty one."""
    while answer := ask(f"{question}; empty: no more"):
        yield answer
