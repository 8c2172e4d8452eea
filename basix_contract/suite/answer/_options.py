"""What a run of the client role is asked to do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Place = Callable[[dict[str, Any]], Mapping[str, Any]]

_REPORT = Path("build/conformance/client")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientOptions:
    """The options of the client role: a command that speaks the adapter protocol, or a callable in its place.

    The callable takes a call as a dict and returns its outcome, both as the protocol has them, and may be called in
    several threads at a time. `without` names parameters that the client does not offer (`destination-object` and
    `end_user` besides): no call needs them, and rows that only such calls could show are not-applicable.
    """

    command: tuple[str, ...] = ()
    call: Place | None = None
    seed: int = 0
    report: Path = _REPORT
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    known_failing: str | Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOptions:
    """The options of a recording: where to listen, and when it ends unless somebody ends it before."""

    listen: str = "127.0.0.1:0"
    for_s: float | None = None
    most_requests: int | None = None
    report: Path = _REPORT
    only: tuple[str, ...] = ()
    known_failing: str | Path | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an application is configured with so that its calls come to a recording."""

    base_url: str
    domain: str
    token: str
