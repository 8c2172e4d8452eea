"""A plan: the scenarios that are known at once, and those that another process is still drawing."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from basix_contract.suite._drawing import Drawing
    from basix_contract.suite._fuzz import Fuzzed
    from basix_contract.suite._scenario import Scenario


@dataclass(frozen=True, slots=True)
class Late:
    """Scenarios made of what a drawing brings, those of them that are `wanted`."""

    drawing: Drawing
    make: Callable[[Iterable[Fuzzed]], tuple[Scenario, ...]]
    wanted: Callable[[Scenario], bool] = lambda _scenario: True


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a run plays; `late` comes with the generated phase, and is drawn beside what is played before."""

    scenarios: tuple[Scenario, ...]
    late: Late | None = None

    def begin(self) -> None:
        """Have what is late drawn from now on, beside whatever else is done."""
        if self.late is not None:
            self.late.drawing.begin()

    def drawn_late(self) -> tuple[Scenario, ...]:
        """Return what was late, once it is there; raises HarnessError when it cannot be drawn."""
        if self.late is None:
            return ()
        return tuple(filter(self.late.wanted, self.late.make(self.late.drawing.bodies())))

    def whole(self) -> tuple[Scenario, ...]:
        """Return every scenario, once all are there; raises HarnessError as `drawn_late` does."""
        return self.scenarios + self.drawn_late()

    def only(self, wanted: Callable[[Scenario], bool], *, is_late_wanted: bool) -> Plan:
        """Return the scenarios of this plan that are wanted."""
        late = self.late if is_late_wanted else None
        return Plan(tuple(filter(wanted, self.scenarios)), late and dataclasses.replace(late, wanted=wanted))

    def close(self) -> None:
        """Leave no process behind."""
        if self.late is not None:
            self.late.drawing.end()
