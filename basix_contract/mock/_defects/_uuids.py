"""Defects of the channel uuids: how many, how spelled, how fresh."""

from __future__ import annotations

from basix_contract.mock._behaviour import Behaviour
from basix_contract.mock._defects._defect import Defect


class SameUuidsEveryCall(Behaviour):
    """The uuids of the first call are handed out again, as a canned reply would."""

    def new_uuids(self, count: int) -> tuple[str, ...]:
        """Return those drawn first for so many legs."""
        first: dict[int, tuple[str, ...]] = self.state.memory.setdefault("uuids", {})
        if count not in first:
            first[count] = super().new_uuids(count)
        return first[count]


DEFECTS: tuple[Defect, ...] = (
    Defect(
        id="same-uuids-every-call",
        family="uuids",
        summary="every call with as many terminals gets the same uuids",
        kills="uuids/fresh",
        behaviour=SameUuidsEveryCall,
    ),
)
