"""What the YAML reader takes, and what it refuses with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from basix_contract.contract import _yaml
from basix_contract.contract._yaml import read_yaml
from basix_contract.errors import SpecError


def written(folder: Path, text: str) -> Path:
    """A YAML file with this text."""
    path = folder / "file.yaml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return path


def test_plain_values_come_out(tmp_path: Path) -> None:
    """Mappings, lists, texts and numbers arrive as Python's own."""
    assert read_yaml(written(tmp_path, "a: [1, 'x', {b: true}]")) == {"a": [1, "x", {"b": True}]}


def test_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    """No document at all is None, and not an error of the reader."""
    assert read_yaml(written(tmp_path, "")) is None


def test_the_pure_python_loader_reads_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where libyaml is missing, the slower loader gives the same values and the same refusals."""
    monkeypatch.setattr(_yaml, "_LOADER", yaml.SafeLoader)
    assert read_yaml(written(tmp_path, "a: {b: [1]}")) == {"a": {"b": [1]}}
    with pytest.raises(SpecError, match=r"file\.yaml:2: the key a is given twice"):
        read_yaml(written(tmp_path, "a: 1\na: 2\n"))
    with pytest.raises(SpecError, match=r"file\.yaml: not YAML: unacceptable character #x0007"):
        read_yaml(written(tmp_path, "a: \x07\n"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: {c: 1, c: 2}\n", "file.yaml:2: the key c is given twice"),
        ("- x: 1\n- y: 1\n  y: 2\n", "file.yaml:3: the key y is given twice"),
        ("responses:\n  200: ok\n", "file.yaml:2: the key 200 must be text: put it in quotes"),
        ("on: 1\n", "file.yaml:1: the key on must be text"),
        ("a: 1\nb: [\n", "file.yaml:3: not YAML"),
        ("a: !!python/object:os.system {}\n", "file.yaml:1: not YAML: could not determine a constructor"),
        ("a: 1\n--- \nb: 2\n", "file.yaml:2: not YAML"),
        ("a: \x07\n", "file.yaml: not YAML"),
        ("a: \udcff\n", "file.yaml: cannot be read: it is not UTF-8 text"),
    ],
)
def test_what_is_refused_is_located(tmp_path: Path, text: str, said: str) -> None:
    """Every refusal names the file, and the line where there is one."""
    with pytest.raises(SpecError) as caught:
        read_yaml(written(tmp_path, text))
    assert said in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """An unreadable file is a SpecError with the system's reason."""
    with pytest.raises(SpecError, match=r"none\.yaml: cannot be read: No such file"):
        read_yaml(tmp_path / "none.yaml")
