"""The site on disk: a folder of its own, which holds what was built, the guides' pictures, and nothing older."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from basix_contract.errors import UsageError

_MARK = "search-index.js"
_PICTURES = "pictures"
_FIX = "give another --out"


def pictures() -> Mapping[str, bytes]:
    """Return every picture that the pages show, by its name within the site."""
    folder = Path(__file__).resolve().parent / "guides" / _PICTURES
    return {f"{_PICTURES}/{path.name}": path.read_bytes() for path in sorted(folder.glob("*.png"))}


def write_site(files: Mapping[str, str | bytes], folder: Path) -> None:
    """Make a folder hold these files, and no page of an older site.

    Raises UsageError when the folder holds files and is no site of ours, nothing written then, or cannot be written.
    """
    try:
        _write(files, folder)
    except OSError as error:
        raise UsageError(f"the pages cannot be written: {error.strerror}", where=str(folder), fix=_FIX) from None


def _write(files: Mapping[str, str | bytes], folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise UsageError("there is a file of this name", where=str(folder), fix=_FIX)
    old = list(folder.iterdir()) if folder.is_dir() else []
    if old and not (folder / _MARK).is_file():
        raise UsageError("this folder holds something else", where=str(folder), fix=_FIX)
    folder.mkdir(parents=True, exist_ok=True)
    written = [path for path in old if path.suffix in (".html", ".md")]
    for path in (*written, *folder.glob(f"{_PICTURES}/*.png")):
        if path.relative_to(folder).as_posix() not in files:
            path.unlink()
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
