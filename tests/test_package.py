"""The package as a whole: what importing it costs, and that it says one version."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import basix_contract
from basix_contract import _version

ROOT = Path(__file__).parent.parent
HEAVY = (
    "cyclopts",
    "httpx",
    "hypothesis",
    "jsonschema_rs",
    "openapi_core",
    "pytest",
    "rich",
    "schemathesis",
    "starlette",
    "uvicorn",
    "yaml",
)


def loaded_by(statement: str) -> set[str]:
    """The top-level modules a fresh interpreter has loaded after a statement."""
    program = f"{statement}\nimport sys\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_importing_the_package_loads_nothing_heavy() -> None:
    """`import basix_contract` loads no library of others, so an integrator pays for the client only."""
    loaded = loaded_by("import basix_contract")

    assert "basix_contract" in loaded
    assert loaded.isdisjoint(HEAVY)


def test_loading_a_library_is_seen() -> None:
    """The look at what is loaded finds a library where one is."""
    assert "yaml" in loaded_by("import basix_contract, yaml")


def test_every_public_name_is_there() -> None:
    """Each name the package lists can be imported from it, and is seen by `dir`."""
    assert [name for name in basix_contract.__all__ if not hasattr(basix_contract, name)] == []
    assert set(basix_contract.__all__) <= set(dir(basix_contract))


def test_an_unknown_name_is_an_attribute_error() -> None:
    """A name the package does not have fails as any module's would."""
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = basix_contract.nothing


def test_there_is_one_version() -> None:
    """The version the package tells is the one it is built with."""
    assert basix_contract.__version__ == _version.__version__
