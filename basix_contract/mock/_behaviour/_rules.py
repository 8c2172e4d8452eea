"""What every group of rules can reach: the mock's directory, settings, memory, time and chance."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from basix_contract.mock._clock import Clock
from basix_contract.mock._directory import Directory
from basix_contract.mock._settings import Settings
from basix_contract.mock._state import PbxState
from basix_contract.mock._words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything one mock is made of."""

    directory: Directory
    settings: Settings
    state: PbxState
    clock: Clock
    random: Random
    words: Words


class Rules:
    """A group of decisions, one method each; whoever overrides a method changes one decision."""

    def __init__(self, world: World) -> None:
        self.directory = world.directory
        self.settings = world.settings
        self.state = world.state
        self.clock = world.clock
        self.random = world.random
        self.words = world.words
