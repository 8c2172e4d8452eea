"""Scenario files: what a suite plays, as data. What stands in a scenario is its reader's affair, not this module's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from basix_contract.contract._tree import frozen
from basix_contract.contract._yaml import read_yaml
from basix_contract.errors import SpecError

_TOP = ("about", "scenarios")


def load_scenarios(path: str | Path) -> tuple[Mapping[str, Any], ...]:
    """Return the scenarios of a YAML file, or of all YAML files of a folder by their names; none can be changed.

    A file is a mapping with the list `scenarios`, and perhaps a text `about`; each scenario is a mapping with an
    `id` that no other has. Raises SpecError naming the file where it is anything else, or where there is no file.
    """
    place = Path(path)
    files = sorted(place.glob("*.yaml")) if place.is_dir() else [place]
    if not files:
        raise SpecError(f"{place}: there is no scenario file here: install basix-contract again")
    found: dict[str, Mapping[str, Any]] = {}
    for file in files:
        for scenario in _scenarios(file):
            id_ = scenario.get("id")
            if not isinstance(id_, str) or not id_:
                raise SpecError(f"{file}: a scenario has no id")
            if id_ in found:
                raise SpecError(f"{file}: the scenario {id_} is there twice")
            found[id_] = scenario
    return tuple(found.values())


def _scenarios(file: Path) -> Iterator[Mapping[str, Any]]:
    tree = frozen(read_yaml(file))
    if not isinstance(tree, Mapping) or not isinstance(tree.get("scenarios"), tuple):
        raise SpecError(f"{file}: must be a mapping with the list scenarios")
    unknown = next((name for name in tree if name not in _TOP), "")
    if unknown:
        raise SpecError(f"{file}: unknown key {unknown}; known here: {', '.join(_TOP)}")
    for scenario in tree["scenarios"]:
        if not isinstance(scenario, Mapping):
            raise SpecError(f"{file}: a scenario must be a mapping, not {scenario!r}")
        yield scenario
