"""The receiver role: the kit plays the callback side of a PBX, and is not always a good sender."""

from __future__ import annotations

from basix_contract.suite.deliver._conduct import ReceiverConductor, Wiring
from basix_contract.suite.deliver._options import ReceiverOptions
from basix_contract.suite.deliver._plan import plan_receiver
from basix_contract.suite.deliver._recall import recall_receiver
from basix_contract.suite.deliver._standing import receiver_standing

__all__ = [
    "ReceiverConductor",
    "ReceiverOptions",
    "Wiring",
    "plan_receiver",
    "recall_receiver",
    "receiver_standing",
]
