"""The page of the mock PBX: who is always there, every reading it can take, every fault it can have."""

from __future__ import annotations

from typing import Any

from basix_contract.docs._shapes import literal
from basix_contract.docs._sources import Sources
from basix_contract.mock import DEFECTS, ERROR_IDS, MAGIC, SWITCHES


def mock_page(sources: Sources) -> dict[str, Any]:
    """Return what the template of the mock page is given."""
    families: dict[str, list[Any]] = {}
    for defect in DEFECTS.values():
        families.setdefault(defect.family, []).append((defect, sources.ledger.requirement_of(defect.kills)))
    return {
        "magic": MAGIC.values(),
        "switches": [(switch, _choices(switch)) for switch in SWITCHES.values()],
        "error_ids": ERROR_IDS,
        "families": families,
        "defects": len(DEFECTS),
    }


def _choices(switch: Any) -> str:
    """Write what a switch takes as the command line takes it."""
    kind = "a whole number" if isinstance(switch.default, int) else "a number"
    return ", ".join(literal(choice).strip('"') for choice in switch.choices) or kind
