"""What changed between two versions of a contract, and whom it breaks: clients, servers, receivers."""

from __future__ import annotations

from basix_contract.contract.changes._changes import Change, ContractChanges, contract_changes, read_contract
from basix_contract.contract.changes._parties import ENDS, Effect, Message, Party, broken_by

__all__ = [
    "ENDS",
    "Change",
    "ContractChanges",
    "Effect",
    "Message",
    "Party",
    "broken_by",
    "contract_changes",
    "read_contract",
]
