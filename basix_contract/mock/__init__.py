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
from basix_contract.mock._likeness import (
    Answer,
    CallbackManner,
    Likeness,
    People,
    ReplyManner,
    behaviour_like,
    envelope_features,
    parameter_features,
    read_likeness,
    read_object,
    settings_like,
    write_likeness,
)
from basix_contract.mock._magic import MAGIC, Magic
from basix_contract.mock._records import CallbackRecord, CallRecord, LegRecord
from basix_contract.mock._server import MockServer, serve_forever
from basix_contract.mock._settings import SWITCHES, Settings, Switch, find_switch
from basix_contract.mock._state import Event, PbxState
from basix_contract.mock._words import Words, shipped_words

__all__ = [
    "DEFECTS",
    "ERROR_IDS",
    "MAGIC",
    "SWITCHES",
    "Answer",
    "Behaviour",
    "Call",
    "CallRecord",
    "CallRequest",
    "CallResult",
    "CallbackManner",
    "CallbackRecord",
    "Clock",
    "Defect",
    "Delivery",
    "Directory",
    "ErrorId",
    "Event",
    "Leg",
    "LegRecord",
    "Likeness",
    "Magic",
    "MockOptions",
    "MockServer",
    "PbxApp",
    "PbxState",
    "People",
    "Place",
    "RealClock",
    "Refusal",
    "Reply",
    "ReplyManner",
    "Sender",
    "Settings",
    "Switch",
    "TerminalPlan",
    "VirtualClock",
    "Words",
    "behaviour_like",
    "envelope_features",
    "find_defects",
    "find_switch",
    "parameter_features",
    "read_likeness",
    "read_object",
    "serve_forever",
    "settings_like",
    "shipped_words",
    "write_likeness",
]
