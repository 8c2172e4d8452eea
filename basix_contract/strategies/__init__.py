"""Hypothesis strategies for everything that goes over the wire, read from the spec.

What is drawn follows the document that is handed in; a profile narrows it to people who may be rung.
"""

from __future__ import annotations

from basix_contract.strategies._covering import covering
from basix_contract.strategies._invalid import Defect, defects, invalid_requests
from basix_contract.strategies._messages import callbacks, responses
from basix_contract.strategies._open import Opening, open_requests, openings
from basix_contract.strategies._sample import sample
from basix_contract.strategies._sealed import sealed
from basix_contract.strategies._smallest import smallest
from basix_contract.strategies._valid import destinations, requests

__all__ = [
    "Defect",
    "Opening",
    "callbacks",
    "covering",
    "defects",
    "destinations",
    "invalid_requests",
    "open_requests",
    "openings",
    "requests",
    "responses",
    "sample",
    "sealed",
    "smallest",
]
