"""A profile as TOML text for people: every key with what it means, what is not given as an example to uncomment."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from basix_contract.errors import UsageError
from basix_contract.profile._hosts import is_loopback
from basix_contract.profile._keys import KEYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from basix_contract.profile._model import Profile

_HEAD = """\
# Whom and what the kit may call. Nothing outside this file is ever sent to the target: no other user, group,
# destination or calling number. `basix-contract profile check` says what is missing and what that costs.
"""
_TABLES = ("target", "callback", "limits", "live")
_LISTS = ("users", "groups", "destinations")
# What stands in the place of rows that were not given: placeholders, none of which can ring.
_EXAMPLES: dict[str, tuple[tuple[str, object], ...]] = {
    "users": (("name", "fill-in"), ("extension", "fill-in"), ("outcome", "answers"), ("outcome_after_s", 5.0)),
    "groups": (("name", "fill-in"), ("kind", "ring")),
    "destinations": (("value", "fill-in"), ("kind", "pstn"), ("calling_number", "fill-in"), ("ends_by_itself", True)),
}
_ABSENT_EXAMPLE = '[{ name = "nobody-here" }]'
_ALWAYS = (("users", "outcome"), ("groups", "kind"), ("destinations", "kind"))
_MEANING_AT = 44


def write_profile(answers: Profile) -> str:
    """Return a profile as commented TOML; reading it gives the same profile again.

    Raises UsageError when it holds a token and its target is not this machine: a token in a file travels.
    """
    host = urlsplit(answers.target.base_url).hostname or "localhost"
    if answers.target.token and not is_loopback(host):
        raise UsageError(
            "a token is written for a target on this machine only", where="target.token", fix="give token_env instead"
        )
    blocks = [_HEAD, *(_single(answers, name) for name in _TABLES)]
    for name in _LISTS:
        rows = getattr(answers, name)
        blocks += [_row(name, row, is_first=row is rows[0]) for row in rows] or [_example(name)]
    return "\n".join([*blocks, _absent(answers), _unsupported(answers)])


def _single(answers: Profile, name: str) -> str:
    table = getattr(answers, name)
    lines = [_line(name, spot.name, getattr(table, spot.name)) for spot in dataclasses.fields(table)]
    return _block(f"[{name}]", name, lines)


def _row(name: str, row: Any, *, is_first: bool) -> str:
    """Write what a row gives, and what kind it is even where that is the default."""
    lines = [
        _line(name, spot.name, value, is_explained=is_first)
        for spot in dataclasses.fields(row)
        if (value := getattr(row, spot.name)) != spot.default or (name, spot.name) in _ALWAYS
    ]
    return _block(f"[[{name}]]", name if is_first else "", lines)


def _example(name: str) -> str:
    lines = ["# " + _line(name, key, value).removeprefix("# ") for key, value in _EXAMPLES[name]]
    return _block(f"# [[{name}]]", name, lines)


def _absent(answers: Profile) -> str:
    lines = []
    for key in ("users", "groups"):
        rows = getattr(answers.absent, key)
        shown = "[" + ", ".join(_inline(row) for row in rows) + "]" if rows else _ABSENT_EXAMPLE
        lines += [f"# {KEYS[f'absent.{key}']}", f"{'' if rows else '# '}{key} = {shown}"]
    return _block("[absent]", "absent", lines)


def _unsupported(answers: Profile) -> str:
    return _block("[unsupported]", "unsupported", [_line("unsupported", "rows", answers.unsupported.rows)])


def _block(head: str, meaning: str, lines: Iterable[str]) -> str:
    said = [f"# {KEYS[meaning]}"] if meaning else []
    return "\n".join([*said, head, *lines]) + "\n"


def _line(table: str, key: str, value: object, *, is_explained: bool = True) -> str:
    """Write one key; one that has no value, and a token that is not given, are left to be uncommented."""
    is_left = value is None or (key == "token" and not value)
    text = f"{'# ' if is_left else ''}{key} = {_text(0 if value is None else value)}"
    return f"{text + ' ':<{_MEANING_AT}}# {KEYS[f'{table}.{key}']}" if is_explained else text


def _text(value: object) -> str:
    """Write a value as TOML: what JSON escapes in a text TOML reads alike."""
    if isinstance(value, tuple):
        return "[" + ", ".join(_text(part) for part in value) + "]"
    if isinstance(value, float):
        return repr(value)
    return json.dumps(value, ensure_ascii=False)


def _inline(row: dict[str, Any]) -> str:
    return "{ " + ", ".join(_pairs(row)) + " }"


def _pairs(row: dict[str, Any]) -> Iterator[str]:
    for key, value in row.items():
        yield f"{key} = {_text(value)}"
