"""A headless Chromium, and what it must not do while it shows one of our pages."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it has no types
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
# It talks to nobody by itself; without a user of its own it has no sandbox either.
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    *(("--no-sandbox",) if os.geteuid() == 0 else ()),
)
# What holds is of no interest, and on a long page it is megabytes.
ONLY_VIOLATIONS = {"resultTypes": ["violations"]}


def program() -> str:
    """The path of a Chromium; the test is skipped where there is none, and fails where there must be one."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        why = "no Chromium on this machine (Debian: apt-get install chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(f"{why}; in CI the pages must be looked at", pytrace=False)
        pytest.skip(why)
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser for as long as the block lasts."""
    path = program()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@dataclass
class Watched:
    """A page, every request it made, and everything it complained of."""

    page: Page
    origin: str
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def note_request(self, request: Request) -> None:
        """Take down where a request goes."""
        self.asked.append(request.url)

    def note_message(self, message: ConsoleMessage) -> None:
        """Take down what the page says on its console, if it is a complaint."""
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")

    def strangers(self) -> list[str]:
        """The requests that went anywhere but to the page's own place."""
        return [url for url in self.asked if _origin(url) not in (self.origin, "data:", "blob:")]

    def violations(self) -> list[str]:
        """What axe-core holds against the page as it stands now."""
        found = Axe().run(self.page, options=ONLY_VIOLATIONS).response["violations"]
        return [f"{rule['id']} ({rule['impact']}): {rule['nodes'][0]['html'][:160]}" for rule in found]


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}:" if parts.scheme in ("file", "data", "blob") else f"{parts.scheme}://{parts.netloc}"


@contextmanager
def opened(
    browser: Browser, url: str, *, scheme: str = "light", width: int = 1280, height: int = 900
) -> Iterator[Watched]:
    """A page, loaded and watched from its first byte; the clipboard is its own."""
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": width, "height": height},
        permissions=["clipboard-read", "clipboard-write"],
    )
    page = context.new_page()
    watched = Watched(page, _origin(url))
    page.on("request", watched.note_request)
    page.on("console", watched.note_message)
    page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    page.goto(url)
    yield watched
    context.close()
