"""Named single faults of the mock PBX, each tagged with the check that must catch it."""

from __future__ import annotations

from basix_contract.mock._defects._catalogue import DEFECTS, find_defects, flawed_behaviour, flawed_settings
from basix_contract.mock._defects._defect import FAMILIES, Defect

__all__ = ["DEFECTS", "FAMILIES", "Defect", "find_defects", "flawed_behaviour", "flawed_settings"]
