"""How the summary is laid out: headings, lines, indents, and the colour of each verdict."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

INDENT = 2

STYLES: Mapping[str, str] = MappingProxyType(
    {
        "harness-error": "bold magenta",
        "fail": "bold red",
        "fixed-unexpectedly": "bold red",
        "ambiguous": "bold yellow",
        "not-testable": "yellow",
        "warn": "yellow",
        "known-failing": "yellow",
        "needs-review": "yellow",
        "disabled": "dim",
        "observed": "cyan",
        "not-applicable": "dim",
        "pass": "green",
        "conforms": "bold green",
        "does-not-conform": "bold red",
        "partial": "bold yellow",
        "hollow": "bold yellow",
    }
)


def heading(title: str, note: str = "") -> RenderableType:
    """Return a heading with an empty line above it."""
    return Group("", line((title, "bold"), (f"  ({note})" if note else "", "dim")))


def line(*parts: tuple[str, str]) -> Text:
    """Return one line of texts with their styles."""
    return Text.assemble(*parts, overflow="fold")


def indented(content: RenderableType, columns: int) -> Padding:
    """Return a part of the screen, moved to the right."""
    return Padding(content, (0, 0, 0, columns), expand=False)
