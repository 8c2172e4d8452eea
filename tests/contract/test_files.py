"""Where spec/ is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from basix_contract.contract._files import spec_file
from basix_contract.errors import SpecError


def put(folder: Path, text: str) -> Path:
    """Write one file and all folders above it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text(text, encoding="utf-8")
    return folder


def test_a_checkout_has_spec_beside_the_package(tmp_path: Path) -> None:
    """Without a copy inside the package, the folder beside it is used."""
    beside = put(tmp_path / "spec" / "openapi.yaml", "")
    assert spec_file("openapi.yaml", package=tmp_path / "basix_contract") == beside


def test_an_installed_package_uses_its_own_copy(tmp_path: Path) -> None:
    """The copy in the wheel wins over whatever else is called spec in site-packages."""
    put(tmp_path / "spec" / "openapi.yaml", "")
    inside = put(tmp_path / "basix_contract" / "_data" / "spec" / "openapi.yaml", "")
    assert spec_file("openapi.yaml", package=tmp_path / "basix_contract") == inside


def test_a_file_that_is_nowhere_says_where_it_was_looked_for(tmp_path: Path) -> None:
    """An incomplete installation is told as such, with both places."""
    with pytest.raises(SpecError, match=r"openapi\.yaml is not installed") as caught:
        spec_file("openapi.yaml", package=tmp_path / "basix_contract")
    assert "_data" in str(caught.value)
    assert "install basix-contract again" in str(caught.value)


def test_the_real_files_are_found() -> None:
    """This very installation is complete."""
    assert spec_file("openapi.yaml").is_file()
    assert spec_file("requirements.yaml").is_file()
