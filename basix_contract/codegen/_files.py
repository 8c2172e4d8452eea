"""Generated files on disk: written as a whole set, and compared as one, byte for byte."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from basix_contract.codegen._render import MARK
from basix_contract.errors import UsageError

_CACHE = "__pycache__"


@dataclass(frozen=True, slots=True)
class Difference:
    """How a folder differs from what belongs there; all empty when it does not."""

    missing: tuple[str, ...]
    extra: tuple[str, ...]
    changed: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """A line for each file that is not as it should be."""
        named = (("missing", self.missing), ("extra", self.extra), ("changed", self.changed))
        return tuple(f"{what}: {name}" for what, names in named for name in names)


def compare(sources: Mapping[str, str], folder: Path) -> Difference:
    """Return how a folder differs from the sources that belong there."""
    found = _files_in(folder)
    expected = {name: source.encode() for name, source in sources.items()}
    return Difference(
        missing=tuple(sorted(expected.keys() - found.keys())),
        extra=tuple(sorted(found.keys() - expected.keys())),
        changed=tuple(sorted(name for name in expected.keys() & found.keys() if expected[name] != found[name])),
    )


def write(sources: Mapping[str, str], folder: Path) -> Difference:
    """Make a folder hold the sources and nothing else; return how it differed before.

    Raises UsageError, nothing written, when the folder holds a file that was not generated.
    """
    difference = compare(sources, folder)
    found = _files_in(folder)
    if strangers := [name for name in difference.extra if not found[name].startswith(MARK.encode())]:
        raise UsageError(f"{strangers[0]} was not generated", where=str(folder), fix="remove it, or give another --out")
    folder.mkdir(parents=True, exist_ok=True)
    for name in difference.extra:
        (folder / name).unlink()
    for name in (*difference.missing, *difference.changed):
        (folder / name).write_bytes(sources[name].encode())
    return difference


def _files_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and _CACHE not in path.parts
    }
