"""Where the profile of the mock PBX is: inside the package when installed, beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

from basix_contract.errors import SpecError

_PACKAGE = Path(__file__).resolve().parent.parent


def mock_profile(package: Path = _PACKAGE) -> Path:
    """Return the path of the shipped profile; raises SpecError when the installation has lost it."""
    places = (package / "_data", package.parent)
    for place in places:
        path = place / "conformance" / "profiles" / "mock.toml"
        if path.is_file():
            return path
    raise SpecError("the profile of the mock PBX is not installed: install basix-contract again")
