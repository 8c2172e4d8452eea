"""Redaction: secrets and personal values become stable pseudonyms before anything is written down.

Only what crossed the wire goes through here; titles, ids and reasons are the kit's own words and name nobody.
The form of a message survives: JSON stays JSON, uuids and result codes stay as they are, and a pseudonym is one
lower snake_case word, so that judging the journal is judging what happened.
"""

from __future__ import annotations

import base64
import html
import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

from basix_contract.profile import normal_form

if TYPE_CHECKING:
    from collections.abc import Iterator

    from basix_contract.messages import Headers
    from basix_contract.profile import Profile

_PERSONAL = ("id", "name", "label", "extension", "did", "email")
_FIRST_NUMBER = 9_000_000_000_000_000  # numbers become these, which no telephone or id has, and JSON stays JSON
_SHORT_DIGITS = 6
_SHORT_TEXT = 4
_SHORTEST_BASE64 = 8
_MOST_REMEMBERED = 4096
_LONGEST_REMEMBERED = 256
_SECRET_FIELDS = ("authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key")

# What the contract itself says is never anybody's: these spellings are passed over wherever they stand.
_OURS = (
    rb"\"result_code\"\s*:\s*-?[0-9.eE+-]+|"
    rb"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|"
    rb"unsupported|result_code|uuids?|channel_limit_reached|authentication_required|call_user|application/json|"
    rb"\"(?:user|group)_(?:id|name|label|extension|did|email|resolver)\"|\"calling_(?:name|number)\"|"
    rb"\"(?:called_number|end_user|name|label|id|error|destination|organization|prefecture|avatar)\"\s*:"
)


class Redactor:
    """Replaces every value of a profile, however encoded, by its pseudonym; the same value always by the same."""

    def __init__(self, profile: Profile, token: str) -> None:
        self._words: dict[bytes, bytes] = {}
        self._values: dict[bytes, str] = {}
        self._numbers: dict[bytes, bytes] = {}
        self._known: dict[bytes, bytes] = {}
        for pseudonym, value in _values(profile, token):
            self.learn(pseudonym, value)
        self._patterns: dict[tuple[bytes, ...], re.Pattern[bytes]] = {}

    def learn(self, pseudonym: str, value: str) -> None:
        """Replace this value too from now on; one that is known keeps its pseudonym."""
        self._values.setdefault(pseudonym.encode(), value)
        self._numbers.setdefault(pseudonym.encode(), str(_FIRST_NUMBER + len(self._numbers)).encode())
        for spelling in spellings(value):
            self._words.setdefault(spelling.lower(), pseudonym.encode())
        self._known.clear()

    def redact(self, raw: bytes) -> bytes:
        """Return bytes in which no value of the profile is left."""
        if len(raw) > _LONGEST_REMEMBERED:
            return self._redacted(raw)
        if raw not in self._known:  # field values come again and again, and each costs a search for every word
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            self._known[raw] = self._redacted(raw)
        return self._known[raw]

    def _redacted(self, raw: bytes) -> bytes:
        lowered = raw.lower()
        present = tuple(word for word in self._words if word in lowered)
        return self._pattern(present).sub(self._replace, raw) if present else raw

    def _pattern(self, words: tuple[bytes, ...]) -> re.Pattern[bytes]:
        """One pattern for the words a message holds: searching for all of them at every byte would be slow."""
        if words not in self._patterns:
            parts = [_bounded(word) for word in sorted(words, key=len, reverse=True)]
            self._patterns[words] = re.compile(rb"(?P<ours>" + _OURS + rb")|" + rb"|".join(parts), re.IGNORECASE)
        return self._patterns[words]

    def redact_text(self, text: str) -> str:
        """Return text in which no value of the profile is left."""
        return self.redact(text.encode("utf-8", "surrogatepass")).decode("utf-8", "replace")

    def redact_headers(self, headers: Headers) -> Headers:
        """Return fields without values of the profile; those that carry credentials lose their whole value."""
        return tuple(
            (name, "redacted_credentials" if name.lower() in _SECRET_FIELDS else self.redact_text(value))
            for name, value in headers
        )

    def restore(self, raw: bytes) -> bytes:
        """Put the values of the profile back, for playing a journaled request again."""
        for pseudonym in sorted(self._values, key=len, reverse=True):
            value = self._values[pseudonym]
            inner = json.dumps(value)[1:-1].encode()
            raw = raw.replace(pseudonym, inner).replace(self._numbers[pseudonym], inner)
        return raw

    def _replace(self, found: re.Match[bytes]) -> bytes:
        if found.group("ours") is not None:
            return found.group()
        pseudonym = self._words[found.group().lower()]
        if found.group().isdigit() and _is_bare_number(found):
            return self._numbers[pseudonym]
        return pseudonym


