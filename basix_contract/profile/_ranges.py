"""What the values of a profile may be: nonsense is named with its key when the file is read."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any

from basix_contract.errors import UsageError
from basix_contract.profile._allowed import SELECTORS
from basix_contract.profile._envelope import origin_of
from basix_contract.profile._quiet import problem_with_hours, problem_with_zone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from basix_contract.profile._model import Profile


@dataclasses.dataclass(frozen=True, slots=True)
class Range:
    """The numbers a key may hold; `is_open` leaves the lower bound itself out."""

    low: float
    high: float
    is_open: bool = False

    def holds(self, value: float) -> bool:
        """Tell whether a number is in it; not-a-number is in none."""
        return self.low <= value <= self.high and not (self.is_open and value == self.low)

    def __str__(self) -> str:
        first = f"more than {self.low:g}" if self.is_open else f"{self.low:g} or more"
        return f"{first}, and at most {self.high:g}"


RANGES: dict[str, Range] = {
    "target.reply_timeout_s": Range(0, 600, is_open=True),
    "callback.grace_s": Range(0, 600),
    "limits.max_calls": Range(0, 1_000_000),
    "limits.max_concurrent": Range(1, 1_000),
    "limits.min_interval_s": Range(0, 3_600),
    "live.longest_ring_s": Range(1, 180),
    "live.wrong_credentials": Range(0, 3),
    "destinations.ends_after_s": Range(0, 3_600),
    "users.id": Range(0, 2**53),
    "users.terminals": Range(0, 1_000),
    "users.outcome_after_s": Range(0, 3_600),
    "groups.id": Range(0, 2**53),
}
"""Bounds by key, list positions left out."""

_LARGEST_PORT = 65_535
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_ROW = re.compile(r"CU-[0-9]{3}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def _url_of_target(text: str) -> str:
    try:
        origin_of(text)
    except UsageError as error:
        return error.what
    return "it must hold no query and no fragment" if "?" in text or "#" in text else ""


def _listening_address(text: str) -> str:
    host, colon, port = text.rpartition(":")
    if not colon or not port.isascii() or not port.isdigit() or int(port) > _LARGEST_PORT:
        return f"it must be host:port with a port from 0 to {_LARGEST_PORT}"
    return "" if re.fullmatch(r"[A-Za-z0-9.-]*|\[[0-9A-Fa-f:.]+\]", host) else "it must be host:port"


TEXTS: dict[str, Callable[[str], str]] = {
    "target.base_url": _url_of_target,
    "target.token_env": lambda text: "" if _VARIABLE.fullmatch(text) else "it must be a variable's name, not its value",
    "callback.listen": _listening_address,
    "callback.public_url": _url_of_target,
    "live.quiet_hours": problem_with_hours,
    "live.time_zone": problem_with_zone,
    "live.consent": lambda text: "it must be the host's name alone" if "/" in text else "",
    "unsupported.rows": lambda text: "" if _ROW.fullmatch(text) else "it must hold ids such as CU-001",
}
_FIXES = {
    "target.base_url": "give a URL such as https://pbx.example/basix/api",
    "callback.public_url": "give a URL such as http://192.0.2.7:8080",
    "live.quiet_hours": "write it as 20:00-08:00",
    "live.time_zone": "write it as Asia/Tokyo; where the system knows no zones, pip install tzdata",
    "callback.listen": "give an address such as 127.0.0.1:0",
    "unsupported.rows": "see `basix-contract requirements`",
}


def ensure_sensible(profile: Profile, where: str) -> Profile:
    """Return the profile when every value in it makes sense.

    Raises UsageError naming the first key that does not, never its value.
    """
    for key, problem, fix in _problems(profile):
        raise UsageError(f"{key}: {problem}", where=where, fix=fix or f"change {key}")
    return profile


def _problems(profile: Profile) -> Iterator[tuple[str, str, str]]:
    for key, value in _leaves(profile, ""):
        plain = re.sub(r"\[[0-9]+\]", "", key)
        problem = _problem(plain, value)
        if problem:
            yield key, problem, _FIXES.get(plain, "")
    yield from _nameless(profile)
    yield from _strange_absences(profile)


def _problem(plain: str, value: Any) -> str:
    if isinstance(value, str):
        return _problem_with_text(plain, value)
    if plain in RANGES and value is not None and not RANGES[plain].holds(value):
        return f"it must be {RANGES[plain]}"
    return ""


def _problem_with_text(plain: str, value: str) -> str:
    if not value:
        return "it must not be empty" if plain == "destinations.value" else ""
    if _CONTROL.search(value):
        return "it holds a line end, a tab or another control character"
    return TEXTS[plain](value) if plain in TEXTS else ""


def _nameless(profile: Profile) -> Iterator[tuple[str, str, str]]:
    """Find users and groups without any selector: nothing could be sent for them."""
    for kind, rows in (("users", profile.users), ("groups", profile.groups)):
        for number, row in enumerate(rows):
            if all(getattr(row, name, None) in (None, "") for name in SELECTORS):
                yield f"{kind}[{number}]", "it names nobody", "give at least one of id, name, extension, …"


def _strange_absences(profile: Profile) -> Iterator[tuple[str, str, str]]:
    for kind, rows in (("users", profile.absent.users), ("groups", profile.absent.groups)):
        for number, row in enumerate(rows):
            key, known = f"absent.{kind}[{number}]", [name for name in SELECTORS if kind == "users" or name != "email"]
            if not row or any(value in ("", None) for value in row.values()):
                yield key, "it names nobody", 'write it as { name = "nobody-here" }'
            elif not set(row) <= set(known):
                yield key, "it has a key that is no selector", f"known here: {', '.join(known)}"


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if dataclasses.is_dataclass(value):
        for spot in dataclasses.fields(value):
            yield from _leaves(getattr(value, spot.name), f"{path}.{spot.name}" if path else spot.name)
    elif isinstance(value, tuple):
        for number, part in enumerate(value):
            yield from _leaves(part, f"{path}[{number}]")
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from _leaves(part, f"{path}.{name}")
    else:
        yield path, value
