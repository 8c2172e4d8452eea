"""`completion`: what a shell needs to complete these commands."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import Parameter

from basix_contract.cli._commands._app import app, epilogue
from basix_contract.cli._exits import BAD_USAGE, OK
from basix_contract.cli._output import emit

_EXAMPLES = """
eval "$(basix-contract completion bash)"
basix-contract completion zsh > ~/.zfunc/_basix-contract
basix-contract completion fish | source
"""
_CODES = {OK: "the script is on stdout", BAD_USAGE: "a shell that is not among these"}


@app.command(help_epilogue=epilogue(_EXAMPLES, _CODES))
def completion(shell: Annotated[Literal["bash", "zsh", "fish"], Parameter(help="Which shell.")], /) -> int:
    """Print the script with which a shell completes these commands and their options."""
    emit(app.generate_completion(prog_name="basix-contract", shell=shell))
    return OK
