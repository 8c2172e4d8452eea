"""The text form that carries an identity in front of a number, built so that every PBX reads it alike (A27).

The document shows `{name=Charles Xavier,organization=X-Men}0312341234` once and explains nothing: whatever would need
a rule for quoting is refused here, and belongs into the object form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from basix_contract.client._errors import InvalidRequest
from basix_contract.messages import Violation


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineForm:
    """The marks of the form, and the characters that no value of it may hold."""

    prefix: str
    suffix: str
    pair_separator: str
    key_separator: str
    unsafe: tuple[str, ...]

    def written(self, number: str, identity: Mapping[str, str | None]) -> str:
        """Return the text of a number with the identity that is not None; the number alone where there is none.

        Raises InvalidRequest when a value could be read in more than one way.
        """
        given = {key: value for key, value in identity.items() if value is not None}
        if found := tuple(self._doubts({**given, "the number": number})):
            raise InvalidRequest(found)
        pairs = self.pair_separator.join(f"{key}{self.key_separator}{value}" for key, value in given.items())
        return f"{self.prefix}{pairs}{self.suffix}{number}" if pairs else number

    def _doubts(self, texts: Mapping[str, Any]) -> Iterator[Violation]:
        for name, text in texts.items():
            if not isinstance(text, str) or not text or text != text.strip():
                yield Violation("", f"{name} must be text that is not empty and has no blanks around it", "inline")
            elif not text.isprintable() or any(mark in text for mark in self.unsafe):
                marks = " ".join(self.unsafe)
                yield Violation("", f"{name} must be printable and hold none of {marks}: use an object", "inline")
