"""Where the choices of `sample` come from: one seeded generator, and nothing else.

Hypothesis' own source of choices mixes in constants that it finds in the source of whatever local modules happen to
be loaded, so that one seed would draw one thing on the command line and another under pytest. This one is written
against the interface that Hypothesis documents for alternative backends.
"""

from __future__ import annotations

import math
import sys
from random import Random
from typing import TYPE_CHECKING, Any, ClassVar

from hypothesis.internal.conjecture.providers import PrimitiveProvider

if TYPE_CHECKING:
    from hypothesis.internal.intervalsets import IntervalSet

_EDGE, _COMMON = 0.1, 0.8  # how often a boundary is drawn, and a character among the first
_FIRST_CHARACTERS = 256  # Hypothesis orders characters from plain to strange
_USUAL_SIZE = 12
_WIDEST_BITS = 80
_MODERATE = 1e6


class SeededProvider(PrimitiveProvider):
    """Draws evenly, boundaries more often; make a subclass that sets `seed`."""

    seed: ClassVar[int] = 0

    def __init__(self, conjecturedata: Any, /) -> None:
        super().__init__(conjecturedata)
        self._random: Random = Random(self.seed)  # noqa: S311 - it has to be repeatable, not secret

    def draw_boolean(self, p: float = 0.5) -> bool:
        """Return True with probability `p`."""
        return self._random.random() < p

    def draw_integer(
        self,
        min_value: int | None = None,
        max_value: int | None = None,
        *,
        weights: dict[int, float] | None = None,
        shrink_towards: int = 0,  # noqa: ARG002 - part of the interface, of use to a shrinker only
    ) -> int:
        """Return an integer between the bounds, evenly where both are given."""
        if weights:
            drawn = self._random.random()
            for value, weight in weights.items():
                drawn -= weight
                if drawn < 0:
                    return value
        if min_value is not None and max_value is not None:
            return self._between(min_value, max_value)
        size = self._random.getrandbits(self._random.randint(1, _WIDEST_BITS))
        if min_value is not None:
            return min_value + size
        return max_value - size if max_value is not None else self._random.choice((size, -size))

    def draw_float(
        self,
        *,
        min_value: float = -math.inf,
        max_value: float = math.inf,
        allow_nan: bool = True,
        smallest_nonzero_magnitude: float,
    ) -> float:
        """Return a float between the bounds, now and then one of them, an infinity or NaN."""
        if self._random.random() < _EDGE:
            edges: tuple[float, ...] = (min_value, max_value, *((math.nan,) if allow_nan else ()))
            return self._random.choice(edges)
        lowest = max(min_value, min(-_MODERATE, max_value), -sys.float_info.max)
        highest = min(max_value, max(_MODERATE, min_value), sys.float_info.max)
        drawn = min(max(self._random.uniform(lowest, highest), lowest), highest)
        return drawn if abs(drawn) >= smallest_nonzero_magnitude else max(min_value, min(0.0, max_value))

    def draw_string(self, intervals: IntervalSet, *, min_size: int = 0, max_size: int = 10**10) -> str:
        """Return a text of these characters, mostly of the plain ones among them."""
        count = len(intervals)
        size = self._size(min_size, max_size if count else 0)
        return "".join(intervals.char_in_shrink_order(self._character(count)) for _ in range(size))

    def draw_bytes(self, min_size: int = 0, max_size: int = 10**10) -> bytes:
        """Return bytes, evenly."""
        return self._random.randbytes(self._size(min_size, max_size))

    def _between(self, lowest: int, highest: int) -> int:
        return (
            lowest + int(self._random.random() * (highest - lowest + 1))
            if highest - lowest < 2**50
            else self._random.randint(lowest, highest)
        )

    def _character(self, count: int) -> int:
        is_common = count > _FIRST_CHARACTERS and self._random.random() < _COMMON
        return self._between(0, (_FIRST_CHARACTERS if is_common else count) - 1)

    def _size(self, smallest: int, largest: int) -> int:
        """Draw a length: the longest now and then, where that is not endless; else near the shortest."""
        usual = min(largest, smallest + 2 * _USUAL_SIZE)
        if largest <= smallest + 100 * _USUAL_SIZE and self._random.random() < _EDGE:
            return largest
        return self._between(smallest, usual)
