"""Tokens to an exit code: the command is found, run, or what is wrong with its tokens is told."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

from cyclopts import CycloptsError
from rich.console import Console

from basix_contract.cli._commands import app
from basix_contract.cli._exits import BAD_USAGE, OK
from basix_contract.cli._output import complain, emit


def run_command(tokens: Sequence[str]) -> int:
    """Run what these tokens ask for; return its exit code. Help and version go to stdout as results do."""
    _drop_empty_variables()
    is_terminal = sys.stdout.isatty()
    shown = io.StringIO()
    try:
        code = app(tokens, console=Console(file=shown, force_terminal=is_terminal, highlight=False))
    except CycloptsError as error:
        complain(f"{error} Try: basix-contract {' '.join((*_commands(tokens), '--help'))}")
        return BAD_USAGE
    emit(shown.getvalue())
    if isinstance(code, int):
        return code
    return OK if set(tokens) & {"--help", "-h", "--version"} else BAD_USAGE


def _drop_empty_variables() -> None:
    """Take an empty variable for none: CI systems pass on options that way when they were not given."""
    for name in [name for name, value in os.environ.items() if name.startswith("BASIX_") and not value]:
        del os.environ[name]


def _commands(tokens: Sequence[str]) -> Sequence[str]:
    """Return the part of the tokens that names a command."""
    return app.parse_commands(tokens)[0]
