"""Fills what scenario files leave open: uuids, marks, digits and texts, drawn from the seed and the call's name.

The same seed fills the same call in the same way, whatever else is played.
"""

from __future__ import annotations

import random
import re
import string
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_ALPHABET = string.digits + string.ascii_lowercase
_SLOT = re.compile(r"\{(uuid|uuid-v1|uuid-v3|UUID|mark|token|digits|number|text)(?:\*([0-9]+))?\}")
_WORDS = (
    "Popeye",
    "Olive Oyl",
    "München",
    "Łódź",
    "Ελένη",
    "Тарас",
    "営業 第一",
    "ユーザ・10001000",
    "דנה",
    "한빛",
    "📞 hotline",
)
_PREFIX_LENGTH, _TOKEN_LENGTH, _MARK_LENGTH = 8, 10, 6


def token_prefix(seed: int) -> str:
    """Return what every token of a run begins with."""
    return "tk" + "".join(random.Random(f"{seed}").choices(_ALPHABET, k=_PREFIX_LENGTH))  # noqa: S311 - no secret


class Filler:
    """Fills one call's slots; `token` is this call's own, and stands in no other call."""

    def __init__(self, seed: int, case_id: str) -> None:
        self._random = random.Random(f"{seed}/{case_id}")  # noqa: S311 - chance for variety, not for secrecy
        self.token = token_prefix(seed) + self._some(_ALPHABET, _TOKEN_LENGTH)
        self.mark = "m" + self._some(_ALPHABET, _MARK_LENGTH)

    def fill(self, value: Any) -> Any:
        """Return a value of a scenario file with its slots filled; `{uuid*20}` in a list becomes twenty of them.

        A text that is nothing but `{number*8}` becomes a number of eight digits.
        """
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, Mapping):
            return {name: self.fill(item) for name, item in value.items()}
        if isinstance(value, list | tuple):
            return [item for part in value for item in self._items(part)]
        return value

    def _items(self, value: Any) -> list[Any]:
        slot = _SLOT.fullmatch(value) if isinstance(value, str) else None
        if slot and slot[1].lower().startswith("uuid") and slot[2]:
            return [self._slot(slot[1], 1) for _ in range(int(slot[2]))]
        return [self.fill(value)]

    def _text(self, value: str) -> Any:
        whole = _SLOT.fullmatch(value)
        if whole and whole[1] == "number":
            return int(self._slot(whole[1], int(whole[2] or 1)))
        return _SLOT.sub(lambda slot: self._slot(slot[1], int(slot[2] or 1)), value)

    def _slot(self, name: str, number: int) -> str:
        fillings: Mapping[str, Callable[[], str]] = {
            "uuid": lambda: self._uuid(4),
            "uuid-v1": lambda: self._uuid(1),
            "uuid-v3": lambda: self._uuid(3),
            "UUID": lambda: self._uuid(4).upper(),
            "mark": lambda: self.mark,
            "token": lambda: self.token,
            "digits": lambda: self._some(string.digits, number),
            "number": lambda: self._some(string.digits[1:], 1) + self._some(string.digits, number - 1),
            "text": lambda: " ".join(self._random.sample(_WORDS, number)),
        }
        return fillings[name]()

    def _some(self, letters: str, number: int) -> str:
        return "".join(self._random.choices(letters, k=number))

    def _uuid(self, version: int) -> str:
        return str(uuid.UUID(bytes=self._random.randbytes(16), version=version))
