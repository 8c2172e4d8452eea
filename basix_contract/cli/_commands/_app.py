"""The root of the commands, the groups they stand in, and what every help text ends with."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from cyclopts import App, Parameter, Token

from basix_contract._version import __version__
from basix_contract.cli._exits import EXIT_CODES

_WHOLE = re.compile(r"[+-]?[0-9]+", re.ASCII)


def epilogue(examples: str, codes: Mapping[int, str] = EXIT_CODES) -> str:
    """Return the end of a help text: commands to paste, one a line, and what each exit code means."""
    told = "".join(f"  {example}\n" for example in examples.strip().splitlines())
    return f"Examples:\n{told}\nExit codes:\n" + "".join(f"  {code:>3}  {said}\n" for code, said in codes.items())


def _whole_number(_kind: type, tokens: Sequence[Token]) -> int:
    """Take digits with or without a sign, and nothing that would have to be rounded."""
    text = tokens[0].value
    if not _WHOLE.fullmatch(text):
        raise ValueError(f'"{text}" is no whole number.')
    return int(text)


WHOLE_NUMBER = Parameter(converter=_whole_number)
"""What an option of type int is annotated with beside its own help."""


def _version() -> str:
    from basix_contract.contract import load_ledger

    return f"basix-contract {__version__} (contract {load_ledger().contract})"


app = App(
    name="basix-contract",
    help="The contract of the Basix PBX method call_user: who keeps it, what it says, a PBX to try it on.",
    help_format="plaintext",
    help_epilogue=epilogue(
        """
basix-contract conformance server         the kit against its own mock PBX
basix-contract profile init my-pbx.toml   who may ring, for a PBX of yours
basix-contract mock                       a mock PBX, with a call to paste
basix-contract explain CU-148             one requirement in full
basix-contract requirements --role server
"""
    ),
    version=_version,
    version_format="plaintext",
    default_parameter=Parameter(negative="", show_default=False),
    result_action="return_value",
    suppress_keyboard_interrupt=False,
    exit_on_error=False,
    print_error=False,
    help_on_error=False,
)
conformance = App(
    name="conformance",
    help="Tell who keeps the contract, with evidence.",
    help_epilogue=epilogue("basix-contract conformance server"),
)
app.command(conformance)
