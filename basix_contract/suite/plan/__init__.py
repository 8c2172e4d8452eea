"""From a profile to the tuple of scenarios that will be played, family by family."""

from __future__ import annotations

from basix_contract.suite.plan._auth import basic
from basix_contract.suite.plan._fuzzed import FUZZED_PROBES
from basix_contract.suite.plan._plan import Plan
from basix_contract.suite.plan._server import plan_server
from basix_contract.suite.plan._thin import thin

__all__ = ["FUZZED_PROBES", "Plan", "basic", "plan_server", "thin"]
