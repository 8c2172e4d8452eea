"""Reads what a program prints: lines where lines are wanted, and in all of it any token that should not be there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from basix_contract.suite._redact import spellings

if TYPE_CHECKING:
    from collections.abc import Iterator

_OVERLAP_BYTES = 1024
_LONGEST_LINE_BYTES = 1_048_576


class LeakWatch:
    """Knows the tokens that were handed out, and finds them in a stream of bytes however it is cut up.

    All of them hold `prefix`: what has it in no spelling is not searched for any of them.
    """

    def __init__(self, prefix: str) -> None:
        self._prefixes = [word.lower() for word in spellings(prefix)]
        self._words: dict[bytes, str] = {}
        self._tails: dict[str, bytes] = {}

    def hand_out(self, case_id: str, token: str) -> None:
        """Watch for this token too."""
        self._words.update({word.lower(): case_id for word in spellings(token)})

    def feed(self, stream: str, raw: bytes) -> frozenset[str]:
        """Return the calls whose tokens stand in what this stream has printed since the last time."""
        seen = self._tails.get(stream, b"") + raw.lower()
        self._tails[stream] = seen[-_OVERLAP_BYTES:]
        if not any(prefix in seen for prefix in self._prefixes):
            return frozenset()
        return frozenset(case_id for word, case_id in self._words.items() if word in seen)


class Lines:
    """Cuts a stream into lines; `overlong_bytes` is how much of a line without end has come."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, raw: bytes) -> Iterator[bytes]:
        """Yield the lines that are complete now."""
        self._rest += raw
        *lines, rest = bytes(self._rest).split(b"\n")
        self._rest = bytearray(rest)
        yield from lines

    @property
    def is_overlong(self) -> bool:
        """True once a line is longer than any answer can be."""
        return len(self._rest) > _LONGEST_LINE_BYTES
