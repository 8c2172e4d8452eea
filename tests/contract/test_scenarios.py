"""Scenario files: what is taken, and what is refused with the file's name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from basix_contract.contract import load_scenarios
from basix_contract.errors import SpecError


def written(folder: Path, **files: str) -> Path:
    """A folder of YAML files."""
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def test_the_files_of_a_folder_are_read_by_their_names(tmp_path: Path) -> None:
    """Scenarios come in the order of the files' names, and within a file in its own."""
    written(tmp_path, b="scenarios: [{id: three}]", a="about: two of them\nscenarios: [{id: two}, {id: one}]")
    (tmp_path / "notes.txt").write_text("no scenario", encoding="utf-8")

    assert [scenario["id"] for scenario in load_scenarios(tmp_path)] == ["two", "one", "three"]


def test_one_file_can_be_asked_for(tmp_path: Path) -> None:
    """The path of a file reads that file alone."""
    written(tmp_path, a="scenarios: [{id: one}]", b="scenarios: [{id: two, steps: [{wait_s: 1}]}]")

    (scenario,) = load_scenarios(tmp_path / "b.yaml")

    assert scenario == {"id": "two", "steps": ({"wait_s": 1},)}


def test_nothing_in_a_scenario_can_be_changed(tmp_path: Path) -> None:
    """What one reader got is what the next one gets."""
    (scenario,) = load_scenarios(written(tmp_path, a="scenarios: [{id: one, steps: [{}]}]"))

    assert isinstance(scenario, Mapping)
    with pytest.raises(TypeError):
        scenario["steps"][0]["more"] = 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "must be a mapping with the list scenarios"),
        ("scenarios: {}", "must be a mapping with the list scenarios"),
        ("scenarios: []\nmore: 1", "unknown key more; known here: about, scenarios"),
        ("scenarios: [one]", "a scenario must be a mapping, not 'one'"),
        ("scenarios: [{title: one}]", "a scenario has no id"),
        ("scenarios: [{id: ''}]", "a scenario has no id"),
        ("scenarios: [{id: one}, {id: one}]", "the scenario one is there twice"),
    ],
)
def test_what_is_no_scenario_file_is_refused(tmp_path: Path, text: str, said: str) -> None:
    """The file is named, and what is wrong with it."""
    with pytest.raises(SpecError, match=r"a\.yaml: ") as caught:
        load_scenarios(written(tmp_path, a=text))

    assert said in str(caught.value)


def test_a_scenario_of_another_file_keeps_its_id(tmp_path: Path) -> None:
    """An id is given once, in whatever file."""
    with pytest.raises(SpecError, match=r"b\.yaml: the scenario one is there twice"):
        load_scenarios(written(tmp_path, a="scenarios: [{id: one}]", b="scenarios: [{id: one}]"))


def test_a_place_without_scenario_files_is_refused(tmp_path: Path) -> None:
    """An installation that has lost them is told as such."""
    with pytest.raises(SpecError, match="there is no scenario file here"):
        load_scenarios(tmp_path)
    with pytest.raises(SpecError, match="cannot be read"):
        load_scenarios(tmp_path / "gone.yaml")
