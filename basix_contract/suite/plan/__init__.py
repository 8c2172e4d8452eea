"""From a profile to the tuple of scenarios that will be played, family by family."""

from __future__ import annotations

from basix_contract.suite.plan._auth import basic
from basix_contract.suite.plan._server import plan_server
from basix_contract.suite.plan._thin import thin

__all__ = ["basic", "plan_server", "thin"]
