"""Bytes to the members of a JSON object, none lost: repeated ones stay, in order, at every depth."""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

Member: TypeAlias = tuple[str, Any]

_WIDE_MARKS = (b"\xff\xfe\0\0", b"\0\0\xfe\xff", b"\xff\xfe", b"\xfe\xff")
_DROPPED = bytes(set(range(128)) - set(b"abcdefghijklmnopqrstuvwxyz0123456789"))


class Members(list[Member]):
    """The members of one JSON object, a repeated name as often as it stands there."""


def read_members(raw: bytes) -> Members | None:
    """Return the members of a body that every reader takes for the same JSON object; None for every other body.

    UTF-8 may begin with its mark. UTF-16 and UTF-32 count only for ASCII text: of that no other reading makes
    other letters.
    """
    text = _text(raw)
    if text is None:
        return None
    try:
        value = json.loads(text, object_pairs_hook=Members)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, Members) else None


def plain_name(name: str) -> str:
    """Return what is left of a name for the most obliging server: its letters and digits, in lower case, unaccented."""
    if not name.isascii():
        name = unicodedata.normalize("NFKD", name).casefold().replace("ı", "i")
    return name.encode("ascii", "ignore").lower().translate(None, _DROPPED).decode()


def is_void(value: Any) -> bool:
    """Tell whether a value names nobody and nothing: null, a boolean, blanks, `{}`, and lists of nothing else."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list) and not isinstance(part, Members):
            waiting.extend(part)
        elif not _is_nothing(part):
            return False
    return True


def scalars(value: Any) -> Iterator[Any]:
    """Yield every text and number inside a value, the names of members too; nothing for what is void."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Members):
            waiting.extend(piece for member in part for piece in member)
        elif isinstance(part, list):
            waiting.extend(part)
        elif not _is_nothing(part):
            yield part


def _is_nothing(value: Any) -> bool:
    return value is None or isinstance(value, bool) or (not isinstance(value, int | float) and not _trimmed(value))


def _trimmed(value: Any) -> Any:
    return value.strip(" \t\r\n") if isinstance(value, str) else value


def _text(raw: bytes) -> str | None:
    is_wide = raw.startswith(_WIDE_MARKS) or b"\0" in raw[:4]
    encoding = json.detect_encoding(raw) if is_wide else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        return None
    return text if text.isascii() or not is_wide else None