def _values(profile: Profile, token: str) -> Iterator[tuple[str, str]]:
    """Yield pseudonym and value, secrets first."""
    yield "redacted_token", token
    if len(token) > _SHORT_TEXT:  # the near misses that the kit makes of it give most of it away
        yield "redacted_near_token", token[:-1]
        yield "redacted_turned_token", token[::-1]
    yield "redacted_domain", profile.target.domain
    for kind, rows in (("users", profile.users), ("groups", profile.groups)):
        for number, row in enumerate(rows):
            for name in _PERSONAL:
                value = getattr(row, name, None)
                if value not in (None, ""):
                    yield f"redacted_{kind}_{number}_{name}", str(value)
    for number, destination in enumerate(profile.destinations):
        yield f"redacted_destinations_{number}", destination.value
        if destination.calling_number:
            yield f"redacted_destinations_{number}_calling_number", destination.calling_number


def spellings(value: str) -> Iterator[bytes]:
    """Yield every encoding a value can take on its way through HTTP, JSON, URLs and logs."""
    if not value:
        return
    for text in dict.fromkeys((value, normal_form(value), *_number_forms(value))):
        yield from _text_spellings(text)


def _text_spellings(text: str) -> Iterator[bytes]:
    yield text.encode()
    yield json.dumps(text)[1:-1].encode()
    yield quote(text, safe="").encode()
    yield quote_plus(text).encode()
    yield quote(text).encode()
    yield html.escape(text).encode()
    yield text.encode("utf-16-le")
    yield text.encode("utf-16-be")
    if text.isascii() and len(text) > _SHORT_TEXT:
        yield text.encode().hex().encode()
    yield from _base64_cores(text.encode())


def _number_forms(value: str) -> tuple[str, ...]:
    """Return a telephone number as the world writes it: with the country code, with and without its plus."""
    digits = normal_form(value)
    if not digits.isdigit() or len(digits) < _SHORT_DIGITS or not digits.startswith("0"):
        return ()
    return (f"+81{digits[1:]}", f"81{digits[1:]}", digits[1:], f"{digits[:2]}-{digits[2:6]}-{digits[6:]}")


def _base64_cores(raw: bytes) -> Iterator[bytes]:
    """Yield what stays the same of a value's base64 wherever in a longer text it stands."""
    for offset in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            core = encode(b"\0" * offset + raw).rstrip(b"=")
            core = core[(0, 2, 3)[offset] : len(core) - 1 if (offset + len(raw)) % 3 else len(core)]
            if len(core) >= _SHORTEST_BASE64:
                yield core


def _bounded(word: bytes) -> bytes:
    """Short values count only where they stand alone: 2001 in the middle of a longer number is not an extension."""
    shortest = _SHORT_DIGITS if word.isdigit() else _SHORT_TEXT
    if len(word) >= shortest:
        return re.escape(word)
    return rb"(?:(?<![0-9A-Za-z_])|(?<=%[0-9A-Fa-f]{2}))" + re.escape(word) + rb"(?![0-9A-Za-z_])"


def _is_bare_number(found: re.Match[bytes]) -> bool:
    """Tell whether a run of digits is a JSON number: its pseudonym must then be a number too."""
    before = found.string[: found.start()].rstrip()[-1:]
    after = found.string[found.end() :].lstrip()[:1]
    return before in (b":", b",", b"[") and after in (b",", b"}", b"]")
