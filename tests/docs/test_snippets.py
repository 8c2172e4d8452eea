"""Every snippet of the pages and of the README runs, and prints what it is shown to print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from basix_contract.mock import MockServer
from basix_contract.profile import load_profile
from basix_contract.suite import shipped_profile
from tests.docs.site import site
from tests.docs.snippets import PORTS, Session, has_shape_of, snippets_of

ROOT = Path(__file__).parents[2]
WRITTEN = {"README.md": (ROOT / "README.md").read_text("utf-8")}
PAGES = {name: text for name, text in {**site(), **WRITTEN}.items() if name.endswith(".md") and snippets_of(text)}
RUN = {"sh", "console", "python", "http", "json", "toml"}
SHOWN = {"text", "yaml"}


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A reader's session in a folder where the profiles are, whose processes end with it."""
    (tmp_path / "conformance").symlink_to(ROOT / "conformance")
    session = Session(tmp_path)
    yield session
    session.end()


@pytest.mark.parametrize("name", PAGES)
def test_the_snippets_of_a_page_run(name: str, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in their order in one folder, the snippets of a page do what the page says."""
    monkeypatch.chdir(session.folder)
    with ExitStack() as ending:
        if re.search(r"basix-contract mock .*&$", PAGES[name], re.MULTILINE) is None:
            pbx = ending.enter_context(MockServer(load_profile(shipped_profile())))
            session.ports[PORTS["mock"]] = pbx.port
        before = None
        for snippet in snippets_of(PAGES[name]):
            if not snippet.reason:
                session.play(snippet, before)
            before = snippet


@pytest.mark.parametrize("name", PAGES)
def test_every_snippet_has_a_language(name: str) -> None:
    """A block says what it is in; what is shown only is text, and what is not run has its reason."""
    for snippet in snippets_of(PAGES[name]):
        assert snippet.language in RUN | SHOWN, snippet.line
    assert PAGES[name].count("```") % 2 == 0
    assert len(re.findall(r"^ *```\S", PAGES[name], re.MULTILINE)) == len(snippets_of(PAGES[name]))


@pytest.mark.parametrize(
    ("shown", "got", "fits"),
    [
        ("a 1\n", "a 22\n", True),
        ("a 1\n", "b 1\n", False),
        ("a\n", "a\nb\n", False),
        ("…\nb\n", "a\na\nb\n", True),
        ("a\n…\n", "a\n", True),
        ("a …\n", "a and so on\n", True),
        ("ede7b23e-c172-445e-832e-963b11ba2b96\n", "1c46fc4b-a42f-410e-82b5-11aa2a1f69fe\n", True),
        ("ede7b23e-c172-445e-832e-963b11ba2b96\n", "1c46fc4b\n", False),
    ],
)
def test_shapes_are_told_apart(shown: str, got: str, *, fits: bool) -> None:
    """Output that differs in more than its numbers and uuids is not what was shown."""
    assert has_shape_of(shown, got) == fits


@pytest.mark.parametrize(
    "page",
    [
        "```console\n$ echo one\ntwo\n```",
        "```console\n$ false\n```",
        "```console\n$ true\nexit code 1\n```",
        "```sh\nfalse\n```",
        "```python\nraise SystemError\n```",
        "```python\nprint(1)\n```\n\n```text title=output\none\n```",
        "```toml\na = \n```",
        "```json\n{\n```",
    ],
)
def test_a_snippet_that_lies_is_found(page: str, session: Session) -> None:
    """A snippet that fails, or prints something else than is shown, fails its test."""
    *others, last = snippets_of(page)
    for snippet in others:
        session.play(snippet, None)
    with pytest.raises((AssertionError, ValueError, SystemError)):
        session.play(last, None)


def test_a_reason_lets_a_snippet_be() -> None:
    """Only a comment with a reason right in front of a block keeps it from being run."""
    page = "<!-- not run: it waits -->\n```sh\nsleep 9\n```\n\n```sh\ntrue\n```\n"

    assert [snippet.reason for snippet in snippets_of(page)] == ["it waits", ""]
