"""Who may ring: the profile, and the gate's rules over everything that is about to be sent."""

from __future__ import annotations

from basix_contract.profile._check import check_profile
from basix_contract.profile._check_people import resembles
from basix_contract.profile._envelope import origin_of, places_calls
from basix_contract.profile._gate import Gate
from basix_contract.profile._hosts import is_live, is_loopback
from basix_contract.profile._load import build_profile, load_profile, parse_profile
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
from basix_contract.profile._quiet import is_quiet, wall_clock
from basix_contract.profile._remarks import Remark
from basix_contract.profile._rules import RULES, Rule
from basix_contract.profile._schema import profile_schema
from basix_contract.profile._transport import (
    Connection,
    Ending,
    GateTransport,
    LoopbackTransport,
    RawRequest,
    RawSender,
    Sender,
    Silence,
    open_client,
    send_exactly,
    try_connection,
)
from basix_contract.profile._write import write_profile

__all__ = [
    "OUTCOMES",
    "RULES",
    "Absent",
    "Callback",
    "Connection",
    "Destination",
    "Ending",
    "Gate",
    "GateTransport",
    "Group",
    "Limits",
    "Live",
    "LoopbackTransport",
    "Profile",
    "RawRequest",
    "RawSender",
    "Remark",
    "Rule",
    "Sender",
    "Silence",
    "Target",
    "Unsupported",
    "User",
    "build_profile",
    "check_profile",
    "is_forbidden_number",
    "is_live",
    "is_loopback",
    "is_quiet",
    "load_profile",
    "normal_form",
    "open_client",
    "origin_of",
    "parse_profile",
    "places_calls",
    "profile_schema",
    "resembles",
    "send_exactly",
    "try_connection",
    "wall_clock",
    "write_profile",
]
