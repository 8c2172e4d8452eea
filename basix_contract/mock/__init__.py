"""A believable mock PBX: a directory, hunts, callbacks, every open reading as a switch, faults by name."""

from __future__ import annotations

from basix_contract.mock._app import MockOptions, PbxApp
from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._call import Call, CallRequest, CallResult, Leg, Place, TerminalPlan
from basix_contract.mock._callbacks import Sender
from basix_contract.mock._clock import Clock, RealClock, VirtualClock
from basix_contract.mock._defects import DEFECTS, Defect, find_defects
from basix_contract.mock._directory import Directory
from basix_contract.mock._exchange import ERROR_IDS, Delivery, ErrorId, Refusal, Reply
from basix_contract.mock._magic import MAGIC, Magic
from basix_contract.mock._records import CallbackRecord, CallRecord, LegRecord
from basix_contract.mock._server import MockServer, serve_forever
from basix_contract.mock._settings import SWITCHES, Settings, Switch
from basix_contract.mock._state import Event, PbxState

__all__ = [
    "DEFECTS",
    "ERROR_IDS",
    "MAGIC",
    "SWITCHES",
    "Behaviour",
    "Call",
    "CallRecord",
    "CallRequest",
    "CallResult",
    "CallbackRecord",
    "Clock",
    "Defect",
    "Delivery",
    "Directory",
    "ErrorId",
    "Event",
    "Leg",
    "LegRecord",
    "Magic",
    "MockOptions",
    "MockServer",
    "PbxApp",
    "PbxState",
    "Place",
    "RealClock",
    "Refusal",
    "Reply",
    "Sender",
    "Settings",
    "Switch",
    "TerminalPlan",
    "VirtualClock",
    "find_defects",
    "serve_forever",
]
