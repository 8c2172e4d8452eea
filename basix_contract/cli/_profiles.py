"""`profile init`, `profile check` and `profile schema`: profiles are written, looked at and described."""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from basix_contract.cli._exits import BAD_USAGE, OK
from basix_contract.cli._output import emit_json, emit_text, printable
from basix_contract.cli._questions import ask, ask_for_each, has_somebody_to_ask
from basix_contract.errors import UsageError
from basix_contract.profile import (
    Remark,
    build_profile,
    check_profile,
    is_loopback,
    load_profile,
    origin_of,
    profile_schema,
    write_profile,
)

_TOKEN_ENV = "BASIX_API_TOKEN"  # noqa: S105 - the name of a variable
_OWNER_ONLY = 0o600
_NEXT_MEMBER = re.compile(r",(?=\s*\w+\s*=)")
_QUESTIONS: Mapping[str, str] = MappingProxyType(
    {
        "users": "A user who may be rung, as id=10001001,name=jessica,extension=2001,outcome=answers",
        "destinations": "Where an answered call may lead to, as value=0312341234,ends_by_itself=true,ends_after_s=20",
    }
)

Lists = Mapping[str, Sequence[str]]


# ── init ──


def init_profile(file: Path, target: Mapping[str, str], lists: Lists, *, max_calls: int | None, replaces: bool) -> int:
    """Write a profile and tell what it still lacks; without any option it asks for what it needs.

    No token is asked for or written: the profile names the variable that holds it. Raises UsageError where there
    is a file already, and where a value is not what its key takes; nothing is written then.
    """
    if os.path.lexists(file) and not replaces:
        raise UsageError("there is such a file already", where=str(file), fix="choose another, or give --force")
    is_asked = not (any(target.values()) or any(lists.values()) or max_calls) and has_somebody_to_ask()
    table = _asked() if is_asked else _given(target, lists, max_calls)
    table["target"] = {"token_env": _TOKEN_ENV, **{name: value for name, value in table["target"].items() if value}}
    if table["target"].get("base_url"):
        origin_of(table["target"]["base_url"])
    profile = build_profile(table, where=str(file))
    _write(file, write_profile(profile), replaces=replaces)
    wrong = [remark for remark in check_profile(profile) if remark.severity == "error"]
    emit_text("".join([f"written: {file}\n", *map(_told, wrong), f"next: basix-contract profile check {file}\n"]))
    return OK


def _given(target: Mapping[str, str], lists: Lists, max_calls: int | None) -> dict[str, Any]:
    table: dict[str, Any] = {"target": dict(target), "limits": {} if max_calls is None else {"max_calls": max_calls}}
    for name, rows in lists.items():
        table[name] = [_row(row, f"--{name.removesuffix('s')}") for row in rows]
    return table


def _asked() -> dict[str, Any]:
    base_url = ask("Base URL of the PBX (empty: the kit's own mock PBX)")
    table: dict[str, Any] = {"target": {"base_url": base_url, "domain": ask("Domain to sign in with")}}
    table["target"]["token_env"] = ask("Environment variable that holds the API token", _TOKEN_ENV)
    for name, question in _QUESTIONS.items():
        table[name] = [_row(row, name) for row in ask_for_each(question)]
    if base_url and not is_loopback(urlsplit(base_url).hostname or ""):
        table["limits"] = {"max_calls": _whole(ask("How many calls may a run place at most", "80"), "max_calls")}
        table["live"] = {"time_zone": ask("Time zone of the telephones, for the quiet hours", "Asia/Tokyo")}
    return table


def _write(file: Path, text: str, *, replaces: bool) -> None:
    """Write a file that its owner alone can read: it names people and their numbers."""
    mode = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if replaces else os.O_EXCL)
    try:
        with os.fdopen(os.open(file, mode, _OWNER_ONLY), "w", encoding="utf-8") as opened:
            opened.write(text)
    except OSError as error:
        raise UsageError(f"the profile cannot be written: {error.strerror}", where=str(file)) from None


# ── rows, as KEY=VALUE,… ──


def _row(text: str, where: str) -> dict[str, Any]:
    """Read a row of a profile; a comma belongs to a value unless KEY= follows it."""
    row: dict[str, Any] = {}
    for member in _NEXT_MEMBER.split(text):
        key, equals, value = (part.strip() for part in member.partition("="))
        if not (key and equals):
            raise UsageError(
                f"{member.strip()!r} is not KEY=VALUE", where=where, fix="write name=jessica,extension=2001"
            )
        row[key] = _KINDS[key](value, key) if key in _KINDS else value
    return row


def _whole(value: str, key: str) -> int:
    if not re.fullmatch(r"[0-9]+", value, re.ASCII):
        raise UsageError(f"{key} must be a whole number", fix=f"change {key}")
    return int(value)


def _number(value: str, key: str) -> float:
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", value, re.ASCII):
        raise UsageError(f"{key} must be a number", fix=f"change {key}")
    return float(value)


def _flag(value: str, key: str) -> bool:
    if value not in ("true", "false"):
        raise UsageError(f"{key} must be true or false", fix=f"change {key}")
    return value == "true"


def _names(value: str, _key: str) -> list[str]:
    return value.split("+")


# What is no text in a profile, by its key.
_KINDS: Mapping[str, Callable[[str, str], Any]] = MappingProxyType(
    {
        "id": _whole,
        "terminals": _whole,
        "outcome_after_s": _number,
        "ends_after_s": _number,
        "auto_answer": _flag,
        "ends_by_itself": _flag,
        "groups": _names,
    }
)


# ── check ──


def check_file(file: Path, target: str, *, as_json: bool) -> int:
    """Return 0 when a run can be played from the profile, 2 when something stands in the way; both are told."""
    profile = load_profile(file)
    if target:
        origin_of(target)
    remarks = check_profile(profile, target=target, environ=os.environ)
    is_usable = not any(remark.severity == "error" for remark in remarks)
    if as_json:
        emit_json({"is_usable": is_usable, "remarks": [dataclasses.asdict(remark) for remark in remarks]})
    else:
        emit_text("".join([*map(_told, remarks), f"{file}: {_sum(remarks)}\n"]))
    return OK if is_usable else BAD_USAGE


def _told(remark: Remark) -> str:
    cost = f"\n        not testable: {', '.join(remark.rows)}" if remark.rows else ""
    return f"{remark.severity:<6}  {printable(remark.key)}: {remark.what}\n        {remark.fix}{cost}\n"


def _sum(remarks: Sequence[Remark]) -> str:
    errors = sum(remark.severity == "error" for remark in remarks)
    rows = {row for remark in remarks for row in remark.rows}
    cost = f"; {len(rows)} requirements stay untested" if rows else ""
    return f"not usable yet, {errors} to be mended{cost}" if errors else f"a run can be played from it{cost}"


# ── schema ──


def print_schema() -> int:
    """Print the JSON Schema of a profile."""
    emit_json(profile_schema())
    return OK
