"""The pages that are looked at: each by its name, and what opens it. A new page is a new row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from tests.browser.runs import bad_report, good_report

Opens = Callable[[Path], AbstractContextManager[str]]


def from_disk(write: Callable[[Path], Path]) -> Opens:
    """Open a page from disk, as somebody does who was sent the file."""

    @contextmanager
    def opens(folder: Path) -> Iterator[str]:
        yield write(folder).as_uri()

    return opens


PAGES: Mapping[str, Opens] = {
    "a passing report": from_disk(good_report),
    "a failing report": from_disk(bad_report),
}
