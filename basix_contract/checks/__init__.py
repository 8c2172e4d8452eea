"""Pure judgement: from what happened to what was found, one function for each check."""

from __future__ import annotations

from basix_contract.checks._client_history import (
    ClientCall,
    ClientHistory,
    ClientOutcome,
    ClientRequest,
    Reported,
    Says,
    SignIn,
)
from basix_contract.checks._client_table import CLIENT_CHECKS, RECORDABLE
from basix_contract.checks._finding import Finding, Status
from basix_contract.checks._history import CallbackSeen, Exchange, Expect, History, HuntResult, Intent, Reply
from basix_contract.checks._receiver_history import (
    Allowed,
    Belief,
    CallTold,
    Delivery,
    Held,
    Outcome,
    ReceiverHistory,
)
from basix_contract.checks._receiver_table import RECEIVER_CHECKS
from basix_contract.checks._table import SERVER_CHECKS

__all__ = [
    "CLIENT_CHECKS",
    "RECEIVER_CHECKS",
    "RECORDABLE",
    "SERVER_CHECKS",
    "Allowed",
    "Belief",
    "CallTold",
    "CallbackSeen",
    "ClientCall",
    "ClientHistory",
    "ClientOutcome",
    "ClientRequest",
    "Delivery",
    "Exchange",
    "Expect",
    "Finding",
    "Held",
    "History",
    "HuntResult",
    "Intent",
    "Outcome",
    "ReceiverHistory",
    "Reply",
    "Reported",
    "Says",
    "SignIn",
    "Status",
]
