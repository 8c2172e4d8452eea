"""The pages of what is imported: the client, and the fixtures for pytest, as their source tells them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from basix_contract.docs import _signatures as source
from basix_contract.docs._signatures import Found
from basix_contract.docs._sources import Sources

_CLIENT = "basix_contract.client"
_PLUGIN = "basix_contract.pytest_plugin"
_STRATEGIES = "basix_contract.strategies"
_SHOWN_WITH_FIXTURES = (_PLUGIN, "basix_contract.mock._records", "basix_contract.mock._clock")
_SECTION = re.compile(r"^(Args|Attributes|Raises|Returns|Yields):$")
_ITEM = re.compile(r"^    (\*{0,2}\w+): (.*)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One name: how it is called, what it says of itself, and its methods."""

    name: str
    signature: str
    text: str
    methods: tuple[tuple[str, str, str], ...] = ()


def client_page(_sources: Sources) -> dict[str, Any]:
    """Return what the template of the client page is given."""
    names = source.offered(_CLIENT)
    found = [each for name in names if (each := source.find(_CLIENT, name))]
    return {
        "used": [entry_of(each) for each in found if not source.is_raised(each)],
        "raised": [entry_of(each) for each in found if source.is_raised(each)],
    }


def fixtures_page(_sources: Sources) -> dict[str, Any]:
    """Return what the template of the fixtures page is given."""
    fixtures = [
        each
        for name in source.offered(_PLUGIN)
        if (each := source.find(_PLUGIN, name)) and not name.startswith("pytest_")
    ]
    strategies = [each for name in source.offered(_STRATEGIES) if (each := source.find(_STRATEGIES, name))]
    return {
        "fixtures": [(entry_of(each), source.returned(each)) for each in fixtures],
        "given": [entry_of(each) for each in _given(fixtures)],
        "strategies": [entry_of(each) for each in strategies],
    }


def entry_of(found: Found) -> Entry:
    """Return what is told of a class or a function."""
    told = [
        (node.name, source.function_signature(node, bound=True), told_in(ast.get_docstring(node)))
        for node in (source.methods(found) if isinstance(found.node, ast.ClassDef) else ())
    ]
    return Entry(
        name=found.node.name,
        signature=found.node.name if source.is_raised(found) else source.signature(found),
        text=told_in(ast.get_docstring(found.node)),
        methods=tuple(told),
    )


def told_in(docstring: str | None) -> str:
    """Return a docstring as Markdown, its sections as lists."""
    return "\n".join(_lines(docstring or ""))


def _lines(docstring: str) -> Iterator[str]:
    section = ""
    for line in docstring.splitlines():
        if heading := _SECTION.match(line):
            section = heading.group(1)
            yield f"**{section}**\n"
        elif section and (item := _ITEM.match(line)):
            yield f"- `{item.group(1)}`: {item.group(2)}"
        else:
            yield line.strip() if section else line


def _given(fixtures: list[Found]) -> list[Found]:
    """Return the classes of what fixtures give, and of what those give in turn, each once."""
    found: dict[str, Found] = {}
    waiting = list(fixtures)
    while waiting:
        for each in _named_in(waiting.pop(0)):
            if each.node.name not in found and each.module.startswith(_SHOWN_WITH_FIXTURES):
                found[each.node.name] = each
                waiting.append(each)
    return list(found.values())


def _named_in(found: Found) -> Iterator[Found]:
    """Yield what the annotations of a function, or of a class's methods, name."""
    is_class = isinstance(found.node, ast.ClassDef)
    for node in source.methods(found) if is_class else [found.node]:
        if isinstance(node, ast.ClassDef):
            continue
        annotations = [node.returns, *([node.args.kwarg.annotation] if node.args.kwarg else [])]
        for annotation in annotations:
            for part in ast.walk(annotation) if annotation is not None else ():
                if isinstance(part, ast.Name) and (each := source.find(found.module, part.id)):
                    yield each
