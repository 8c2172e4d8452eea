"""Where the kit's own files are: beside the package in a checkout, inside it when installed."""

from __future__ import annotations

from pathlib import Path

from basix_contract.errors import SpecError

_PACKAGE = Path(__file__).resolve().parent.parent


def shipped(name: str) -> Path:
    """Return a file or folder of `conformance/` by its path there.

    Raises SpecError when the installation has lost it.
    """
    for folder in (_PACKAGE / "_data" / "conformance", _PACKAGE.parent / "conformance"):
        if (folder / name).exists():
            return folder / name
    raise SpecError(f"conformance/{name} is missing from this installation; install basix-contract again")


def shipped_profile() -> Path:
    """Return the profile of the embedded mock PBX; errors as for `shipped`."""
    return shipped("profiles/mock.toml")
