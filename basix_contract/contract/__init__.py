"""The contract itself, read from `spec/`: the document (OpenAPI), the ledger (requirements), and the open points."""

from __future__ import annotations

from basix_contract.contract._document import Document, load_document
from basix_contract.contract._ledger import Ledger, load_ledger
from basix_contract.contract._open_points import Fact, OpenPoint, OpenPoints, load_open_points
from basix_contract.contract._parts import Example, Parameter
from basix_contract.contract._rows import Exclusion, Reading, Requirement
from basix_contract.contract._scenarios import load_scenarios

__all__ = [
    "Document",
    "Example",
    "Exclusion",
    "Fact",
    "Ledger",
    "OpenPoint",
    "OpenPoints",
    "Parameter",
    "Reading",
    "Requirement",
    "load_document",
    "load_ledger",
    "load_open_points",
    "load_scenarios",
]
