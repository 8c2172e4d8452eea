"""The open points are read strictly, and no reference to one leads nowhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from basix_contract.contract import load_document, load_ledger, load_open_points
from basix_contract.errors import SpecError

POINT = "{id: A01, kind: open, place: Parameters, question: One?, reading: One.}"
FACT = "{id: F1, fact: It is so., seen: the document, certainty: read}"


def written(folder: Path, points: str = f"[{POINT}]", facts: str = f"[{FACT}]") -> Path:
    """A file of open points."""
    path = folder / "open_points.yaml"
    path.write_text(f"points: {points}\nfacts: {facts}\n", "utf-8")
    return path


def test_every_point_that_is_named_is_there() -> None:
    """The document and the ledger name points and facts that are listed, and each that is listed is named."""
    named = set(re.findall(r"\bA\d{2}\b", load_document().source.read_text("utf-8")))
    named |= {source for row in load_ledger() for source in row.source if re.fullmatch(r"[AF]\d+", source)}
    known = load_open_points()

    assert named - known.points.keys() - known.facts.keys() == set()
    assert known.facts.keys() - named == set()
    # These two concern another page and the spelling, and no row can come from them.
    assert known.points.keys() - named <= {"A59", "A62", "A63", "A64"}


def test_every_question_can_be_sent() -> None:
    """A question ends as one and fits a line of a letter; a reading is a sentence."""
    for point in load_open_points().points.values():
        assert "?" in point.question, point.id
        assert len(point.question) <= 130, point.id
        assert point.reading.endswith("."), point.id


def test_a_file_is_read(tmp_path: Path) -> None:
    """Points and facts are found by their ids."""
    known = load_open_points(written(tmp_path))

    assert known.points["A01"].question == "One?"
    assert known.facts["F1"].certainty == "read"


@pytest.mark.parametrize(
    ("parts", "problem"),
    [
        ({"points": "{}"}, "points must be a list"),
        ({"points": "[A01]"}, "entry 1: must be a mapping"),
        ({"points": f"[{POINT}, {POINT}]"}, "A01 is given twice"),
        ({"points": "[{id: A01, kind: open}]"}, "place is missing"),
        ({"points": f"[{POINT.replace('open', 'shut')}]"}, "kind must be one of open, erratum, not shut"),
        ({"points": f"[{POINT.replace('One?', '7')}]"}, "question must be a text that is not empty"),
        ({"facts": f"[{FACT.replace('seen', 'sean')}]"}, "unknown key sean"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, parts: dict[str, str], problem: str) -> None:
    """A file that is not as it should be is refused with its name, its entry and what is wrong."""
    with pytest.raises(SpecError, match=re.escape(problem)) as refused:
        load_open_points(written(tmp_path, **parts))

    assert "open_points.yaml" in str(refused.value)


def test_another_top_is_refused(tmp_path: Path) -> None:
    """A file holds the two lists and nothing else."""
    path = tmp_path / "open_points.yaml"
    path.write_text("points: []\n", "utf-8")

    with pytest.raises(SpecError, match="points and facts"):
        load_open_points(path)
