"""A JSON tree that cannot be changed, and places in it that know where they are.

Everything that walks the document goes through `Spot`, so that whatever is wrong is reported with file and
JSON pointer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from basix_contract.errors import SpecError


def frozen(tree: Any) -> Any:
    """Return a read-only copy: mappings become mapping proxies, lists become tuples."""
    if isinstance(tree, Mapping):
        return MappingProxyType({key: frozen(value) for key, value in tree.items()})
    return tuple(frozen(item) for item in tree) if isinstance(tree, list | tuple) else tree


def thawed(tree: Any) -> Any:
    """Return a copy of plain dicts and lists, which the caller may change."""
    if isinstance(tree, Mapping):
        return {key: thawed(value) for key, value in tree.items()}
    return [thawed(item) for item in tree] if isinstance(tree, list | tuple) else tree


def pointer_of(steps: tuple[str, ...]) -> str:
    """Write steps as a JSON pointer (RFC 6901)."""
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)


def steps_of(pointer: str) -> tuple[str, ...]:
    """Read a JSON pointer, with or without the `#` of a URI fragment."""
    parts = pointer.removeprefix("#").split("/")[1:]
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in parts)


@dataclass(frozen=True, slots=True)
class Spot:
    """A value of the tree together with the way to it."""

    source: str
    root: Any
    steps: tuple[str, ...] = ()
    value: Any = None

    def error(self, what: str) -> SpecError:
        """Return (not raise) the exception that says what is wrong here."""
        return SpecError(f"{self.source}#{pointer_of(self.steps)}: {what}")

    def at(self, *steps: str) -> Spot:
        """Return the spot further down, following any `$ref` on the way and at its end."""
        spot = self.followed()
        for step in steps:
            spot = spot.child(step).followed()
        return spot

    def find(self, *steps: str) -> Spot | None:
        """Return the spot further down, or None when a step of the way is not there."""
        spot: Spot | None = self.followed()
        for step in steps:
            spot = spot.at(step) if spot is not None and spot.has(step) else None
        return spot

    def names(self) -> tuple[str, ...]:
        """Return the names of a mapping's members; anything else is a SpecError."""
        if not isinstance(self.value, Mapping):
            raise self.error("must be a mapping")
        return tuple(self.value)

    def items(self) -> Iterator[tuple[str, Spot]]:
        """Yield name and spot of each member of a mapping, `$ref` followed; else a SpecError."""
        return ((name, self.at(name)) for name in self.names())

    def has(self, step: str) -> bool:
        """Whether there is a member or an item of this name right here."""
        if isinstance(self.value, Mapping):
            return step in self.value
        return isinstance(self.value, tuple) and step.isdecimal() and int(step) < len(self.value)

    def child(self, step: str) -> Spot:
        """Return the spot one step down, a `$ref` there not followed; SpecError when it is not there."""
        if not self.has(step):
            raise self.error(f"{step} is missing")
        value = self.value[step] if isinstance(self.value, Mapping) else self.value[int(step)]
        return Spot(self.source, self.root, (*self.steps, step), value)

    def text(self) -> str:
        """Return the text that stands here; anything else is a SpecError."""
        if not isinstance(self.value, str) or not self.value:
            raise self.error("must be a text that is not empty")
        return self.value

    def followed(self) -> Spot:
        """Return where this spot's `$ref` leads in the end, or the spot itself."""
        spot, seen = self, {self.steps}
        while (target := spot.reference()) is not None:
            if target in seen:
                raise self.error("its $ref leads back to itself")
            seen.add(target)
            spot = self._reached(target)
        return spot

    def reference(self) -> tuple[str, ...] | None:
        """Return where the `$ref` here points to inside this file, None when there is none."""
        ref = self.value.get("$ref") if isinstance(self.value, Mapping) else None
        if ref is None:
            return None
        if not isinstance(ref, str) or not (ref == "#" or ref.startswith("#/")):
            raise self.error(f"$ref must point into this file, not to {ref!r}")
        return steps_of(ref)

    def _reached(self, target: tuple[str, ...]) -> Spot:
        spot = Spot(self.source, self.root, (), self.root)
        for step in target:
            if not spot.has(step):
                raise self.error(f"$ref points to #{pointer_of(target)}, which does not exist")
            spot = spot.child(step)
        return spot


def root_of(source: str, tree: Any) -> Spot:
    """Return the spot of the whole tree, frozen."""
    fixed = frozen(tree)
    return Spot(source, fixed, (), fixed)
