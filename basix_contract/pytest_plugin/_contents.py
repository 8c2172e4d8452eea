"""What a call was asked for, compared with what a test expects of it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

from basix_contract.contract import load_document


def assert_same_parameters(expected: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    """Fail unless a call's parameters are exactly these, in value and type; say which are not.

    Anything with an `__eq__` of its own, such as `unittest.mock.ANY`, may stand for a value. A name that
    `call_user` does not have is a mistake of the test, and named as one.
    """
    known = [parameter.name for parameter in load_document().parameters]
    if unknown := [name for name in expected if name not in known]:
        raise AssertionError(unknown_names(unknown, known))
    differences = [
        f"  {name}: expected {_shown(expected, name)}, given {_shown(given, name)}"
        for name in [*known, *(name for name in given if name not in known)]
        if name in expected or name in given
        if name not in expected or name not in given or not is_same(expected[name], given[name])
    ]
    if differences:
        raise AssertionError("\n".join(["the call was asked for with other parameters:", *differences]))


def assert_one(calls: Sequence[Any]) -> None:
    """Fail unless exactly one call was placed."""
    if len(calls) != 1:
        raise AssertionError(f"expected one call, and there were {len(calls)}")


def is_same(expected: Any, given: Any) -> bool:
    """Return whether two JSON values are the same; 0, 0.0 and False are three."""
    if isinstance(expected, Mapping) and isinstance(given, Mapping):
        return expected.keys() == given.keys() and all(is_same(expected[name], given[name]) for name in expected)
    if isinstance(expected, list | tuple) and isinstance(given, list | tuple):
        return len(expected) == len(given) and all(map(is_same, expected, given))
    if isinstance(expected, bool | int | float):
        return type(expected) is type(given) and expected == given
    return bool(expected == given)


def unknown_names(unknown: Sequence[str], known: Sequence[str]) -> str:
    """Return a sentence that names what is not known, and what each may have been meant to be."""
    return "; ".join(_unknown(name, known) for name in unknown)


def _unknown(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"call_user has no parameter {name!r}" + (f", did you mean {near[0]!r}?" if near else "")


def _shown(values: Mapping[str, Any], name: str) -> str:
    return repr(values[name]) if name in values else "nothing"
