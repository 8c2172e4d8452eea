"""Excerpts: what went over the wire, cut to fit a line and safe to print, whatever the other side has sent."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

_UUID = re.compile(r"\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", re.IGNORECASE)
_LONG_URL = re.compile(r"""(https?://[^\s"']{24})[^\s"']{2,}""")
_MORE = "…"


def printable(text: str) -> str:
    """Return the text with every character that could steer a terminal written as a Python escape."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text)


def shorten(text: str, limit: int) -> str:
    """Return at most `limit` printable characters; what is cut off shows as an ellipsis."""
    shown = printable(text)
    return shown if len(shown) <= limit else shown[: limit - len(_MORE)] + _MORE


def excerpt(value: object, limit: int) -> str:
    """Return a JSON value on one line, its uuids and URLs by their beginnings."""
    try:
        text = _UUID.sub(rf"\1{_MORE}", json.dumps(value, ensure_ascii=False))
    except RecursionError:
        return "(nested too deeply to be shown)"
    return shorten(_LONG_URL.sub(rf"\1{_MORE}", text), limit)


def excerpt_of_bytes(body: bytes, limit: int) -> str:
    """Return a body on one line: as JSON where it is JSON, as it came where it is not."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return shorten(body.decode("utf-8", "backslashreplace"), limit) or "(empty)"
    return excerpt(value, limit)


def first_of(names: Sequence[str], most: int) -> str:
    """Return the first names of a list, and how many more there are."""
    more = len(names) - most
    listed = ", ".join(names[:most])
    return f"{listed} and {more} more" if more > 0 else listed


def file_names(files: Sequence[Path]) -> str:
    """Return files by their folder, each folder named once."""
    folders = dict.fromkeys(file.parent for file in files)
    return "; ".join(
        f"{folder}: {', '.join(file.name for file in files if file.parent == folder)}" for folder in folders
    )


_PLAIN = str.maketrans(
    {
        "·": "-",
        "→": ">",
        "←": "<",
        "⇐": "<=",
        "⇒": "=>",
        "…": "...",
        "│": "|",
        "─": "-",
        "▶": ">",
        "◀": "<",
        "╌": ".",
        "┄": ":",
        "✗": "X",
        "•": "*",
    }
)


def encodable(text: str, encoding: str) -> str:
    """Return the text as this encoding can hold it: arrows become signs, the rest escapes."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(_PLAIN).encode(encoding, "backslashreplace").decode(encoding)
    return text
