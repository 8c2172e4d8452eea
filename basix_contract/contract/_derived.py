"""Documents made from the document, for tools that know `paths` and `webhooks` but not `callbacks`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from basix_contract.contract._tree import Spot, thawed
from basix_contract.errors import UsageError

_SHARED = ("openapi", "components", "tags")


def callback_items(operation: Spot) -> Iterator[tuple[str, Spot]]:
    """Yield name and path item of every callback of the operation."""
    callbacks = operation.find("callbacks")
    for name, expressions in callbacks.items() if callbacks is not None else ():
        for expression in expressions.names():
            yield name, expressions.at(expression)


def webhooks_document(root: Spot, path: str, operation: Spot) -> dict[str, Any]:
    """Return the document with the operation's callbacks as top-level `webhooks` of the same name."""
    hooks: dict[str, Any] = {}
    for name, callback in callback_items(operation):
        if name in hooks:
            raise callback.error(f"the callback {name} has more than one URL expression")
        hooks[name] = thawed(callback.value)
    document: dict[str, Any] = thawed(root.value)
    plain = {key: value for key, value in thawed(operation.value).items() if key != "callbacks"}
    path_item = {**thawed(root.at("paths", path).value), operation.steps[-1]: plain}
    return {
        **document,
        "paths": {**document["paths"], path: path_item},
        "webhooks": {**document.get("webhooks", {}), **hooks},
    }


def receiver_document(root: Spot, callback: Spot, path: str) -> dict[str, Any]:
    """Return an OpenAPI document of a callback receiver that listens at `path`, on any host."""
    if not path.startswith("/"):
        raise UsageError(f"the receiver's path must begin with a slash, not {path!r}")
    info: dict[str, Any] = thawed(root.at("info").value)
    info["title"] = f"{info.get('title', '')}: receiver of the result"
    shared = {key: thawed(root.value[key]) for key in _SHARED if key in root.value}
    return {**shared, "info": info, "servers": [{"url": "/"}], "paths": {path: thawed(callback.value)}}
