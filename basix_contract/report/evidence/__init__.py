"""Evidence of a run in one file that anybody can judge again, and claims made from it."""

from __future__ import annotations

from basix_contract.report.evidence._bundle import (
    Bundle,
    Rejudged,
    is_bundle,
    read_bundle,
    rejudged,
    write_bundle,
)
from basix_contract.report.evidence._claim import Claimant, claim_of, ensure_claim, render_claim, why_no_claim

__all__ = [
    "Bundle",
    "Claimant",
    "Rejudged",
    "claim_of",
    "ensure_claim",
    "is_bundle",
    "read_bundle",
    "rejudged",
    "render_claim",
    "why_no_claim",
    "write_bundle",
]
