"""Reads the source of the house: its modules, and who imports what.

Only facts about the text of the tree: what is allowed stands in `structure_rules` and `structure_habits`.
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

PACKAGE = "basix_contract"
PLACES = (PACKAGE, "conformance", "tests")
GENERATED = "_generated"


@dataclass(frozen=True, slots=True)
class Import:
    """One name brought into a module, wherever in it that is done."""

    importer: str
    imported: str
    name: str
    place: str

    @property
    def has_private_part(self) -> bool:
        """Is a part of what is imported private?"""
        return any(is_private(part) for part in (*self.imported.split("."), self.name))


@dataclass(frozen=True)
class Module:
    """One source file: its dotted name, where it stands below the root, and its text."""

    name: str
    path: Path
    text: str = field(repr=False)

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree."""
        return ast.parse(self.text, self.path.as_posix())

    @property
    def is_package(self) -> bool:
        """Is this the `__init__.py` of a folder?"""
        return self.path.name == "__init__.py"

    @property
    def is_generated(self) -> bool:
        """Was this written by our code generator?"""
        return GENERATED in self.path.parts

    def comments(self) -> Iterator[tuple[int, str]]:
        """Each comment with its line; text in strings is none."""
        for token in tokenize.generate_tokens(io.StringIO(self.text).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string


@dataclass(frozen=True)
class House:
    """Every module of the repository, by its dotted name."""

    modules: dict[str, Module] = field(repr=False)

    def within(self, *places: str) -> list[Module]:
        """The modules of one or more of the top-level folders."""
        return [module for name, module in self.modules.items() if name.partition(".")[0] in places]

    def imports(self, *places: str) -> Iterator[Import]:
        """Every import in the modules of these folders: conditional, nested and by name as a string too."""
        for module in self.within(*places):
            for node in ast.walk(module.tree):
                for imported, name in self._targets(module, node):
                    yield Import(module.name, imported, name, f"{module.path.as_posix()}:{_line(node)}")

    def _targets(self, module: Module, node: ast.AST) -> Iterator[tuple[str, str]]:
        match node:
            case ast.Import(names=names):
                yield from ((alias.name, "") for alias in names)
            case ast.ImportFrom(names=names):
                origin = _origin(module, node)
                for alias in names:
                    submodule = f"{origin}.{alias.name}"
                    yield (submodule, "") if submodule in self.modules else (origin, alias.name)
            case ast.Call(func=called, args=[ast.Constant(value=str(imported)), *_]):
                if ast.unparse(called).rpartition(".")[2] in {"import_module", "__import__"}:
                    yield imported, ""


def is_private(name: str) -> bool:
    """Does a name start with one underscore, and is it not one of Python's own?"""
    return name.startswith("_") and not (name.startswith("__") and name.endswith("__"))


def read_house(root: Path) -> House:
    """Every Python file of the places the house has."""
    modules = {}
    for place in PLACES:
        for path in sorted((root / place).rglob("*.py")):
            below = path.relative_to(root)
            parts = below.with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            modules[name] = Module(name, below, path.read_text("utf-8"))
    return House(modules)


def _line(node: ast.AST) -> int:
    return getattr(node, "lineno", 0)


def _origin(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = module.name.split(".")
    kept = parts[: len(parts) - node.level + module.is_package]
    return ".".join([*kept, *([node.module] if node.module else [])])
