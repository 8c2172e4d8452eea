"""How a selector's value is read: ids are numbers, extensions and DIDs digits, all else text."""

from __future__ import annotations

from typing import Any

from basix_contract.mock._behaviour._rules import Rules
from basix_contract.mock._directory import Value
from basix_contract.mock._exchange import Refusal
from basix_contract.mock._words import attribute_of

# No id or telephone number is longer (E.164: 15 digits), and int() refuses texts of thousands of digits.
_MAX_DIGITS = 32


class SelectorRules(Rules):
    """Decisions that user and group selectors share (A04–A06)."""

    def read_selector(self, name: str, value: Any) -> Value | Refusal:
        """Return the value to look for, or why it cannot be one of this selector."""
        readers = {"id": self.read_id, "extension": self.read_dial_code, "did": self.read_dial_code}
        read = readers.get(attribute_of(name), self.read_name)(value)
        return Refusal("invalid_parameter", f"{name} cannot be this") if read is None else read

    def read_id(self, value: Any) -> int | None:
        """Return the id: a positive whole number, or its digits as text where the switch allows it."""
        if isinstance(value, str) and self.settings.id_digit_strings == "accept" and is_digits(value):
            value = int(value)
        number = self.read_whole(value)
        return number if number is not None and number > 0 else None

    def read_dial_code(self, value: Any) -> str | None:
        """Return the extension or DID as text; a JSON number where the switch allows it."""
        if type(value) is int and self.settings.number_extensions == "accept":
            return format(value, "d") if 0 <= value < 10**_MAX_DIGITS else None
        return value if isinstance(value, str) else None

    def read_name(self, value: Any) -> str | None:
        """Return the name, label or e-mail: text, trimmed where the switch says so."""
        if not isinstance(value, str):
            return None
        return value.strip() if self.settings.trims_text else value

    def read_whole(self, value: Any) -> int | None:
        """Return a whole number; `true` is none, and 30.0 is one where the switch allows it."""
        if isinstance(value, float) and value.is_integer() and self.settings.whole_floats == "accept":
            return int(value)
        return value if type(value) is int else None

    def is_same(self, own: Value, given: Value) -> bool:
        """Whether a value of the directory is the one asked for."""
        if self.settings.ignores_case and isinstance(own, str) and isinstance(given, str):
            return own.casefold() == given.casefold()
        return own == given


def is_digits(text: str) -> bool:
    """Return whether the text is ASCII digits, and few enough to be a number of anything."""
    return text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS
