"""The report as files, and what happens where they cannot be written."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from basix_contract.errors import UsageError
from basix_contract.report import write_report
from tests.report.runs import requirement, run


def test_the_report_is_five_files(tmp_path: Path) -> None:
    """For machines, CI and people, and a badge: all are written into a folder made for them, nothing else is."""
    folder = tmp_path / "deep" / "report"
    names = ("report.json", "junit.xml", "report.html", "badge.svg", "badge.json")

    written = write_report(run(requirement("CU-001", "pass")), folder)

    assert written == tuple(folder / name for name in names)
    assert {path.name for path in folder.iterdir()} == set(names)
    assert json.loads(written[0].read_bytes())["verdict"] == "conforms"
    assert written[1].read_bytes().startswith(b"<?xml")
    assert written[2].read_bytes().startswith(b"<!doctype html>")


def test_an_old_report_is_replaced(tmp_path: Path) -> None:
    """A second run leaves nothing of the first in the files it writes."""
    write_report(run(*(requirement(f"CU-{number:03}", "pass") for number in range(50))), tmp_path)
    write_report(run(), tmp_path)

    assert json.loads((tmp_path / "report.json").read_bytes())["requirements"] == []


def test_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    """Where the folder cannot be made, the error names the place and the way out."""
    place = tmp_path / "report"
    place.write_text("", "utf-8")

    with pytest.raises(UsageError, match=r"report: the report cannot be written: .*\(choose another folder"):
        write_report(run(), place)


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """Where one of the files cannot be written, the error names that file."""
    (tmp_path / "junit.xml").mkdir(mode=stat.S_IRWXU)

    with pytest.raises(UsageError, match=r"junit\.xml: the report cannot be written"):
        write_report(run(), tmp_path)
