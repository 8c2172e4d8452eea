"""Generates a client from a changed document, and imports it beside the shipped one."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx

from basix_contract.codegen import generate, write
from basix_contract.contract import Document
from tests.client.recording import Recorder
from tests.contract.variants import Tree, variant

NAME = "regenerated"


class Regenerated:
    """A client generated from another document, as a package of its own."""

    def __init__(self, document: Document, folder: Path) -> None:
        self.document = document
        self.folder = folder
        self.pbx = Recorder()

    def module(self, name: str) -> ModuleType:
        """One of its modules."""
        return importlib.import_module(f"{NAME}.{name}")

    def client(self) -> Any:
        """Its client, whose requests the recorder takes."""
        http = httpx.Client(transport=httpx.MockTransport(self.pbx))
        kind = self.module("sync_client").Client
        return kind(domain="acme.example", token="t", base_url="https://pbx.example/basix/api", http=http)


@contextmanager
def regenerated(folder: Path, *changes: Callable[[Tree], object]) -> Iterator[Regenerated]:
    """Change the document, write its client into a folder, and let it be imported for as long as the block lasts."""

    def change(tree: Tree) -> None:
        for one in changes:
            one(tree)

    document = variant(folder, change)
    write(generate(document), folder / NAME)
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        yield Regenerated(document, folder / NAME)
    finally:
        sys.path.remove(str(folder))
        for name in [name for name in sys.modules if name.partition(".")[0] == NAME]:
            del sys.modules[name]


def request_of(tree: Tree) -> Tree:
    """The schema of a request."""
    schema: Tree = tree["components"]["schemas"]["CallUserRequest"]
    return schema


def priority_added(tree: Tree) -> None:
    """The document gets another parameter."""
    request_of(tree)["properties"]["call_priority"] = {
        "type": "integer",
        "minimum": 1,
        "default": 5,
        "description": "How urgent the call is, from 1 up.",
        "x-basix-role": "option",
    }


def calling_name_removed(tree: Tree) -> None:
    """The document loses a parameter, and the example that has it."""
    del request_of(tree)["properties"]["calling_name"]
    del tree["paths"]["/call_user"]["post"]["requestBody"]["content"]["application/json"]["examples"]["example-2"]


def resolver_widened(tree: Tree) -> None:
    """The document allows another rule for the group."""
    request_of(tree)["properties"]["group_resolver"]["enum"].append("any:HUNT")
