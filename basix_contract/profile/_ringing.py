"""For how long a request could ring somebody: what it says in answer_timeout, in whatever form it says it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from basix_contract.profile._people import Known

_NAME = "answer_timeout"
_NAMED = re.compile(rf"{_NAME}[\"'\\\s]*[:=>][\"'\\\s]*(?P<seconds>[^\s,}}\]&\"'<\\]*)")
_MOST_DIGITS = 3


def members_ring_briefly(members: tuple[Known, ...], longest_s: int) -> bool:
    """Tell whether a JSON object says by that very name how long it rings, and nowhere that it is long."""
    given = [value for known, _, value in members if known == _NAME]
    is_exact = any(name == _NAME for _, name, _ in members)
    return is_exact and all(type(value) is int and 1 <= value <= longest_s for value in given)


def text_rings_briefly(raw: bytes, longest_s: int) -> bool:
    """Tell the same of a body that is no JSON object, or of a query."""
    text = raw.decode("latin-1")
    found = [match["seconds"] for match in _NAMED.finditer(text)]
    return 0 < len(found) == text.count(_NAME) and all(_is_short(seconds, longest_s) for seconds in found)


def _is_short(seconds: str, longest_s: int) -> bool:
    is_number = seconds.isascii() and seconds.isdigit() and len(seconds) <= _MOST_DIGITS
    return is_number and 1 <= int(seconds) <= longest_s
