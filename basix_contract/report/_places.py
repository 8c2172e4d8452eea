"""Which file tells of a run that is named by its folder."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path


def file_of_run(run: Path, *names: str) -> Path:
    """Return the first file of these names in the folder of a run, else the last; what is no folder is the file.

    Never raises: a place that cannot be looked into is named by whoever reads it.
    """
    with suppress(OSError):
        if run.is_dir():
            return next((file for name in names if (file := run / name).exists()), run / names[-1])
    return run
