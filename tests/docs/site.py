"""The site of the shipped sources, built once for all tests."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from html.parser import HTMLParser

from basix_contract.cli._commands import app
from basix_contract.cli._reference import sources_of
from basix_contract.docs import Sources, build_site


@cache
def sources() -> Sources:
    """Everything the shipped pages are written from."""
    return sources_of(app)


@cache
def site() -> Mapping[str, str]:
    """The files of the shipped site."""
    return build_site(sources())


class Elements(HTMLParser):
    """The start tags of a page with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a start tag."""
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Keep text."""
        self.text += data

    def values(self, tag: str, attribute: str) -> list[str]:
        """The values of an attribute of all elements of a kind."""
        return [str(attrs[attribute]) for name, attrs in self.found if name == tag and attribute in attrs]
