"""What will be delivered, known in full before the first byte leaves: scenarios, their calls and their steps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from basix_contract.checks import Allowed, Held
    from basix_contract.profile import Connection, Ending

# Phases are played in this order. All but `together` deliver one after the other, so that what a receiver cannot
# take is told of that, and not of whatever came at the same time; after `odd` the application is asked what it
# believes, for what is hostile may be the end of it. After each of the `last` it is asked at once.
Phase = Literal["plain", "together", "odd", "hostile", "last"]
PHASES: tuple[Phase, ...] = ("plain", "together", "odd", "hostile", "last")

ReplyTold = Literal["told", "late", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call that was placed, as far as anybody need know: its reply named `uuids`, or refused it.

    `reply`: the application is told of it beforehand, only later, or that the call was refused at once.
    `held_for` is what it must hold the call for in the end, for each check that judges it; `uuid` is the uuid it
    must keep, if it keeps one.
    """

    id: str
    uuids: tuple[str, ...]
    reply: ReplyTold = "told"
    held_for: Mapping[str, Held] = field(default_factory=dict)
    uuid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How slowly a message goes out: in `pieces`, over so many seconds; the head in one piece unless `is_whole`."""

    pieces: int
    over_s: float
    is_whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HangUp:
    """Where a sender stops, as part of the whole message, and what it does to the connection."""

    part: float
    how: Ending = "close"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One delivery; `fields` are the lines of its head, in which `{host}` and `{length}` stand for what they must be.

    `expects`, `features`, `follows` and `is_timed` are as in a check's Delivery. A `chunk_bytes` that is not 0 sends
    the body in chunks of that size; `connection` is as in a RawRequest.
    """

    id: str
    title: str
    call: str
    expects: Mapping[str, Allowed]
    body: bytes = b""
    method: str = "POST"
    fields: tuple[str, ...] = ()
    chunk_bytes: int = 0
    pace: Pace | None = None
    hang_up: HangUp | None = None
    connection: Connection = "own"
    features: tuple[str, ...] = ()
    follows: str = ""
    is_timed: bool = False


@dataclass(frozen=True, slots=True)
class TellReply:
    """The application is told now what the reply to this call was."""

    call: str


Move: TypeAlias = Step | TellReply


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Moves made in order, or together in the phase `together`."""

    id: str
    phase: Phase
    calls: tuple[Call, ...]
    moves: tuple[Move, ...]

    @property
    def steps(self) -> Iterator[Step]:
        """The deliveries among the moves."""
        return (move for move in self.moves if isinstance(move, Step))


@dataclass(frozen=True, slots=True)
class Drawn:
    """One request as it was drawn; `media_type` is None where it has no content type."""

    method: str
    media_type: str | None
    body: bytes
