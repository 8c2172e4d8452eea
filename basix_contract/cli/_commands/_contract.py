"""`contract-diff`: its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from basix_contract.cli._commands._app import app, epilogue
from basix_contract.cli._exits import BAD_USAGE, NOT_CONFORMING, OK

_EXAMPLES = """
basix-contract contract-diff openapi-1.0.yaml spec/openapi.yaml
basix-contract contract-diff old.yaml new.yaml --json
"""
_CODES = {
    OK: "nothing breaks",
    NOT_CONFORMING: "a client, a server or a receiver must be changed to keep the newer contract",
    BAD_USAGE: "a bad option, or a file that is no OpenAPI document",
}


@app.command(name="contract-diff", help_epilogue=epilogue(_EXAMPLES, _CODES))
def contract_diff(
    old: Annotated[Path, Parameter(help="The OpenAPI document as it was.")],
    new: Annotated[Path, Parameter(help="The OpenAPI document as it is now.")],
    /,
    *,
    json: Annotated[bool, Parameter(help="Write the changes as JSON.")] = False,
) -> int:
    """Tell what a newer contract breaks, for clients, servers and callback receivers."""
    from basix_contract.cli import _contract

    return _contract.contract_diff(old, new, as_json=json)
