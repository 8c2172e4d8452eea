"""Who may ring: the profile, and the gate's rules over everything that is about to be sent."""

from __future__ import annotations

from basix_contract.profile._envelope import origin_of
from basix_contract.profile._gate import Gate
from basix_contract.profile._hosts import is_loopback
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
from basix_contract.profile._numbers import is_forbidden_number, normal_form
from basix_contract.profile._transport import (
    GateTransport,
    LoopbackTransport,
    Sender,
    Silence,
    open_client,
    send_exactly,
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
    "Sender",
    "Silence",
    "Target",
    "Unsupported",
    "User",
    "is_forbidden_number",
    "is_loopback",
    "load_profile",
    "normal_form",
    "open_client",
    "origin_of",
    "parse_profile",
    "send_exactly",
]
