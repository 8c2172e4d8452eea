"""What an engine found wrong with a body, said so that a person can act on it.

Both engines hand in `Finding`s; only here do they become `Violation`s, so that they cannot differ in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from basix_contract.messages import Violation
from basix_contract.validation._json import shown
from basix_contract.validation._places import Place, Step

# The member that tells a success from an error, in replies and callbacks.
DECIDER = "result_code"

# Why a member that is missing should be there.
_MISSING = {
    "/destination": "give text, or an object with called_number",
    "/destination/called_number": "an object names the number to call",
    "/result_code": "0 tells a success, any other integer an error",
    "/uuids": "a success names one uuid per originating leg",
    "/uuid": "a success names the channel that answered",
    "/error": "an error says what went wrong in error.id",
    "/error/id": "it is the word that programs act on",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing an engine does not like: where (for `required`, the absent member) and by which keyword.

    `branches` holds what each alternative of a `oneOf` or `anyOf` does not like.
    """

    path: tuple[Step, ...]
    keyword: str
    branches: tuple[tuple[Finding, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One kind of body: its name in sentences, its places in words, and the selectors it must choose from."""

    name: str
    places: dict[tuple[str, ...], Place]
    selectors: tuple[str, ...] = ()


def violations(subject: Subject, value: Any, findings: Iterable[Finding]) -> tuple[Violation, ...]:
    """Return one violation for each place that is not as it must be, in the order of the spec."""
    leaves = [leaf for finding in findings for leaf in _leaves(finding)]
    # One place may break several keywords at once; its type says most.
    leaves.sort(key=lambda leaf: (_rank(subject, leaf), leaf.keyword != "type"))
    by_place = {leaf.path: leaf for leaf in reversed(leaves)}
    ordered = [leaf for leaf in leaves if by_place[leaf.path] is leaf]
    return tuple(_violation(subject, value, leaf) for leaf in ordered)


def loose_zero(subject: Subject, value: Any) -> tuple[Finding, ...]:
    """Return a finding when the result code is 0.0: a 0 to JSON Schema, but not the integer 0 (A54)."""
    code = value.get(DECIDER) if (DECIDER,) in subject.places and isinstance(value, dict) else None
    return (Finding((DECIDER,), "const"),) if isinstance(code, float) and code == 0 else ()


def _rank(subject: Subject, leaf: Finding) -> tuple[int, tuple[int, ...]]:
    known = list(subject.places)
    pattern = _pattern(leaf.path)
    position = known.index(pattern) if pattern in subject.places else len(known)
    return position, tuple(step for step in leaf.path if isinstance(step, int))


def _leaves(finding: Finding) -> Iterator[Finding]:
    branch = _branch(finding)
    if not branch:
        yield finding
    for inner in branch:
        yield from _leaves(inner)


def _branch(finding: Finding) -> tuple[Finding, ...]:
    """Choose the alternative that was meant: of the body's JSON type, or with its kind of result code."""
    if finding.keyword == "anyOf" and not finding.path:
        return ()
    misfits = [tuple(inner for inner in branch if _decides(finding, inner)) for branch in finding.branches]
    fitting = (branch for branch, misfit in zip(finding.branches, misfits, strict=True) if not misfit)
    return next(fitting, misfits[0] if misfits else ())


def _decides(outer: Finding, inner: Finding) -> bool:
    is_type = inner.path == outer.path and inner.keyword == "type"
    return is_type or inner.path == (*outer.path, DECIDER)


def _violation(subject: Subject, value: Any, leaf: Finding) -> Violation:
    if leaf.keyword == "anyOf" and not leaf.path:
        return _no_selector(subject, value)
    pattern = _pattern(leaf.path)
    pointer = pointer_of(leaf.path)
    if leaf.keyword == "required":
        reason = _MISSING.get(pointer_of(pattern)) or f"it must be {_wanted(subject, leaf)}"
        return Violation(pointer, f"{_spoken(subject, leaf.path)} is missing: {reason}", "required")
    found = _found(value, leaf.path)
    return Violation(pointer, _wrong(subject, leaf, found), leaf.keyword, found)


def _wrong(subject: Subject, leaf: Finding, found: Any) -> str:
    name = _spoken(subject, leaf.path)
    if leaf.keyword == "uniqueItems":
        return f"{name} must not name one twice: {shown(_repeated(found))} stands in it more than once"
    place = subject.places.get(_pattern(leaf.path))
    advice = "; leave it out instead" if found is None and place and not place.is_required else ""
    return f"{name} must be {_wanted(subject, leaf)}, not {shown(found)}{advice}"


def _wanted(subject: Subject, leaf: Finding) -> str:
    if leaf.keyword == "const" and leaf.path == (DECIDER,):
        return "the integer 0"
    place = subject.places.get(_pattern(leaf.path))
    return place.words if place else f"as the contract has it ({leaf.keyword})"


def _no_selector(subject: Subject, value: Any) -> Violation:
    given = {name: value[name] for name in subject.selectors if name in value}
    text = f"give at least one non-empty user selector: {', '.join(subject.selectors)}"
    are = "is" if len(given) == 1 else "are"
    empty = f" ({', '.join(given)} {are} empty)" if given else ""
    return Violation("", text + empty, "user-selector", given or None)


def _repeated(items: list[Any]) -> Any:
    return next((item for index, item in enumerate(items) if item in items[:index]), items)


def _found(value: Any, path: tuple[Step, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def _pattern(path: tuple[Step, ...]) -> tuple[str, ...]:
    return tuple("*" if isinstance(step, int) else step for step in path)


def pointer_of(path: Iterable[Step]) -> str:
    """Write a path as a JSON pointer (RFC 6901)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def _spoken(subject: Subject, path: tuple[Step, ...]) -> str:
    name = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return name.removeprefix(".") or f"the {subject.name}"
