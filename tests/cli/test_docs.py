"""`docs`: the pages written into a folder, and where to begin."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Command


def test_the_pages_are_written(command: Command, tmp_path: Path) -> None:
    """The folder holds every page and its Markdown copy; stdout names the first one."""
    ended = command("docs", "--out", str(tmp_path / "site"))

    assert (ended.code, ended.out, ended.err) == (0, f"{tmp_path}/site/index.html\n", "")
    pages = {path.stem for path in (tmp_path / "site").glob("*.html")}
    assert {"index", "api", "requirements", "open-points", "commands", "first-call"} <= pages
    assert pages == {path.stem for path in (tmp_path / "site").glob("*.md")}


def test_a_folder_of_somebody_else_is_refused(command: Command, tmp_path: Path) -> None:
    """A folder that holds other things is bad usage, and stays as it is."""
    (tmp_path / "mine.txt").write_text("mine")
    ended = command("docs", "--out", str(tmp_path))

    assert ended.code == 2
    assert "--out" in ended.err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
