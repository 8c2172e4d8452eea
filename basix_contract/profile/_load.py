"""TOML text to a `Profile`: every key and type is checked, and an unknown key names the nearest known one."""

from __future__ import annotations

import dataclasses
import difflib
import tomllib
import types
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from basix_contract.errors import UsageError
from basix_contract.profile._model import Profile
from basix_contract.profile._ranges import ensure_sensible

if TYPE_CHECKING:
    from collections.abc import Mapping

_LARGEST = 2**53


def load_profile(path: str | Path) -> Profile:
    """Read and check a profile file.

    Raises UsageError naming file, key and what to change when the file cannot be read or a value is not
    what its key takes.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise UsageError(
            f"the profile cannot be read: {reason}", where=str(path), fix="give the path of a TOML profile"
        ) from None
    return parse_profile(text, where=str(path))


def parse_profile(text: str, *, where: str = "profile") -> Profile:
    """Turn TOML text into a checked `Profile`; errors are UsageError as for `load_profile`."""
    try:
        table = tomllib.loads(text)
    except RecursionError:
        raise UsageError("not valid TOML: it is nested too deeply", where=where, fix="give a profile") from None
    except ValueError as error:
        raise UsageError(f"not valid TOML: {error}", where=where, fix="mend that line") from None
    return build_profile(table, where=where)


def build_profile(table: Mapping[str, Any], *, where: str = "profile") -> Profile:
    """Turn tables as TOML would give them into a checked `Profile`; errors are UsageError as for `load_profile`."""
    return ensure_sensible(cast("Profile", _build(Profile, dict(table), where, "")), where)


def _build(kind: type, table: object, where: str, path: str) -> object:
    if not isinstance(table, dict):
        raise UsageError(f"[{path}] must be a table, not {_kind(table)}", where=where)
    hints = get_type_hints(kind)
    for key in table:
        if key not in hints:
            raise _unknown(key, hints, where, path)
    missing = [
        spot.name
        for spot in dataclasses.fields(kind)
        if spot.default is dataclasses.MISSING
        and spot.default_factory is dataclasses.MISSING
        and spot.name not in table
    ]
    if missing:
        raise UsageError(f"{_join(path, missing[0])} is missing", where=where, fix="add it")
    values = {key: _value(hints[key], value, where, _join(path, key)) for key, value in table.items()}
    return kind(**values)


def _unknown(key: str, hints: dict[str, Any], where: str, path: str) -> UsageError:
    near = difflib.get_close_matches(key, hints, n=1, cutoff=0.5)
    fix = f"did you mean {_join(path, near[0])}?" if near else f"known here: {', '.join(hints)}"
    return UsageError(f"unknown key {_join(path, key)}", where=where, fix=fix)


def _value(hint: Any, value: Any, where: str, path: str) -> Any:
    origin = get_origin(hint)
    if dataclasses.is_dataclass(hint):
        return _build(cast("type", hint), value, where, path)
    if origin is tuple:
        return _items(get_args(hint)[0], value, where, path)
    if origin is dict:
        return _mapping(get_args(hint)[1], value, where, path)
    if not _fits(hint, value):
        raise _misfit(hint, value, where, path)
    return float(value) if hint is float else value


def _misfit(hint: Any, value: object, where: str, path: str) -> UsageError:
    """Say what is wanted and what kind of value stands there, never the value: it could be a token or a number."""
    choices = [choice for choice in _choices(hint) if isinstance(choice, str) and choice]
    if choices and isinstance(value, str):
        near = difflib.get_close_matches(value, choices, n=1)
        fix = f"did you mean {near[0]!r}?" if near else f"change {path}"
        return UsageError(f"{path} must be {_wanted(hint)}", where=where, fix=fix)
    return UsageError(f"{path} must be {_wanted(hint)}, not {_kind(value)}", where=where, fix=f"change {path}")


def _items(hint: Any, value: object, where: str, path: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise UsageError(f"{path} must be a list, not {_kind(value)}", where=where, fix=f"change {path}")
    return tuple(_value(hint, item, where, f"{path}[{index}]") for index, item in enumerate(value))


def _mapping(hint: Any, value: object, where: str, path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise UsageError(f"{path} must be a table, not {_kind(value)}", where=where, fix=f"change {path}")
    return {key: _value(hint, item, where, _join(path, key)) for key, item in value.items()}


def _fits(hint: Any, value: object) -> bool:
    """Compare value and type: in Python `True == 1`, so a boolean is never taken for a number."""
    origin = get_origin(hint)
    if origin is Literal:
        return any(type(choice) is type(value) and choice == value for choice in get_args(hint))
    if origin in (Union, types.UnionType):
        return any(_fits(choice, value) for choice in get_args(hint))
    if hint is float:
        return type(value) is float or (type(value) is int and abs(value) <= _LARGEST)
    return type(value) is hint


def _choices(hint: Any) -> tuple[Any, ...]:
    if get_origin(hint) is Literal:
        return get_args(hint)
    if get_origin(hint) in (Union, types.UnionType):
        return tuple(choice for part in get_args(hint) for choice in _choices(part))
    return ()


def _wanted(hint: Any) -> str:
    choices = _choices(hint)
    if choices:
        return "one of " + ", ".join(repr(choice) for choice in choices)
    if get_origin(hint) in (Union, types.UnionType):
        return " or ".join(_wanted(choice) for choice in get_args(hint) if choice is not type(None))
    return {str: "text", int: "a whole number", float: "a number", bool: "true or false"}.get(hint, str(hint))


def _kind(value: object) -> str:
    words = {
        dict: "a table",
        list: "a list",
        str: "a text",
        bool: "a boolean",
        int: "a whole number",
        float: "a number",
    }
    return words.get(type(value), "a date or time")


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
