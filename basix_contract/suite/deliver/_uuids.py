"""Channel uuids for the calls of a run: of every form there is, and never those of another run."""

from __future__ import annotations

import random
import re
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_VERSION_AT = 14
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_FIXED = (_VERSION_AT, 19)  # where version and variant stand (RFC 9562, 4.1 and 4.2)


class Uuids:
    """Draws uuids; the nonce keeps the same seed from naming the channels of an earlier run again."""

    def __init__(self, seed: int, nonce: str) -> None:
        self._random = random.Random(f"{seed} {nonce}")  # noqa: S311 - uuids that nobody need guess

    def draw(self, form: str = "v4") -> str:
        """Return a uuid of one of the FORMS."""
        digits = f"{self._random.getrandbits(128):032x}"
        plain = "-".join((digits[:8], digits[8:12], "4" + digits[13:16], "a" + digits[17:20], digits[20:]))
        return FORMS[form](plain)

    def like(self, shown: str) -> str:
        """Return a uuid of the version and letter case of the one shown."""
        if not _UUID.fullmatch(shown):
            return shown
        fresh = self.draw()
        drawn = "".join(
            old if at in _FIXED or old == "-" else new for at, (old, new) in enumerate(zip(shown, fresh, strict=True))
        )
        return drawn.upper() if shown.upper() == shown else drawn.lower()


def _version(digit: str) -> Callable[[str], str]:
    return lambda plain: plain[:_VERSION_AT] + digit + plain[_VERSION_AT + 1 :]


def _mixed(plain: str) -> str:
    return "".join(letter.upper() if at % 2 else letter for at, letter in enumerate(plain))


FORMS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "v4": str,
        "v1": _version("1"),
        "v3": _version("3"),
        "v7": _version("7"),
        "upper": str.upper,
        "mixed": _mixed,
    }
)
"""What a uuid can look like (A57), by a short name."""
