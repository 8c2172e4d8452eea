"""Takes pictures of the pages, in light, dark and on a telephone, for whoever changes how they look.

`python -m tests.browser.pictures` leaves them in build/pictures; with `--docs` those that the reference shows are
taken anew as well. The reports are those of whole runs against the embedded mock.
"""

from __future__ import annotations

import argparse
import base64
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

import basix_contract.docs
from basix_contract.suite import ServerOptions, run_server
from tests.browser.chromium import chromium, opened
from tests.browser.pages import Opens, from_disk, of_the_site, try_it
from tests.browser.png import paletted
from tests.browser.runs import page_of
from tests.browser.test_try_page import place

LOOKED_AT = Path("build", "pictures")
SHOWN = Path(basix_contract.docs.__file__).parent / "guides" / "pictures"
SIZE = (1280, 860)
TELEPHONE = 390
# A browser knows best what is in a picture it took.
PIXELS = """async (encoded) => {
    const bitmap = await createImageBitmap(await (await fetch("data:image/png;base64," + encoded)).blob());
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
    canvas.drawImage(bitmap, 0, 0);
    const pixels = canvas.getImageData(0, 0, bitmap.width, bitmap.height).data;
    let text = "";
    for (let at = 0; at < pixels.length; at += 30000)
        text += btoa(String.fromCharCode(...pixels.subarray(at, at + 30000)));
    return text;
}"""


def whole_run(*defects: str) -> Callable[[Path], Path]:
    """Return what writes the report of a whole run against the embedded mock with these defects."""

    def write(folder: Path) -> Path:
        return page_of(run_server(ServerOptions(report=folder, defects=defects)), folder)

    return write


def nothing(_page: Page) -> None:
    """Leave a page as it opens."""


def call_placed(page: Page) -> None:
    """Place the mock's only call, with a callback, and wait until it has told how that ended."""
    page.get_by_role("button", name="forget all calls").click()
    inbox = page.locator("#inbox").text_content() or ""
    place(page, user_id=10001001, destination="0312341234", callback_url=inbox)
    expect(page.locator("#calls")).to_contain_text("answered 204")
    page.locator(".opblock-section-header").first.evaluate("it => it.scrollIntoView()")


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One page as it is to be seen: what opens it, where in it, what is done there first, and is it in the docs?"""

    opens: Opens
    anchor: str = ""
    prepare: Callable[[Page], None] = nothing
    is_shown: bool = False


PICTURES = {
    "docs-index": Picture(opens=of_the_site("index.html")),
    "docs-api": Picture(opens=of_the_site("api.html"), anchor="#destination"),
    "docs-requirement": Picture(opens=of_the_site("requirements.html"), anchor="#CU-140"),
    "report-passing": Picture(opens=from_disk(whole_run()), is_shown=True),
    "report-failing": Picture(opens=from_disk(whole_run("callback-missing")), is_shown=True),
    "try-it": Picture(opens=try_it, prepare=call_placed, is_shown=True),
}


def take(browser: Browser, url: str, picture: Picture, *, scheme: str = "light", width: int = SIZE[0]) -> bytes:
    """Return one picture as PNG."""
    with opened(browser, f"{url}{picture.anchor}", scheme=scheme, width=width, height=SIZE[1]) as watched:
        watched.page.wait_for_load_state("networkidle")
        picture.prepare(watched.page)
        return watched.page.screenshot(animations="disabled")


def made_small(browser: Browser, picture: bytes) -> bytes:
    """Return a picture of the docs' size in few bytes."""
    with opened(browser, "about:blank") as watched:
        text = watched.page.evaluate(PIXELS, base64.b64encode(picture).decode())
    return paletted(base64.b64decode(text), SIZE[0])


def take_all(browser: Browser, urls: Mapping[str, str], *, is_for_docs: bool) -> None:
    """Take every picture light, dark, and as a telephone shows it; if so asked, the docs' own anew."""
    for name, url in urls.items():
        for scheme in ("light", "dark"):
            taken = take(browser, url, PICTURES[name], scheme=scheme)
            (LOOKED_AT / f"{name}.{scheme}.png").write_bytes(taken)
            if is_for_docs and PICTURES[name].is_shown:
                (SHOWN / f"{name}.{scheme}.png").write_bytes(made_small(browser, taken))
        (LOOKED_AT / f"{name}.telephone.png").write_bytes(take(browser, url, PICTURES[name], width=TELEPHONE))


def main() -> None:
    """Take the pictures that were asked for."""
    parser = argparse.ArgumentParser(description="Pictures of the pages, into build/pictures.")
    parser.add_argument("names", nargs="*", help=f"pages: {', '.join(PICTURES)}; all when none is given")
    parser.add_argument("--docs", action="store_true", help="take the pictures of the reference anew as well")
    asked = parser.parse_args()
    LOOKED_AT.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        # Runs first: while a browser is open, its event loop is the thread's own.
        names = asked.names or PICTURES
        urls = {name: stack.enter_context(PICTURES[name].opens(LOOKED_AT / name)) for name in names}
        take_all(stack.enter_context(chromium()), urls, is_for_docs=asked.docs)


if __name__ == "__main__":
    main()
