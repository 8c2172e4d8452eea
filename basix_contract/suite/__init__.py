"""Plan, conduct, journal, judge: one engine for every role."""

from __future__ import annotations

from basix_contract.suite._call import CallOptions, PlacedCall, place_call, plan_call
from basix_contract.suite._conclude import conclude
from basix_contract.suite._doctor import Point, examine
from basix_contract.suite._example import play_example
from basix_contract.suite._files import shipped_profile
from basix_contract.suite._listen import Heard, ListenOptions, listen
from basix_contract.suite._options import ServerOptions
from basix_contract.suite._people import Answer, Attendant
from basix_contract.suite._preview import PlannedStep, Preview, preview
from basix_contract.suite._preview_receiver import DeliveryPreview, PlannedDelivery, preview_receiver
from basix_contract.suite._provenance import kit_signature
from basix_contract.suite._replay import SMALLEST, replay
from basix_contract.suite._result import WORST_FIRST, CheckVerdict, RequirementVerdict, RunResult, Verdict
from basix_contract.suite._run import run_server
from basix_contract.suite._run_receiver import run_receiver
from basix_contract.suite._trigger import Fired, TriggerOptions, fire, triggers
from basix_contract.suite.answer._options import ClientOptions, Invitation, RecordOptions
from basix_contract.suite.answer._preview import PlannedCall, preview_client
from basix_contract.suite.answer._record import record_client
from basix_contract.suite.answer._run import own_client, run_client
from basix_contract.suite.answer._smoke import SmokePoint, smoke_client
from basix_contract.suite.deliver import ReceiverOptions
from basix_contract.suite.observe import observe

__all__ = [
    "SMALLEST",
    "WORST_FIRST",
    "Answer",
    "Attendant",
    "CallOptions",
    "CheckVerdict",
    "ClientOptions",
    "DeliveryPreview",
    "Fired",
    "Heard",
    "Invitation",
    "ListenOptions",
    "PlacedCall",
    "PlannedCall",
    "PlannedDelivery",
    "PlannedStep",
    "Point",
    "Preview",
    "ReceiverOptions",
    "RecordOptions",
    "RequirementVerdict",
    "RunResult",
    "ServerOptions",
    "SmokePoint",
    "TriggerOptions",
    "Verdict",
    "conclude",
    "examine",
    "fire",
    "kit_signature",
    "listen",
    "observe",
    "own_client",
    "place_call",
    "plan_call",
    "play_example",
    "preview",
    "preview_client",
    "preview_receiver",
    "record_client",
    "replay",
    "run_client",
    "run_receiver",
    "run_server",
    "shipped_profile",
    "smoke_client",
    "triggers",
]
