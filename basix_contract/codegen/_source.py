"""Python source laid out as ruff leaves it: literals, calls with an argument a line, and docstrings."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

WIDTH = 120
_STEP = 4
_PIECE = 90  # of a text that is spread over lines: what is escaped in it takes more room
_AS_IT_IS: dict[str, Any] = {
    "drop_whitespace": False,
    "replace_whitespace": False,
    "expand_tabs": False,
    "break_long_words": False,
    "break_on_hyphens": False,
}

Section: TypeAlias = tuple[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class Code:
    """Source that stands as it is."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A call with keyword arguments; those that are None are left out."""

    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doc:
    """A docstring: its first sentence, further paragraphs, and sections of names with what is said of them."""

    summary: str
    paragraphs: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()


def expression(value: Any, indent: int = 0) -> str:
    """Write a value; `indent` is that of the line it begins in."""
    if isinstance(value, Code):
        return value.text
    if isinstance(value, Call):
        arguments = {name: part for name, part in value.arguments.items() if part is not None}
        return _block(f"{value.name}(", [f"{name}=" for name in arguments], list(arguments.values()), ")", indent)
    if isinstance(value, Mapping):
        return _block("{", [f"{text(name)}: " for name in value], list(value.values()), "}", indent)
    if isinstance(value, tuple) and any(isinstance(part, Call) for part in value):
        return _block("(", [""] * len(value), list(value), ")", indent)
    if isinstance(value, tuple):
        inside = ", ".join(expression(part) for part in value)
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    return text(value) if isinstance(value, str) else repr(value)


def text(value: str) -> str:
    """Write a text as a literal, in the quotes that need fewer escapes."""
    if "\\" in value and value.isprintable() and '"' not in value and not value.endswith("\\"):
        return f'r"{value}"'
    inside = json.dumps(value, ensure_ascii=False)[1:-1]
    if value.count('"') <= value.count("'"):
        return f'"{inside}"'
    return "'" + inside.replace('\\"', '"').replace("'", "\\'") + "'"


def docstring(doc: Doc, indent: int) -> str:
    """Write a docstring, to stand behind that many blanks; its first sentence keeps to one line."""
    margin, width = " " * indent, WIDTH - indent
    if not doc.paragraphs and not doc.sections:
        return _quoted(doc.summary)
    blocks = [doc.summary, *(_filled(paragraph, width) for paragraph in doc.paragraphs)]
    blocks += [_section(title, entries, width) for title, entries in doc.sections]
    inside = textwrap.indent("\n\n".join(blocks), margin).removeprefix(margin)
    return _quoted(f"{inside}\n{margin}")


def sentences(description: str) -> tuple[str, tuple[str, ...]]:
    """Split a description into its first sentence and the paragraphs of what else it says."""
    first, *others = [" ".join(part.split()) for part in description.strip().split("\n\n")]
    summary, mark, rest = first.partition(". ")
    return (summary + "." if mark else first), tuple(part for part in (rest, *others) if part)


def imported(module: str, names: Iterable[str]) -> str:
    """Write an import of names, in the order of the alphabet."""
    line = f"from {module} import {', '.join(sorted(names))}"
    if len(line) <= WIDTH:
        return line
    return "\n".join([f"from {module} import (", *(f"    {name}," for name in sorted(names)), ")"])


def _block(opening: str, heads: list[str], values: list[Any], closing: str, indent: int) -> str:
    lines = [_line(head, value, indent + _STEP) for head, value in zip(heads, values, strict=True)]
    return "\n".join([opening, *lines, " " * indent + closing]) if lines else opening + closing


def _line(head: str, value: Any, indent: int) -> str:
    """Write one argument or item; a text or a tuple that is too long for a line is spread over several."""
    margin = " " * indent
    line = f"{margin}{head}{expression(value, indent)},"
    if len(line) <= WIDTH or "\n" in line:
        return line
    if isinstance(value, tuple):
        return f"{margin}{head}{_block('(', [''] * len(value), list(value), ')', indent)},"
    if isinstance(value, str) and " " in value:
        pieces = textwrap.wrap(value, _PIECE, **_AS_IT_IS)
        return "\n".join([f"{margin}{head}(", *(f"{margin}    {text(piece)}" for piece in pieces), f"{margin}),"])
    return line


def _section(title: str, entries: tuple[tuple[str, str], ...], width: int) -> str:
    blanks = " " * _STEP
    lines = [_filled(f"{name}: {said}", width, blanks, 2 * blanks) for name, said in entries]
    return "\n".join([f"{title}:", *lines])


def _filled(words: str, width: int, first: str = "", others: str = "") -> str:
    return textwrap.fill(
        " ".join(words.split()),
        width,
        initial_indent=first,
        subsequent_indent=others,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _quoted(inside: str) -> str:
    prefix = "r" if "\\" in inside else ""
    return prefix + '"""' + inside.replace('"""', "'''") + '"""'
