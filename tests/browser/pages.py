"""The pages that are looked at: each by its name, and what opens it. The reference is there with every page it has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from basix_contract.docs import pictures, write_site
from basix_contract.mock import MockServer
from basix_contract.profile import load_profile
from basix_contract.suite import shipped_profile
from tests.browser.runs import bad_report, good_report
from tests.docs.site import site

Opens = Callable[[Path], AbstractContextManager[str]]


def from_disk(write: Callable[[Path], Path]) -> Opens:
    """Open a page from disk, as somebody does who was sent the file."""

    @contextmanager
    def opens(folder: Path) -> Iterator[str]:
        yield write(folder).resolve().as_uri()

    return opens


def of_the_site(name: str) -> Opens:
    """Open a page of the reference from disk."""

    def write(folder: Path) -> Path:
        write_site({**site(), **pictures()}, folder / "site")
        return folder / "site" / name

    return from_disk(write)


@contextmanager
def try_it(_folder: Path) -> Iterator[str]:
    """The page of a running mock, signed in as the command line does it."""
    profile = load_profile(shipped_profile())
    with MockServer(profile) as mock:
        yield f"{mock.admin_url}/try#{profile.target.domain}:{profile.target.token}"


PAGES: Mapping[str, Opens] = {
    "a passing report": from_disk(good_report),
    "a failing report": from_disk(bad_report),
    "the try-it page": try_it,
    **{name: of_the_site(name) for name in sorted(site()) if name.endswith(".html")},
}
