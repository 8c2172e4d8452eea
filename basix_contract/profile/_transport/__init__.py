"""The ways out for HTTP: to a target through the gate, and to receivers on this machine."""

from __future__ import annotations

from basix_contract.profile._transport._loopback import LoopbackTransport, open_client, send_exactly
from basix_contract.profile._transport._raw import Connection, Ending, RawRequest, RawSender, try_connection
from basix_contract.profile._transport._sending import GateTransport, Sender, Silence

__all__ = [
    "Connection",
    "Ending",
    "GateTransport",
    "LoopbackTransport",
    "RawRequest",
    "RawSender",
    "Sender",
    "Silence",
    "open_client",
    "send_exactly",
    "try_connection",
]
