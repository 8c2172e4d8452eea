"""Pure judgement: from what happened to what was found, one function for each check."""

from __future__ import annotations

from basix_contract.checks._finding import Finding, Status
from basix_contract.checks._history import CallbackSeen, Exchange, Expect, History, HuntResult, Intent, Reply
from basix_contract.checks._table import SERVER_CHECKS

__all__ = [
    "SERVER_CHECKS",
    "CallbackSeen",
    "Exchange",
    "Expect",
    "Finding",
    "History",
    "HuntResult",
    "Intent",
    "Reply",
    "Status",
]
