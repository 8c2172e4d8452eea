"""Where a receiver is reached, and whoever observes what stands behind it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What `conformance receiver` is told of a receiver."""

    url: str = ""
    url_command: str = ""
    observer_url: str = ""
