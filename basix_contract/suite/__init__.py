"""Plan, conduct, journal, judge: one engine for every role."""

from __future__ import annotations

from basix_contract.suite._conclude import conclude
from basix_contract.suite._files import shipped_profile
from basix_contract.suite._options import ServerOptions
from basix_contract.suite._preview import PlannedStep, Preview, preview
from basix_contract.suite._replay import replay
from basix_contract.suite._result import WORST_FIRST, CheckVerdict, RequirementVerdict, RunResult, Verdict
from basix_contract.suite._run import run_server

__all__ = [
    "WORST_FIRST",
    "CheckVerdict",
    "PlannedStep",
    "Preview",
    "RequirementVerdict",
    "RunResult",
    "ServerOptions",
    "Verdict",
    "conclude",
    "preview",
    "replay",
    "run_server",
    "shipped_profile",
]
