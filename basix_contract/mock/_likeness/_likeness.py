"""How one PBX behaves, as data: what it accepts, how it refuses, and the manner of its replies and callbacks.

What was never seen is None or missing, and the mock keeps its own way there.
"""

from __future__ import annotations

import dataclasses
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from basix_contract.errors import UsageError

_T = TypeVar("_T")
_HEAD = """\
# How a PBX behaves, as seen in a run. Names nobody; may be changed by hand.
#   basix-contract mock --like FILE

"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How a request is refused: with an error id in the envelope, or with a page of this media type."""

    status: int
    id: str = ""
    media_type: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyManner:
    """What replies look like.

    `uuid_versions` are the version digits seen; `legs` is None where as many ring as the profile says. `members…` are
    the names of members beyond the documented ones, `headers` those of fields beyond the usual ones.
    """

    success_status: int | None = None
    media_type: str | None = None
    headers: tuple[str, ...] | None = None
    members: tuple[str, ...] | None = None
    members_of_errors: tuple[str, ...] | None = None
    members_beside_error_id: tuple[str, ...] | None = None
    error_result_code: int | None = None
    legs: int | None = None
    uuid_case: str | None = None
    uuid_versions: str | None = None
    has_sorted_uuids: bool | None = None
    after_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackManner:
    """What callbacks look like, when they come, and how often where the receiver does not say 2xx.

    `error_ids` tells the error id by the outcome of the user; `sent_when_answered` the number of callbacks by status.
    """

    media_type: str | None = None
    members: tuple[str, ...] | None = None
    members_of_errors: tuple[str, ...] | None = None
    error_ids: Mapping[str, str] = field(default_factory=dict)
    after_s: float | None = None
    is_before_reply: bool | None = None
    is_sent_after_refusal: bool | None = None
    sent_when_answered: Mapping[str, int] = field(default_factory=dict)
    repeat_after_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """The whole of it: `accepted` and `refused` go by the features of a request."""

    reply: ReplyManner = field(default_factory=ReplyManner)
    callback: CallbackManner = field(default_factory=CallbackManner)
    accepted: tuple[str, ...] = ()
    refused: Mapping[str, Answer] = field(default_factory=dict)


def write_likeness(likeness: Likeness) -> str:
    """Return the TOML text that `read_likeness` takes."""
    accepted = "".join(f"    {_value(feature)},\n" for feature in likeness.accepted)
    refused = {name: _told(answer) for name, answer in likeness.refused.items()}
    tables = {"reply": _told(likeness.reply), "callback": _told(likeness.callback), "refused": refused}
    parts = [f"accepted = [\n{accepted}]\n", *(_table(name, row) for name, row in tables.items())]
    return _HEAD + "\n".join(parts)


def _told(row: Any) -> dict[str, Any]:
    """Return what a dataclass says beyond its defaults."""
    default = {spot.name: spot.default for spot in dataclasses.fields(row)}
    return {name: value for name in default if (value := getattr(row, name)) not in (default[name], {})}


def _table(name: str, row: Mapping[str, Any]) -> str:
    keys = {key: key if key.isidentifier() else _value(key) for key in row}
    return f"[{name}]\n" + "".join(f"{keys[key]} = {_value(value)}\n" for key, value in row.items())


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return (
            "{ "
            + ", ".join(f"{key if key.isidentifier() else _value(key)} = {_value(item)}" for key, item in value.items())
            + " }"
        )
    if isinstance(value, tuple):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    if isinstance(value, str):  # what JSON escapes TOML escapes alike, but for DEL and halves of characters
        text = value.encode("utf-8", "replace").decode("utf-8")
        return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
    return json.dumps(value)


def read_likeness(path: Path) -> Likeness:
    """Return the likeness in a file; raises UsageError naming what is wrong in it, and where."""
    try:
        told = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UsageError(f"the likeness cannot be read: {error.strerror}", where=str(path)) from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"the likeness is no TOML: {error}", where=str(path)) from None
    try:
        return Likeness(
            reply=_made(ReplyManner, told.pop("reply", {})),
            callback=_made(CallbackManner, told.pop("callback", {})),
            refused={name: _made(Answer, row) for name, row in told.pop("refused", {}).items()},
            **_named(Likeness, told),
        )
    except (TypeError, AttributeError, ValueError) as error:
        message = f"this is no likeness of a PBX: {error}"
        raise UsageError(message, where=str(path), fix="write one with `basix-contract observe`") from None


def _made(kind: type[_T], row: Mapping[str, Any]) -> _T:
    return kind(**_named(kind, row))


def _named(kind: type[Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members of a row as a dataclass takes them; raises ValueError for one it cannot take."""
    spots = {spot.name: str(spot.type) for spot in dataclasses.fields(kind)}
    found: dict[str, Any] = {}
    for name, value in row.items():
        if name not in spots:
            raise ValueError(f"unknown key {name!r}")
        if not _fits(value, spots[name]):
            raise ValueError(f"{name} cannot be {value!r}")
        found[name] = tuple(value) if isinstance(value, list) else value
    return found


_KINDS: Mapping[str, tuple[type[Any], ...]] = {
    "int": (int,),
    "float": (int, float),
    "str": (str,),
    "bool": (bool,),
    "tuple[str, ...]": (list,),
    "Mapping[str, str]": (dict,),
    "Mapping[str, int]": (dict,),
}
_INSIDE: Mapping[str, type[Any]] = {"tuple[str, ...]": str, "Mapping[str, str]": str, "Mapping[str, int]": int}


def _fits(value: Any, kind: str) -> bool:
    plain = kind.removesuffix(" | None")
    if not isinstance(value, _KINDS[plain]) or (isinstance(value, bool) and plain != "bool"):
        return False
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return all(isinstance(item, _INSIDE[plain]) for item in inside)
