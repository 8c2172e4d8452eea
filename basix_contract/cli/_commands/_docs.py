"""`docs`: its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from basix_contract.cli._commands._app import app, epilogue
from basix_contract.cli._exits import BAD_USAGE, OK

_EXAMPLES = """
basix-contract docs
basix-contract docs --out public
"""
_CODES = {OK: "the pages are written", BAD_USAGE: "a bad option, or a folder that holds something else"}


@app.command(help_epilogue=epilogue(_EXAMPLES, _CODES))
def docs(
    *, out: Annotated[Path, Parameter(help="Folder for the pages; build/docs by default.")] = Path("build/docs")
) -> int:
    """Write the reference as pages that open from disk: API, requirements, open points, commands, code, guides."""
    from basix_contract.cli._reference import write_docs

    return write_docs(app, out)
