"""Where the kit's own files are: beside the package in a checkout, inside it when installed."""

from __future__ import annotations

from pathlib import Path

from basix_contract.errors import SpecError

_PACKAGE = Path(__file__).resolve().parent.parent


def shipped_profile() -> Path:
    """Return the profile of the embedded mock PBX.

    Raises SpecError when the installation has lost it.
    """
    for folder in (_PACKAGE / "_data" / "conformance", _PACKAGE.parent / "conformance"):
        profile = folder / "profiles" / "mock.toml"
        if profile.is_file():
            return profile
    message = "conformance/profiles/mock.toml is missing from this installation; install basix-contract again"
    raise SpecError(message)
