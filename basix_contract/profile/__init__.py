"""Who may ring: the profile, and the gate's rules over everything that is about to be sent."""

from __future__ import annotations

from basix_contract.profile._gate import Gate, origin_of
from basix_contract.profile._load import load_profile, parse_profile
from basix_contract.profile._model import (
    OUTCOMES,
    Absent,
    Callback,
    Destination,
    Group,
    Limits,
    Live,
    Profile,
    Target,
    Unsupported,
    User,
)
from basix_contract.profile._transport import (
    GateTransport,
    LoopbackTransport,
    is_loopback,
    open_client,
    open_gated_client,
    post_exactly,
)

__all__ = [
    "OUTCOMES",
    "Absent",
    "Callback",
    "Destination",
    "Gate",
    "GateTransport",
    "Group",
    "Limits",
    "Live",
    "LoopbackTransport",
    "Profile",
    "Target",
    "Unsupported",
    "User",
    "is_loopback",
    "load_profile",
    "open_client",
    "open_gated_client",
    "origin_of",
    "parse_profile",
    "post_exactly",
]
