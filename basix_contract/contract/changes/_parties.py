"""Who breaks: messages have a writer and a reader, and a change breaks one of them, or both, or nobody.

In a callback the polarity is turned round: its request is written by the PBX and read by the receiver, as a reply is
by the client, and its response is written by the receiver.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Party = Literal["client", "server", "receiver"]
Message = Literal["request", "reply", "callback", "acknowledgement"]
Effect = Literal[
    "narrowed",
    "widened",
    "altered",
    "member added",
    "member removed",
    "default changed",
    "message added",
    "message removed",
]


@dataclass(frozen=True, slots=True)
class Ends:
    """Who writes a message, and who reads it."""

    writer: Party
    reader: Party


ENDS: Mapping[Message, Ends] = MappingProxyType(
    {
        "request": Ends("client", "server"),
        "reply": Ends("server", "client"),
        "callback": Ends("server", "receiver"),
        "acknowledgement": Ends("receiver", "server"),
    }
)
"""The two ends of each message."""

# What breaks: `writer` what it sends is not allowed any more; `reader` it meets what it was not told of.
_RULES: Mapping[Effect, tuple[str, ...]] = MappingProxyType(
    {
        "narrowed": ("writer",),
        "widened": ("reader",),
        "altered": ("writer", "reader"),
        "default changed": ("writer", "reader"),
    }
)
# A new operation asks something of servers alone, one that is gone leaves clients alone; a callback that comes, or
# comes no more, changes what both ends do. An optional member concerns whoever must act on it: a server acts on what
# it is asked, a client or receiver passes over what it does not know, and had to do without it before.
_APART: Mapping[tuple[Effect, Message], tuple[Party, ...]] = MappingProxyType(
    {
        ("message added", "request"): ("server",),
        ("message removed", "request"): ("client",),
        ("message added", "callback"): ("server", "receiver"),
        ("message removed", "callback"): ("server", "receiver"),
        ("member added", "request"): ("server",),
        ("member removed", "request"): ("client",),
        ("member added", "reply"): (),
        ("member removed", "reply"): (),
        ("member added", "callback"): (),
        ("member removed", "callback"): (),
        ("member added", "acknowledgement"): (),
        ("member removed", "acknowledgement"): (),
    }
)


def broken_by(effect: Effect, message: Message) -> tuple[Party, ...]:
    """Return who must be changed so as to keep the new contract; nobody where the tuple is empty."""
    if (effect, message) in _APART:
        return _APART[effect, message]
    ends = ENDS[message]
    return tuple(ends.writer if end == "writer" else ends.reader for end in _RULES[effect])
