"""What one tool said of one server: the nouns that the tools, the counting and the table share."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One failure in a tool's own words.

    `check` is the tool's name for what failed. `members` are those of the request body it shows, none where it
    shows none. `number` counts the requests sent up to the one that shows it; None where that cannot be told.
    """

    check: str
    text: str = ""
    members: tuple[str, ...] = ()
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a tool reported: `new` is what it does not say of the correct PBX, `known` is what it says there too.

    `trouble` is whatever went wrong with the run itself; what was said by then counts all the same.
    """

    new: tuple[Said, ...] = ()
    known: tuple[Said, ...] = ()
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Game:
    """One tool played once against one server, a defect's or one that is correct and different."""

    tool: str
    server: str
    seed: int
    heard: Heard
    requests: int
    calls: int
    seconds: float

    @property
    def is_loud(self) -> bool:
        """Did the tool say anything that it does not say of the correct PBX?"""
        return bool(self.heard.new)

    @property
    def is_first_at(self) -> int | None:
        """How many requests it took until the first failure showed."""
        return min((said.number for said in self.heard.new if said.number is not None), default=None)
