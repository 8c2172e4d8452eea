"""Calls in which any two things that can be said together are: worked out from the document, not written by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from basix_contract.strategies import covering

_MARKED_URL = "https://crm.example/{mark}/result?call={mark}"
_LARGEST_SAFE = 2**53 - 1  # beyond it JSON's numbers do not survive every language, and that is no client's fault
_LONGEST_TEXT = 1000


def combinations() -> Iterator[Mapping[str, Any]]:
    """Yield the calls of a scenario as a scenario file would declare them."""
    for params in covering(callback_url=_MARKED_URL):
        if all(map(_is_fair, _leaves(params))):
            yield {"title": f"{', '.join(params)} together", "params": params}


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _leaves(item)
    else:
        yield value


def _is_fair(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= _LONGEST_TEXT
    return isinstance(value, bool) or value <= _LARGEST_SAFE
