"""From the journal of a run to how the target behaved, whether or not that is right."""

from __future__ import annotations

from basix_contract.suite.observe._observe import observe

__all__ = ["observe"]
