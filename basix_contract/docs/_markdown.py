"""Markdown to HTML: headings with anchors, tables with header cells, links between pages, no HTML of its own.

Every page is Markdown first, and its copy is what stands here before it becomes HTML.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

# `<!-- not run: … -->` in front of a snippet is for the test that runs the snippets, and for nobody else.
_COMMENT = re.compile(r"^<!--.*?-->\n", re.MULTILINE | re.DOTALL)
_NAME = re.compile(r"[A-Z]{1,2}-?\d+")
# A table that is wider than the screen is scrolled by itself, with the keyboard too.
_WIDE = '<div class="wide" tabindex="0" role="group" aria-label="Table">'
_PLAIN = re.compile(r"[^\w.]+")


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading: its level, the name it is linked by, and its text."""

    level: int
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """What stands below one heading, as plain text."""

    heading: Heading
    text: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page as HTML, and what is in it."""

    html: str
    sections: tuple[Section, ...]

    @property
    def headings(self) -> tuple[Heading, ...]:
        """Its headings in order."""
        return tuple(section.heading for section in self.sections)


def render(text: str) -> Rendered:
    """Return the HTML of a page; HTML in the text is shown, not obeyed."""
    engine = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    tokens = engine.parse(_COMMENT.sub("", text))
    sections = tuple(_sections(tokens))
    _adorn(tokens, iter(sections))
    engine.add_render_rule("fence", _fence)
    engine.add_render_rule("image", _picture)
    engine.add_render_rule("table_open", lambda *_: f"{_WIDE}<table>\n")
    engine.add_render_rule("table_close", lambda *_: "</table></div>\n")
    return Rendered(engine.renderer.render(tokens, engine.options, {}), sections)


def _sections(tokens: Sequence[Token]) -> Iterator[Section]:
    taken: set[str] = set()
    heading: Heading | None = None
    words: list[str] = []
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            if heading is not None:
                yield Section(heading, " ".join(words))
            text = " ".join(_words(tokens[at + 1]))
            heading, words = Heading(int(token.tag[1]), _free(_anchor(text), taken), text), []
        elif heading is not None and tokens[at - 1].type != "heading_open":
            words += _words(token)
    if heading is not None:
        yield Section(heading, " ".join(words))


def _words(token: Token) -> Iterator[str]:
    if token.type == "inline":
        told = "".join(_told(child) for child in token.children or ())
        yield " ".join(told.split())
    elif token.type in ("fence", "code_block"):
        yield " ".join(token.content.split())


def _told(token: Token) -> str:
    return " " if token.type in ("softbreak", "hardbreak") else token.content


def _anchor(text: str) -> str:
    named = _NAME.match(text)
    return named.group() if named else _PLAIN.sub("-", text.lower()).strip("-.")


def _free(anchor: str, taken: set[str]) -> str:
    free, number = anchor, 1
    while free in taken:
        number += 1
        free = f"{anchor}-{number}"
    taken.add(free)
    return free


def _adorn(tokens: Sequence[Token], sections: Iterator[Section]) -> None:
    for token in tokens:
        if token.type == "heading_open":
            token.attrSet("id", next(sections).heading.anchor)
        elif token.type == "th_open":
            token.attrSet("scope", "col")
        elif token.type == "inline":
            for child in token.children or ():
                if child.type == "link_open":
                    child.attrSet("href", _page_link(str(child.attrGet("href"))))


def _page_link(href: str) -> str:
    """Lead from page to page of the site; elsewhere a link stays as it is."""
    path, mark, anchor = href.partition("#")
    is_page = path.endswith(".md") and "//" not in path
    return f"{path.removesuffix('.md')}.html{mark}{anchor}" if is_page else href


def _fence(_self: object, tokens: Sequence[Token], at: int, _options: object, _env: object) -> str:
    language, _, title = tokens[at].info.partition(" ")
    name = title.removeprefix("title=").strip('"') or {"console": "shell", "sh": "shell"}.get(language, language)
    return (
        f'<figure class="code" data-language="{html.escape(language)}">'
        f"<figcaption>{html.escape(name or 'text')}</figcaption>"
        f'<pre tabindex="0"><code>{html.escape(tokens[at].content)}</code></pre></figure>\n'
    )


def _picture(_self: object, tokens: Sequence[Token], at: int, _options: object, _env: object) -> str:
    """Show the light one or the dark one of two pictures; whoever reads the Markdown sees the light one."""
    light, told = str(tokens[at].attrGet("src")), html.escape(tokens[at].content)
    files = {"light": light, "dark": light.replace(".light.", ".dark.")}
    return "".join(f'<img class="{kind}" src="{html.escape(src)}" alt="{told}">' for kind, src in files.items())
