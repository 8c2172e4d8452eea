"""What a flawed receiver is: one fault of an otherwise correct one, and the checks it must be caught by."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.defects.receivers.application import Application


@dataclass(frozen=True, slots=True, kw_only=True)
class FlawedReceiver:
    """One realistic fault; its name in kebab-case and its summary are those of the application's class.

    `kills` is the check that must fail; `also` lists up to three that may fail with it, each with the reason.
    `is_told`: the application is told of its calls and their replies, and issues their URLs itself.
    """

    id: str
    summary: str
    kills: str
    also: tuple[tuple[str, str], ...]
    application: type[Application]
    is_told: bool


def flawed(
    application: type[Application], *, kills: str, also: tuple[tuple[str, str], ...] = (), is_told: bool = False
) -> FlawedReceiver:
    """Return the row of a flawed application."""
    words = re.findall("[A-Z][a-z0-9]*", application.__name__)
    return FlawedReceiver(
        id="-".join(words).lower(),
        summary=(application.__doc__ or "").strip(),
        kills=kills,
        also=also,
        application=application,
        is_told=is_told,
    )
