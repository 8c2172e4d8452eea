"""The hours in which nobody is rung, by the clock on the wall where the telephones are."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Callable

    from basix_contract.profile._model import Live

    Now = Callable[[], datetime]

_HOURS = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]):([0-5][0-9])")


def is_quiet(live: Live, now: datetime) -> bool:
    """Tell whether nobody may be rung now; where quiet hours are given and nobody says where, that is always."""
    if not live.quiet_hours:
        return False
    if not live.time_zone:
        return True
    begins, ends = _hours(live.quiet_hours)
    there = now.astimezone(ZoneInfo(live.time_zone)).time()
    return begins <= there < ends if begins < ends else not ends <= there < begins


def wall_clock(live: Live, now: datetime) -> str:
    """Return what the clock on the wall shows where the telephones are, as 21:40 Asia/Tokyo."""
    zone = live.time_zone or "UTC"
    return f"{now.astimezone(ZoneInfo(zone)):%H:%M} {zone}"


def now_utc() -> datetime:
    """Return the time now."""
    return datetime.now(UTC)


def problem_with_hours(text: str) -> str:
    """Say what is wrong with a text for quiet hours; nothing is when it is empty."""
    if not _HOURS.fullmatch(text):
        return "it must be two times of day"
    begins, ends = _hours(text)
    return "it must not begin when it ends" if begins == ends else ""


def problem_with_zone(text: str) -> str:
    """Say what is wrong with the name of a time zone."""
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        return "no time zone of this name is known here"
    return ""


def _hours(text: str) -> tuple[time, time]:
    found = _HOURS.fullmatch(text)
    hour, minute, last_hour, last_minute = (int(part) for part in found.groups()) if found else (0, 0, 0, 0)
    return time(hour, minute), time(last_hour, last_minute)
