"""Random texts over an alphabet.

Made of bytes: Hypothesis' own texts need its table of Unicode, which it works out in half a second and keeps in a
folder beside whoever runs it.
"""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st

_BYTE = 256
_PLAIN = 192  # of the first bytes of a pair, so many stand for a plain letter
# Blocks of every plane and many scripts, halves of characters left out; plain ones first.
_BLOCKS = (
    (0x61, 0x7F),
    (0x20, 0x61),
    (0x00, 0x20),
    (0x7F, 0x3100),
    (0x4E00, 0x5200),
    (0xAC00, 0xAD00),
    (0xE000, 0xE010),
    (0xFB00, 0x10000),
    (0x1D400, 0x1D500),
    (0x1F1E6, 0x1F700),
    (0x20000, 0x20100),
    (0xE0000, 0xE0080),
    (0x10FFF0, 0x110000),
)


@cache
def all_letters() -> str:
    """Return characters of every plane."""
    return "".join(chr(code) for start, end in _BLOCKS for code in range(start, end))


def text_of(letters: str, *, shortest: int = 1, longest: int) -> st.SearchStrategy[str]:
    """Return a strategy for texts of these letters that shrinks to fewer of them, and to the first of them."""
    if len(letters) <= _BYTE:
        return st.binary(min_size=shortest, max_size=longest).map(
            lambda raw: "".join(letters[byte % len(letters)] for byte in raw)
        )
    return st.binary(min_size=2 * shortest, max_size=2 * longest).map(lambda raw: _wide(letters, raw))


def _wide(letters: str, raw: bytes) -> str:
    pairs = zip(raw[::2], raw[1::2], strict=False)
    return "".join(letters[((high << 8 | low) if high >= _PLAIN else low) % len(letters)] for high, low in pairs)
