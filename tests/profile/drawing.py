"""Drawing that costs little: one bounded integer for each choice, from strategies that are made once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TypeVar

from hypothesis import strategies as st

Value = TypeVar("Value")


@cache
def _below(count: int) -> st.SearchStrategy[int]:
    return st.integers(0, count - 1)


def pick(draw: st.DrawFn, options: Sequence[Value]) -> Value:
    """Draw one of several; it shrinks to the first."""
    return options[draw(_below(len(options)))]


def one_in(draw: st.DrawFn, count: int) -> bool:
    """Draw a rare truth; it shrinks to false."""
    return draw(_below(count)) == count - 1


def some(draw: st.DrawFn, options: Sequence[Value], least: int, most: int) -> list[Value]:
    """Draw several different ones, in the order they stand in; it shrinks to few."""
    left = list(options)
    kept = [left.pop(draw(_below(len(left)))) for _ in range(min(len(left), least + draw(_below(most - least + 1))))]
    return [option for option in options if option in kept]
