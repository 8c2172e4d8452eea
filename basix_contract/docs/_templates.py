"""The templates, and how what they are given is made safe: as Markdown in pages, as HTML around them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

_FOLDER = Path(__file__).resolve().parent / "templates"
_SPECIAL = re.compile(r"([\\*\[\]<>|`~])|(?<!\w)_|_(?!\w)|&(?=[#\w]+;)")
_WORD = re.compile(r"(?<![\w`/.-])(?:[a-z]+(?:_[a-z*]+)+(?:\.[a-z_]+)*)(?![\w`/])")
_CODE = re.compile(r"(`[^`\n]+`)")


class Ready(str):
    """Text that is Markdown already."""

    __slots__ = ()


@cache
def page_templates() -> jinja2.Environment:
    """Return the templates of the pages: whatever they are given is written so that Markdown shows it as it is."""
    environment = jinja2.Environment(  # noqa: S701 - it is Markdown that is written; `finalize` escapes for that
        loader=jinja2.FileSystemLoader(_FOLDER),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=escaped,
    )
    environment.filters |= {"code": code, "prose": prose, "cell": cell, "words": words, "block": block}
    return environment


@cache
def frame_templates() -> jinja2.Environment:
    """Return the templates of what stands around a page, which are HTML."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=True,
    )


def escaped(value: Any) -> str:
    """Write a value so that Markdown shows it as it is."""
    return value if isinstance(value, Ready) else Ready(_SPECIAL.sub(r"\\\g<0>", str(value)))


def code(value: Any) -> Ready:
    """Write a value as code within a line."""
    text = " ".join(str(value).split())
    if not text:
        return Ready("")
    fence = "``" if "`" in text else "`"
    return Ready(f"{fence} {text} {fence}" if "`" in text else f"{fence}{text}{fence}")


def prose(value: Any) -> Ready:
    """Take text that is Markdown by its own standard, such as the descriptions of an OpenAPI document."""
    return Ready(str(value).strip())


def words(value: Any) -> Ready:
    """Write plain text, the names of parameters in it as code, and what stands between backticks."""
    parts = _CODE.split(str(value))
    return Ready("".join(part if _CODE.fullmatch(part) else _named(escaped(part)) for part in parts))


def _named(text: str) -> str:
    return _WORD.sub(lambda found: f"`{found.group()}`", text)


def cell(value: Any) -> Ready:
    """Write Markdown within one cell of a table."""
    text = " ".join(str(value).split())
    return Ready(re.sub(r"(?<!\\)\|", r"\\|", text))


def block(value: Any, info: str) -> Ready:
    """Write text as a block of code."""
    text = str(value).rstrip("\n")
    fence = "````" if "```" in text else "```"
    return Ready(f"{fence}{info}\n{text}\n{fence}")
