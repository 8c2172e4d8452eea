"""The source as it is read, not run: where a name is defined, how it is called, and what it says of itself.

Reading needs none of the libraries that running would, and shows annotations as they are written.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent
_WIDTH = 92

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Found:
    """A definition, and the module it stands in."""

    node: ast.ClassDef | Function
    module: str


@cache
def tree_of(module: str) -> tuple[ast.Module, bool]:
    """Return the syntax tree of one of our modules, constants that are defaults put in, and whether it is a package."""
    place = _PACKAGE.joinpath(*module.split(".")[1:])
    path = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.arguments):
            node.defaults = [_told(default, tree, module) for default in node.defaults]
            node.kw_defaults = [default and _told(default, tree, module) for default in node.kw_defaults]
    return tree, place.is_dir()


def _told(default: ast.expr, tree: ast.Module, module: str) -> ast.expr:
    """Return the value of a default that is a constant by its name: whoever reads the page does not have the name."""
    if not isinstance(default, ast.Name):
        return default
    for node in tree.body:
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=default.id)], value=ast.Constant() | ast.Tuple() as value)
                | ast.AnnAssign(target=ast.Name(id=default.id), value=ast.Constant() | ast.Tuple() as value)
            ):
                return value
            case ast.ImportFrom(names=names) if default.id in {alias.name for alias in names}:
                origin = _origin(node, module, is_package=False)
                return _told(default, tree_of(origin)[0], origin) if origin.startswith(_PACKAGE.name) else default
    return default


def offered(module: str) -> list[str]:
    """Return the names a room lists as its own."""
    for node in tree_of(module)[0].body:
        match node:
            case ast.Assign(targets=[ast.Name(id="__all__")], value=ast.List(elts=names)):
                return [ast.literal_eval(name) for name in names]
    return []


def find(module: str, name: str) -> Found | None:
    """Return the definition a name has in a module, wherever it is imported from; None for what is not ours."""
    tree, is_package = tree_of(module)
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name:
            return Found(node, module)
    for found in ast.walk(tree):
        if isinstance(found, ast.ImportFrom) and name in {alias.asname or alias.name for alias in found.names}:
            origin = _origin(found, module, is_package=is_package)
            return find(origin, name) if origin.startswith(_PACKAGE.name) else None
    return None


def _origin(node: ast.ImportFrom, module: str, *, is_package: bool) -> str:
    parts = module.split(".")
    kept = parts[: len(parts) - node.level + is_package] if node.level else []
    return ".".join([*kept, *([node.module] if node.module else [])])


def family(found: Found) -> Iterator[Found]:
    """Yield a class and, nearest first, those it is built on, as far as they are ours."""
    yield found
    if isinstance(found.node, ast.ClassDef):
        for base in found.node.bases:
            name = ast.unparse(base).partition("[")[0]
            parent = find(found.module, name)
            if parent is not None:
                yield from family(parent)


def returned(found: Found) -> str:
    """Write what a function gives back."""
    returns = None if isinstance(found.node, ast.ClassDef) else found.node.returns
    return ast.unparse(returns) if returns else ""


def is_raised(found: Found) -> bool:
    """Is this class an exception?"""
    return any(
        ast.unparse(base) in ("Exception", "ValueError", "TimeoutError")
        for each in family(found)
        if isinstance(each.node, ast.ClassDef)
        for base in each.node.bases
    )


def methods(found: Found) -> Iterator[Function]:
    """Yield the public methods of a class, those of its bases after its own, each name once."""
    seen: set[str] = set()
    for each in family(found):
        for node in each.node.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _is_shown(node) and node.name not in seen:
                seen.add(node.name)
                yield node


def is_property(node: Function) -> bool:
    """Is it read like a value?"""
    return any(ast.unparse(mark) in ("property", "cached_property") for mark in node.decorator_list)


def _is_shown(node: Function) -> bool:
    is_overload = any(ast.unparse(mark) == "overload" for mark in node.decorator_list)
    return not node.name.startswith("_") and not is_overload


def signature(found: Found) -> str:
    """Write how a class or function is called, over several lines where it would be too long."""
    if isinstance(found.node, ast.ClassDef):
        return _class_signature(found)
    return function_signature(found.node)


def function_signature(node: Function, *, bound: bool = False) -> str:
    """Write how a function is called; `bound` leaves out the object it belongs to."""
    arguments = _arguments(node)[1 if bound and not is_property(node) else 0 :]
    ending = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    if is_property(node):
        return f"{node.name}{ending.replace(' ->', ':')}"
    start = "async " if isinstance(node, ast.AsyncFunctionDef) else ""
    return _laid_out(f"{start}{node.name}(", arguments, f"){ending}")


def _class_signature(found: Found) -> str:
    for each in family(found):
        for node in each.node.body:
            if isinstance(node, ast.FunctionDef) and node.name == "__init__":
                return _laid_out(f"{found.node.name}(", _arguments(node)[1:], ")")
        if fields := [_field(node) for node in each.node.body if isinstance(node, ast.AnnAssign)]:
            return _laid_out(f"{found.node.name}(", [text for text in fields if text], ")")
    return f"{found.node.name}"


def _field(node: ast.AnnAssign) -> str:
    annotation = ast.unparse(node.annotation)
    if annotation.startswith("ClassVar") or ast.unparse(node.target).startswith("_"):
        return ""
    default = f" = {ast.unparse(node.value)}" if node.value is not None else ""
    return f"{ast.unparse(node.target)}: {annotation}{default}"


def _arguments(node: Function) -> list[str]:
    """Return the arguments as they are written, marks such as `*` among them."""
    told = node.args
    positional = [*told.posonlyargs, *told.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(told.defaults)) + [*told.defaults]
    parts = [_argument(one, default) for one, default in zip(positional, defaults, strict=True)]
    if told.posonlyargs:
        parts.insert(len(told.posonlyargs), "/")
    if told.vararg:
        parts.append(f"*{_argument(told.vararg, None)}")
    elif told.kwonlyargs:
        parts.append("*")
    parts += [_argument(one, default) for one, default in zip(told.kwonlyargs, told.kw_defaults, strict=True)]
    return [*parts, *([f"**{_argument(told.kwarg, None)}"] if told.kwarg else [])]


def _argument(one: ast.arg, default: ast.expr | None) -> str:
    annotation = f": {ast.unparse(one.annotation)}" if one.annotation else ""
    return f"{one.arg}{annotation}" + (f" = {ast.unparse(default)}" if default is not None else "")


def _laid_out(start: str, arguments: list[str], end: str) -> str:
    line = f"{start}{', '.join(arguments)}{end}"
    if len(line) <= _WIDTH:
        return line
    return start + "\n" + "".join(f"    {one},\n" for one in arguments) + end
