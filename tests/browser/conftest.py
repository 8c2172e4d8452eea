"""One browser for the tests of a module, and gone behind them: while it runs, its event loop is the thread's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium; without one the tests say why they are skipped."""
    with chromium() as started:
        yield started
