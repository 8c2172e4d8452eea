"""What changed between two documents of this contract, and whom it breaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from basix_contract.contract._yaml import read_yaml
from basix_contract.contract.changes._parties import Effect, Message, Party, broken_by
from basix_contract.contract.changes._schemas import Found, SchemaChanges, resolved
from basix_contract.errors import SpecError, UsageError

Tree = Mapping[str, Any]

# What comes of walking a document in which something is not what OpenAPI has there.
_UNSOUND = (AttributeError, LookupError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Sides:
    """The two documents, each of which its own references are followed in."""

    old: Tree
    new: Tree

    def schemas(self, one: Any, other: Any) -> Iterator[Found]:
        """Yield what changed between a schema of the one and a schema of the other."""
        return SchemaChanges(self.old, self.new).between(one, other)

    def resolved(self, one: Tree, other: Tree) -> tuple[Tree, Tree]:
        """Return an object of each, its reference followed."""
        return resolved(one, self.old), resolved(other, self.new)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change: in which message and where, what it does to what is allowed, in words, and who breaks by it."""

    message: Message
    place: str
    effect: Effect
    what: str
    breaks: tuple[Party, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractChanges:
    """Everything that changed from one contract version to another."""

    old: str
    new: str
    changes: tuple[Change, ...]

    def breaking(self, party: Party) -> tuple[Change, ...]:
        """Return the changes after which such a program must be changed too."""
        return tuple(change for change in self.changes if party in change.breaks)

    @property
    def is_breaking(self) -> bool:
        """Whether anybody breaks."""
        return any(change.breaks for change in self.changes)


def contract_changes(old: Tree, new: Tree) -> ContractChanges:
    """Compare two OpenAPI documents: requests, replies, callbacks and what callbacks are answered with.

    Descriptions, examples and extension keywords are no part of what is compared. Raises UsageError where a part of
    them is not what OpenAPI has there.
    """
    sides = Sides(old, new)
    try:
        found = (*_servers(sides), *_operations(sides))
        before, after = (str(side.get("info", {}).get("version", "?")) for side in (old, new))
    except _UNSOUND as error:
        said = "it refers to itself without end" if isinstance(error, RecursionError) else str(error)
        raise UsageError(f"this is no sound OpenAPI document: {said}", fix="run a linter over it") from None
    return ContractChanges(old=before, new=after, changes=tuple(dict.fromkeys(found)))


def read_contract(path: Path) -> Tree:
    """Return an OpenAPI document as it stands in its file; raises UsageError when the file holds none."""
    try:
        tree = read_yaml(path)
    except SpecError as error:
        raise UsageError(str(error), fix="give an OpenAPI document") from None
    if not isinstance(tree, Mapping) or not isinstance(tree.get("paths"), Mapping) or "openapi" not in tree:
        raise UsageError("this is no OpenAPI document", where=str(path), fix="give one in YAML or JSON")
    try:
        contract_changes(tree, tree)
    except UsageError as error:
        raise UsageError(error.what, where=str(path), fix=error.fix) from None
    return tree


def _change(message: Message, place: str, effect: Effect, what: str) -> Change:
    return Change(message=message, place=place, effect=effect, what=what, breaks=broken_by(effect, message))


def _servers(sides: Sides) -> Iterator[Change]:
    urls = [[server.get("url") for server in root.get("servers", ())] for root in (sides.old, sides.new)]
    if urls[0] != urls[1]:
        yield _change("request", "servers", "altered", f"{urls[0]} → {urls[1]}")


def _operations(sides: Sides) -> Iterator[Change]:
    old, new = (_by_method(root["paths"]) for root in (sides.old, sides.new))
    for key in dict.fromkeys((*old, *new)):
        if key in old and key in new:
            yield from _security(sides, old[key], new[key])
            yield from _parameters(sides, old[key], new[key])
            yield from _exchange(sides, old[key], new[key], ("request", "reply"))
            yield from _callbacks(sides, old[key], new[key])
        else:
            yield _change("request", key, *_arrival(is_new=key in new))


def _by_method(paths: Tree) -> dict[str, Tree]:
    """Return the operations of path items, be they paths or URL expressions, by method and place."""
    return {
        f"{method.upper()} {place}": operation
        for place, item in paths.items()
        for method, operation in item.items()
        if isinstance(operation, Mapping) and "responses" in operation
    }


def _arrival(*, is_new: bool) -> tuple[Effect, str]:
    return ("message added", "is new") if is_new else ("message removed", "is gone")


def _callbacks(sides: Sides, one: Tree, other: Tree) -> Iterator[Change]:
    old, new = (
        {key: found for items in side.get("callbacks", {}).values() for key, found in _by_method(items).items()}
        for side in (one, other)
    )
    for key in dict.fromkeys((*old, *new)):
        if key in old and key in new:
            yield from _exchange(sides, old[key], new[key], ("callback", "acknowledgement"))
        else:
            yield _change("callback", key, *_arrival(is_new=key in new))


def _security(sides: Sides, one: Tree, other: Tree) -> Iterator[Change]:
    told = [_schemes(*side) for side in ((sides.old, one), (sides.new, other))]
    if told[0] != told[1]:
        yield _change("request", "credentials", "altered", f"{told[0]} → {told[1]}")


def _schemes(root: Tree, operation: Tree) -> str:
    asked = {name for entry in operation.get("security", root.get("security", ())) for name in entry}
    schemes = root.get("components", {}).get("securitySchemes", {})
    found = (schemes.get(name, {}) for name in asked)
    return ", ".join(sorted(f"{scheme.get('type')} {scheme.get('scheme', '')}".strip() for scheme in found)) or "none"


def _parameters(sides: Sides, one: Tree, other: Tree) -> Iterator[Change]:
    old, new = (
        {f"{row['in']} {row['name']}": row for row in (resolved(row, root) for row in side.get("parameters", ()))}
        for root, side in ((sides.old, one), (sides.new, other))
    )
    for key in dict.fromkeys((*old, *new)):
        before, after = old.get(key), new.get(key)
        if before is None:
            yield _change("request", key, "member added", "new parameter")
        elif after is None:
            yield _change("request", key, "member removed", "parameter gone")
        else:
            schemas = (row.get("schema", True) for row in (before, after))
            for inner, effect, what in sides.schemas(*schemas):
                yield _change("request", f"{key}{inner}", effect, what)
        yield from _obligation("request", key, before or {}, after or {})


def _obligation(message: Message, place: str, before: Tree, after: Tree) -> Iterator[Change]:
    was, is_required = (bool(side.get("required")) for side in (before, after))
    if is_required and not was:
        yield _change(message, place, "narrowed", "required now")
    if was and after and not is_required:
        yield _change(message, place, "widened", "no longer required")


def _exchange(sides: Sides, one: Tree, other: Tree, names: tuple[Message, Message]) -> Iterator[Change]:
    """Compare a request and what it is answered with, be it of an operation or of a callback."""
    asking, answering = names
    before, after = sides.resolved(one.get("requestBody", {}), other.get("requestBody", {}))
    yield from _obligation(asking, "body", before, after)
    yield from _contents(sides, before, after, asking, "body")
    for status in dict.fromkeys((*one["responses"], *other["responses"])):
        place = f"HTTP {status}"
        if status in one["responses"] and status in other["responses"]:
            before, after = sides.resolved(one["responses"][status], other["responses"][status])
            yield from _contents(sides, before, after, answering, place)
        else:
            is_new = status in other["responses"]
            yield _change(answering, place, *(("widened", "new status") if is_new else ("narrowed", "status gone")))


def _contents(sides: Sides, one: Tree, other: Tree, message: Message, place: str) -> Iterator[Change]:
    old, new = (side.get("content", {}) for side in (one, other))
    for media_type in dict.fromkeys((*old, *new)):
        if media_type in old and media_type in new:
            schemas = (side[media_type].get("schema", True) for side in (old, new))
            for inner, effect, what in sides.schemas(*schemas):
                yield _change(message, f"{place} {inner}".strip(), effect, what)
        else:
            is_new = media_type in new
            yield _change(message, place, "widened" if is_new else "narrowed", f"{media_type} {_came(is_new=is_new)}")


def _came(*, is_new: bool) -> str:
    return "is a media type now" if is_new else "is no longer a media type"
