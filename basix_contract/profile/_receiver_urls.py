"""Which callback URLs are ours: those that every reader, careful or careless, takes to our own receiver."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from basix_contract.profile._reading import scalars
from basix_contract.profile._texts import names_parameter

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCHEME = r"(?:(?:https?|ftp|mailto):)?/{0,2}"
# No blank, backslash, quote or fragment: about these URL readers disagree. An @ counts where no host can follow it.
_TAIL = r"(?:[A-Za-z0-9/?&=%._~+!$'()*,;:-]|@(?=&|$))*"
_LONGEST = 2_000
_MOST_URLS = 10
# URLs that name no host at all, whatever stands before or behind them is added.
_NO_HOST = re.compile(r"(?:https?://)?|/(?:[a-z_]+(?:/[a-z_]+)*)?|[a-z]+(?: [a-z]+)+")
_UNROUTED = range(1, 256)  # as IPv4 addresses these numbers are 0.0.0.x, which reaches nobody
_HEX_DIGITS = re.compile(r"%(?![0-9A-Fa-f]{2})")
_TRICKS = ("..", ":/", "\\", "\0", "\r", "\n")
# Who looks for a host behind the last slashes must find none there.
_SECOND_HOST = re.compile(r"//(?!/|[a-z]{0,10}(?:[/?&]|$))")
# Parameters in a query are harmless only where they are empty: the whole body may be read as a form.
_EMPTY_PARAMETER = re.compile(r"\b(?:user|group)_[a-z]+=(?=&|$)|\b(?:destination|callback_url|auto_answer)=(?=&|$)")


class ReceiverUrls:
    """Recognises our own URLs; `place` is the `host:port/path/` under which our receiver is reached."""

    def __init__(self, place: str) -> None:
        self._place = place.rstrip("/") + "/" if place else ""
        self._pattern = re.compile(_SCHEME + re.escape(self._place) + f"(?P<tail>{_TAIL})")

    def doubts_about(self, value: Any) -> Iterator[str]:
        """Yield a rule for everything in a callback_url that could make somebody else be called."""
        for number, part in enumerate(scalars(value)):
            if number >= _MOST_URLS or not self._is_safe(part):
                yield "callback"

    def is_ours(self, url: str) -> bool:
        """Tell whether a URL, with or without its scheme and slashes, leads to our receiver and nowhere else."""
        if not self._place or len(url) > _LONGEST:
            return False
        found = self._pattern.fullmatch(url)
        return found is not None and not _is_tricky(found["tail"])

    def _is_safe(self, part: Any) -> bool:
        if not isinstance(part, str):
            return isinstance(part, int) and part in _UNROUTED
        return len(part) <= _LONGEST and (_NO_HOST.fullmatch(part) is not None or self.is_ours(part))


def _is_tricky(tail: str) -> bool:
    """Tell whether a path could lead away from our place once a reader has decoded or resolved it."""
    if _HEX_DIGITS.search(tail):
        return True
    once = unquote(tail, errors="replace")
    texts = (tail, once, unquote(once, errors="replace"))
    if any(_SECOND_HOST.search(text) or any(trick in text for trick in _TRICKS) for text in texts):
        return True
    return names_parameter(_EMPTY_PARAMETER.sub("", texts[2]))
