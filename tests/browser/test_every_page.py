"""Every page we make: it asks nobody for anything, complains of nothing, and leaves nobody out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.chromium import opened
from tests.browser.pages import PAGES

Urls = Callable[[str], str]


@pytest.fixture(scope="module")
def urls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Urls]:
    """The address of each page, which is made when it is first asked for."""
    made: dict[str, str] = {}
    with ExitStack() as stack:

        def url(name: str) -> str:
            if name not in made:
                made[name] = stack.enter_context(PAGES[name](tmp_path_factory.mktemp("page")))
            return made[name]

        yield url


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_sound(browser: Browser, urls: Urls, name: str, scheme: str) -> None:
    """No request leaves the machine, nothing is said on the console, and axe-core finds no violation."""
    with opened(browser, urls(name), scheme=scheme) as watched:
        watched.page.wait_for_load_state("networkidle")
        watched.page.evaluate(
            "document.querySelectorAll('details').forEach((one, place) => { one.open = place < 12; })"
        )
        watched.page.wait_for_timeout(50)

        assert watched.violations() == []
        assert watched.strangers() == []
        assert watched.complaints == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_telephone(browser: Browser, urls: Urls, name: str) -> None:
    """On a narrow screen nothing but what scrolls by itself is wider than the screen."""
    with opened(browser, urls(name), width=390) as watched:
        watched.page.wait_for_load_state("networkidle")
        assert watched.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_breach_is_seen(browser: Browser, tmp_path: Path) -> None:
    """A page that asks a stranger, complains, and has a picture without words is not taken for sound."""
    page = tmp_path / "bad.html"
    page.write_text("<img src='http://127.0.0.1:1/x.png'><script>console.error('oh')</script>", "utf-8")

    with opened(browser, page.as_uri()) as watched:
        assert watched.strangers() == ["http://127.0.0.1:1/x.png"]
        assert "error: oh" in watched.complaints
        assert any(found.startswith("image-alt") for found in watched.violations())


def test_the_callback_is_there_without_a_click(browser: Browser, urls: Urls) -> None:
    """The API reference shows the callback, and both of its bodies, to whoever only reads."""
    with opened(browser, urls("api.html")) as watched:
        shown = watched.page.inner_text("body")

    assert "callback_url" in shown
    assert '"uuid":' in shown
    assert '"error":' in shown


@pytest.mark.parametrize(("scheme", "other"), [("light", "dark"), ("dark", "light")])
def test_a_picture_follows_the_theme(browser: Browser, urls: Urls, scheme: str, other: str) -> None:
    """Of a picture's two kinds the one of the system's scheme is seen, and the other after the button is pressed."""
    with opened(browser, urls("read-a-report.html"), scheme=scheme) as watched:
        seen = watched.page.locator("main img:visible")

        expect(seen).to_have_count(2)
        assert {one.get_attribute("class") for one in seen.all()} == {scheme}
        assert all(one.evaluate("it => it.naturalWidth") for one in seen.all())
        watched.page.locator("#theme").click()
        assert {one.get_attribute("class") for one in seen.all()} == {other}
