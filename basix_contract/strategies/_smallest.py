"""The smallest part of a body that still does what the whole does: found by leaving out, through Hypothesis."""

from __future__ import annotations

from collections.abc import Callable, Collection
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, find, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

_HEALTH_CHECKS: tuple[Any, ...] = tuple(HealthCheck)


def smallest(
    body: dict[str, Any], fails: Callable[[dict[str, Any]], bool], *, keep: Collection[str] = (), most_tries: int = 100
) -> dict[str, Any]:
    """Return the smallest part of a body for which `fails` is still true; the whole body when no smaller one is found.

    Members are left out, those of objects inside it as well; the members of `keep` stay as they are. `fails`
    is called at most about `most_tries` times, and never for the whole body. The same arguments give the same result.

    >>> from basix_contract.strategies import smallest
    >>> smallest({"a": 1, "b": 2, "c": 3}, lambda body: "b" in body)
    {'b': 2}
    """
    tried: dict[str, bool] = {repr(body): True}

    def still_fails(part: dict[str, Any]) -> bool:
        known = tried.get(repr(part))
        if known is None and len(tried) > most_tries:
            return False
        if known is None:
            known = tried[repr(part)] = fails(part)
        return known

    how = settings(
        database=None,
        deadline=None,
        max_examples=most_tries,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=_HEALTH_CHECKS,
        verbosity=Verbosity.quiet,
    )
    try:
        return find(_parts(body, frozenset(keep)), still_fails, settings=how, random=Random(0))  # noqa: S311 - the same each time, and no secret
    except NoSuchExample:
        return body


def _parts(value: dict[str, Any], keep: frozenset[str]) -> st.SearchStrategy[dict[str, Any]]:
    fixed = {name: st.just(part) if name in keep else _part(part) for name, part in value.items()}
    optional = [name for name in value if name not in keep]

    @st.composite
    def draw_part(draw: st.DrawFn) -> dict[str, Any]:
        kept = {name for name in optional if draw(st.booleans())}
        return {name: draw(part) for name, part in fixed.items() if name in keep or name in kept}

    return draw_part()


def _part(value: Any) -> st.SearchStrategy[Any]:
    if isinstance(value, dict):
        return _parts(value, frozenset())
    return st.just(value)
