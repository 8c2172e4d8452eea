"""The behaviour of a correct PBX, one method for each decision: the seam that defects hang on."""

from __future__ import annotations

from basix_contract.mock._behaviour._behaviour import Behaviour
from basix_contract.mock._behaviour._rules import World
from basix_contract.mock._behaviour._sign_in import Credentials

__all__ = ["Behaviour", "Credentials", "World"]
