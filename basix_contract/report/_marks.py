"""The nouns of a call timeline: lanes, marks on them, and bands in which something is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from basix_contract.messages import Headers

Lane = Literal["client", "PBX", "receiver"]
Kind = Literal[
    "given",
    "request",
    "reply",
    "silence",
    "withheld",
    "callback",
    "acknowledgement",
    "missing",
    "reported",
    "belief",
]

ROUTES: Mapping[Kind, tuple[Lane, Lane]] = MappingProxyType(
    {
        "given": ("client", "client"),
        "request": ("client", "PBX"),
        "reply": ("PBX", "client"),
        "silence": ("PBX", "client"),
        "withheld": ("client", "client"),
        "callback": ("PBX", "receiver"),
        "acknowledgement": ("receiver", "PBX"),
        "missing": ("PBX", "receiver"),
        "reported": ("client", "client"),
        "belief": ("receiver", "receiver"),
    }
)
"""Where each kind of mark begins and where it ends; one lane for both is a note beside that lane."""

DASHED: frozenset[Kind] = frozenset({"silence", "missing"})
"""What was awaited and did not come."""

LANES: Mapping[str, Mapping[Lane, str]] = MappingProxyType(
    {
        "server": {"client": "client (this kit)", "PBX": "PBX (the target)", "receiver": "receiver (this kit)"},
        "client": {"client": "client (the target)", "PBX": "PBX (this kit)"},
        "receiver": {"PBX": "PBX (this kit)", "receiver": "receiver (the target)"},
    }
)
"""The lanes of each role from left to right, and who stands there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What crossed the wire, as the journal has it; `is_ours` where the kit sent it, so that it can be sent again.

    Of a body longer than `body`, `whole_length` tells how many bytes it has.
    """

    method: str = ""
    place: str
    headers: Headers = ()
    body: bytes = b""
    whole_length: int = 0
    is_ours: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that happened, in seconds since the timeline began; `name` is its own name among the evidence."""

    at_s: float
    kind: Kind
    label: str
    message: Message | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of time on one lane: a hunt as it was declared, or a deadline that runs."""

    from_s: float
    to_s: float
    lane: Lane
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """One call from its first byte to its last callback, marks in the order in which they happened."""

    id: str
    scenario: str
    title: str
    role: str
    expects: str = ""
    began_s: float | None = None
    marks: tuple[Mark, ...] = ()
    bands: tuple[Band, ...] = ()
