"""What sort of value a parameter has: as fine as PBXes tell values apart, and no finer."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

_LONGEST_TIMEOUT_S = 180
_LONGEST_NAME = 64
_SORTS = {bool: "boolean", int: "number", list: "a list", dict: "an object"}


def class_of(value: Any) -> str:
    """Return the sort of any JSON value."""
    if value is None:
        return "null"
    if isinstance(value, str):
        return _class_of_text(value)
    if isinstance(value, float):
        return "whole fraction" if value.is_integer() else "fraction"
    if value in ({}, []):
        return f"empty {'object' if value == {} else 'list'}"
    return _SORTS[type(value)]


def _class_of_text(text: str) -> str:
    if not text.strip():
        return "blank" if text else "empty"
    return "digits" if text.isascii() and text.isdigit() else "text"


def class_of_timeout(value: Any) -> str:
    """Return the sort of an answer_timeout."""
    if type(value) is not int:
        return class_of(value)
    if value <= 0:
        return "zero" if value == 0 else "below zero"
    return "in seconds" if value <= _LONGEST_TIMEOUT_S else "above 180"


def class_of_name(value: Any) -> str:
    """Return the sort of a calling_name."""
    if not isinstance(value, str) or not value:
        return class_of(value)
    if not value.isascii():
        return "beyond ASCII"
    if not value.isprintable():
        return "with control characters"
    return "in ASCII" if len(value) <= _LONGEST_NAME else "longer than 64"


def class_of_url(value: Any) -> str:
    """Return the sort of a callback_url."""
    if not isinstance(value, str) or not value:
        return class_of(value)
    try:
        parts = urlsplit(value)
    except ValueError:
        return "no URL"
    if parts.scheme.lower() not in ("http", "https"):
        return "no http URL"
    return "given" if parts.hostname else "without a host"
