"""Frozen nouns everybody may use: what goes over the wire, and what is wrong with it. No I/O, no rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

Headers: TypeAlias = tuple[tuple[str, str], ...]


def field_value(headers: Headers, name: str) -> str | None:
    """Return the first value of an HTTP field, whatever the case of its name; None when it is absent."""
    return next((value for key, value in headers if key.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request as bytes on the wire; `target` is the raw request target (path and query)."""

    method: str
    target: str
    headers: Headers
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Response:
    """An HTTP response as bytes on the wire."""

    status: int
    headers: Headers
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Violation:
    """One breach of the contract in one message: where it is, what is wrong, and what to do.

    `pointer` is a JSON pointer into the body, or `method`, `path`, `headers/…`, `status` outside it.
    `rule` is a short stable name of the broken rule (`required`, `type`, `user-selector`, …).
    """

    pointer: str
    text: str
    rule: str
    value: Any = field(default=None, hash=False)
