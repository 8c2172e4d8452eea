"""Variants of the shipped document, for tests of what a broken or unusual one does."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from basix_contract.contract import Document, load_document

Tree = dict[str, Any]


_TREE: Tree = yaml.safe_load(load_document().source.read_text(encoding="utf-8"))


def plain_document() -> Tree:
    """The shipped document as plain dicts and lists that a test may change."""
    return copy.deepcopy(_TREE)


def variant(folder: Path, change: Callable[[Tree], object]) -> Document:
    """Load the shipped document with one change made to it; JSON is YAML, and quicker to write."""
    tree = plain_document()
    change(tree)
    path = folder / "variant.yaml"
    path.write_text(json.dumps(tree, indent=1), encoding="utf-8")
    return load_document(path)


def operation_of(tree: Tree) -> Tree:
    """The one operation of a document."""
    operation: Tree = tree["paths"]["/call_user"]["post"]
    return operation


def callback_of(tree: Tree) -> Tree:
    """The path item of its callback."""
    expressions: Tree = operation_of(tree)["callbacks"]["callFinished"]
    item: Tree = expressions["{$request.body#/callback_url}"]
    return item
