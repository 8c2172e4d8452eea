"""A call: what was asked for, its legs, and how the attempt to reach the user goes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from basix_contract.profile import Group, User

PlaceKind = Literal["pstn", "user", "group", "extension", "media_plug", "voicemail", "nowhere"]
LegState = Literal["ringing", "answered", "ended"]
TerminalMove = Literal["answers", "rejects", "busy", "rings"]

# How a leg ends, in the words of the PBX's CTI feed (F27).
ANSWERED = "answered"
LOSE_RACE = "send_cancel,LOSE_RACE"
NO_ANSWER = "send_cancel,NO_ANSWER"
USER_BUSY = "recv_refuse,USER_BUSY"
CALL_REJECTED = "recv_refuse,CALL_REJECTED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A resolved destination: what it is, how it is written, and what its telephone does.

    `outcome` is an outcome of the profile. `end_user` holds whatever identity came with the number.
    """

    kind: PlaceKind
    value: str
    outcome: str = "answers"
    calling_number: str | None = None
    end_user: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRequest:
    """An accepted request: everything in it has been checked and looked up.

    `parameters` are those given, as they came; `group` is the group context, if any.
    """

    parameters: Mapping[str, Any]
    user: User
    destination: Place
    answer_timeout_s: float
    auto_answer: bool = False
    calling_name: str | None = None
    callback_url: str | None = None
    group: Group | None = None


@dataclass(frozen=True, slots=True)
class TerminalPlan:
    """What one terminal is going to do, and how many seconds after it starts to ring."""

    move: TerminalMove
    after_s: float = 0.0


@dataclass(frozen=True, slots=True)
class LegEnd:
    """The moment at which one leg stops ringing, in seconds from the start, and why."""

    at_s: float
    leg: int
    cause: str


@dataclass(frozen=True, slots=True)
class CallResult:
    """How the attempt ended: the uuid of the leg that answered, or an error id."""

    uuid: str | None = None
    error_id: str | None = None

    @property
    def is_answered(self) -> bool:
        """Whether the user picked up."""
        return self.uuid is not None


@dataclass(slots=True)
class Leg:
    """One channel of the originating leg: a terminal of the user that rings."""

    uuid: str
    terminal: int
    display: str = ""
    auto_answers: bool = False
    state: LegState = "ringing"
    cause: str = ""


@dataclass(slots=True, eq=False)
class Call:
    """One call from its acceptance to its end.

    The events: `replied` the reply has left, `ended` the result is known, `reported` the callbacks are
    through, `connected` the second leg has come to its result, which is then in `second_leg`.
    """

    id: str
    request: CallRequest
    legs: list[Leg]
    placed_at_s: float
    shown_uuids: tuple[str, ...] = ()
    result: CallResult | None = None
    second_leg: str = ""
    channels: int = 0
    replied: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    reported: asyncio.Event = field(default_factory=asyncio.Event)
    connected: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def uuids(self) -> tuple[str, ...]:
        """The uuids of all legs, in the order in which the terminals ring."""
        return tuple(leg.uuid for leg in self.legs)
