"""The pages of the site: which there are, what each is written from, and what stands around them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from basix_contract._version import __version__
from basix_contract.docs._api import api_page
from basix_contract.docs._commands import commands_page, exit_codes_page
from basix_contract.docs._formats import profile_page, report_page
from basix_contract.docs._markdown import Rendered, render
from basix_contract.docs._mocking import mock_page
from basix_contract.docs._python import client_page, fixtures_page
from basix_contract.docs._requirements import open_points_page, requirements_page
from basix_contract.docs._sources import Sources
from basix_contract.docs._templates import frame_templates, page_templates

_HERE = Path(__file__).resolve().parent
_GUIDES = _HERE / "guides"
_ASSETS = _HERE / "assets"
_EXCERPT = 260


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page: its file name without ending, its title, its group in the menu, and its Markdown."""

    name: str
    title: str
    group: str
    text: str


# The guides in the order they are read, and the reference: each page with what its template is given.
_GUIDE_NAMES = (
    "first-call",
    "receive-a-callback",
    "test-your-application",
    "check-a-server",
    "check-a-client",
    "check-a-receiver",
    "go-live-safely",
    "read-a-report",
)
_REFERENCE: tuple[tuple[str, Callable[[Sources], dict[str, Any]]], ...] = (
    ("api", api_page),
    ("requirements", requirements_page),
    ("open-points", open_points_page),
    ("commands", commands_page),
    ("exit-codes", exit_codes_page),
    ("profile", profile_page),
    ("report", report_page),
    ("client", client_page),
    ("fixtures", fixtures_page),
    ("mock", mock_page),
)


def build_site(sources: Sources) -> Mapping[str, str]:
    """Return every file of the site by its name: pages, their Markdown copies, and the search index.

    The pages open from disk: each holds its own styles and scripts, and loads the index and nothing else.
    """
    pages = tuple(_pages(sources))
    rendered = {page.name: render(page.text) for page in pages}
    assets = {asset.name: asset.read_text("utf-8") for asset in sorted(_ASSETS.iterdir())}
    files = {"search-index.js": _search_index(pages, rendered)}
    frame = frame_templates().get_template("page.html.jinja")
    for page in pages:
        files[f"{page.name}.md"] = page.text
        files[f"{page.name}.html"] = frame.render(
            page=page,
            body=rendered[page.name].html,
            headings=[heading for heading in rendered[page.name].headings if heading.level in (2, 3)],
            groups=_groups(pages),
            assets=assets,
            contract=sources.ledger.contract,
            version=__version__,
        )
    return files


def _pages(sources: Sources) -> Iterator[Page]:
    guides = [_page(name, "Guides", (_GUIDES / f"{name}.md").read_text("utf-8")) for name in _GUIDE_NAMES]
    reference = [_page(name, "Reference", _reference(name, told(sources))) for name, told in _REFERENCE]
    start = page_templates().get_template("index.md.jinja")
    yield _page("index", "", start.render(guides=guides, reference=reference, sources=sources, summary=_summary))
    yield from guides
    yield from reference


def _reference(name: str, told: dict[str, Any]) -> str:
    return page_templates().get_template(f"{name}.md.jinja").render(told)


def _page(name: str, group: str, text: str) -> Page:
    # What a template leaves empty would part lists and tables from what belongs to them, and hurt nobody else.
    title = text.partition("\n")[0].removeprefix("# ")
    return Page(name=name, title=title, group=group, text=text.rstrip() + "\n")


def _summary(page: Page) -> str:
    """Return the first sentence of a page."""
    paragraph = page.text.split("\n\n")[1]
    return " ".join(paragraph.split()).split(". ")[0].rstrip(".") + "."


def _groups(pages: tuple[Page, ...]) -> list[tuple[str, list[Page]]]:
    return [(group, [page for page in pages if page.group == group]) for group in ("Guides", "Reference")]


def _search_index(pages: tuple[Page, ...], rendered: Mapping[str, Rendered]) -> str:
    """Return the index as a script: a page opened from disk may load scripts, and nothing else."""
    entries = [
        [f"{page.name}.html#{section.heading.anchor}", page.title, section.heading.text, section.text[:_EXCERPT]]
        for page in pages
        for section in rendered[page.name].sections
    ]
    return f"window.searchIndex = {json.dumps(entries, ensure_ascii=False, separators=(',', ':'))};\n"
