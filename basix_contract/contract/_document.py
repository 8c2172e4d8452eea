"""The document: `spec/openapi.yaml`, read once and offered in the words the other rooms need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from basix_contract.contract._derived import callback_items, receiver_document, webhooks_document
from basix_contract.contract._files import spec_file
from basix_contract.contract._parts import (
    Example,
    Parameter,
    read_examples,
    read_parameters,
    read_reply_examples,
)
from basix_contract.contract._schemas import bundled
from basix_contract.contract._tree import Spot, pointer_of, root_of
from basix_contract.contract._yaml import read_yaml

# The keys of a path item that are operations (OpenAPI 3.1.1, Path Item Object).
_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Document:
    """The OpenAPI document of one operation and its callback; nothing in it can be changed.

    `request_pointer`, `reply_pointer` and `callback_pointer` lead to the schemas of the three bodies.
    """

    source: Path
    raw: Mapping[str, Any] = field(repr=False)
    version: str
    operation_id: str
    operation_path: str
    operation_method: str
    media_type: str
    parameters: tuple[Parameter, ...] = field(repr=False)
    request_pointer: str
    reply_pointer: str
    callback_pointer: str
    callback_name: str
    request_examples: Mapping[str, Example] = field(repr=False)
    reply_examples: Mapping[str, Example] = field(repr=False)
    callback_examples: Mapping[str, Example] = field(repr=False)
    _root: Spot = field(repr=False)
    _operation: Spot = field(repr=False)
    _callback: Spot = field(repr=False)

    @property
    def user_selectors(self) -> tuple[str, ...]:
        """The names of the parameters that say which user to ring."""
        return self._named("user-selector")

    @property
    def group_selectors(self) -> tuple[str, ...]:
        """The names of the parameters that say on whose behalf."""
        return self._named("group-selector")

    def schema(self, name_or_pointer: str) -> dict[str, Any]:
        """Return a JSON Schema (2020-12) that stands alone: a component by name, or any schema by pointer.

        The result is the caller's own. Raises UsageError naming the nearest component when there is none.
        """
        return bundled(self._root, name_or_pointer)

    def webhooks_document(self) -> dict[str, Any]:
        """Return a copy of the document whose callbacks are top-level `webhooks` of the same name."""
        return webhooks_document(self._root, self.operation_path, self._operation)

    def receiver_document(self, path: str = "/result_receiver") -> dict[str, Any]:
        """Return an OpenAPI document with the callback as the one operation at `path`.

        Raises UsageError when `path` does not begin with a slash.
        """
        return receiver_document(self._root, self._callback, path)

    def _named(self, role: str) -> tuple[str, ...]:
        return tuple(parameter.name for parameter in self.parameters if parameter.role == role)


def load_document(path: str | Path | None = None) -> Document:
    """Return the shipped document, read once for the whole process; with a path, that file, read anew.

    Raises SpecError naming file and JSON pointer when the document does not hold together.
    """
    return _shipped() if path is None else _read(Path(path))


@cache
def _shipped() -> Document:
    return _read(spec_file("openapi.yaml"))


def _read(path: Path) -> Document:
    root = root_of(str(path), read_yaml(path))
    version = root.at("openapi").text()
    if not version.startswith("3.1."):
        raise root.error(f"openapi must be 3.1, not {version}")
    operation_path, item = _only(root.at("paths"), "path")
    method, operation = _only(item, "operation", _METHODS)
    callback_name, callback = _callback(operation)
    _, told = _only(callback, "operation", _METHODS)
    _, result = _only(told.at("requestBody", "content"), "media type")
    media_type, body = _only(operation.at("requestBody", "content"), "media type")
    _, reply = _only(operation.at("responses", "200", "content"), "media type")
    return Document(
        source=path,
        raw=root.value,
        version=root.at("info", "version").text(),
        operation_id=operation.at("operationId").text(),
        operation_path=operation_path,
        operation_method=method.upper(),
        media_type=media_type,
        parameters=read_parameters(body.at("schema")),
        request_pointer=pointer_of(body.at("schema").steps),
        reply_pointer=pointer_of(reply.at("schema").steps),
        callback_pointer=pointer_of(result.at("schema").steps),
        callback_name=callback_name,
        request_examples=read_examples(body),
        reply_examples=read_reply_examples(operation.at("responses"), media_type),
        callback_examples=read_examples(result),
        _root=root,
        _operation=operation,
        _callback=callback,
    )


def _callback(operation: Spot) -> tuple[str, Spot]:
    items = list(callback_items(operation))
    if len(items) != 1:
        raise operation.error(f"exactly one callback is expected, found {len(items)}")
    return items[0]


def _only(spot: Spot, what: str, among: frozenset[str] | None = None) -> tuple[str, Spot]:
    found = [(name, child) for name, child in spot.items() if among is None or name in among]
    if len(found) != 1:
        raise spot.error(f"exactly one {what} is expected, found {len(found)}")
    return found[0]
