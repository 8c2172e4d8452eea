"""Where the files of `spec/` are, installed or in a checkout."""

from __future__ import annotations

from pathlib import Path

from basix_contract.errors import SpecError

_PACKAGE = Path(__file__).resolve().parent.parent


def spec_file(name: str, *, package: Path = _PACKAGE) -> Path:
    """Return the path of a file of `spec/`: the wheel's copy if there is one, else the checkout's.

    Raises SpecError when neither place has it: the installation is incomplete.
    """
    places = (package / "_data" / "spec" / name, package.parent / "spec" / name)
    for place in places:
        if place.is_file():
            return place
    looked = " or ".join(str(place) for place in places)
    raise SpecError(f"{name} is not installed (looked for {looked}): install basix-contract again")
