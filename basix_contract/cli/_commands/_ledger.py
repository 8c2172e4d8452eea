"""`explain` and `requirements`: their options."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import Parameter

from basix_contract.cli._commands._app import app, epilogue
from basix_contract.cli._exits import BAD_USAGE, OK
from basix_contract.cli._output import emit_json, emit_text

_EXPLAIN_EXAMPLES = """
basix-contract explain CU-148
basix-contract explain callback/uuid --example
"""
_EXPLAIN_CODES = {OK: "it is shown", BAD_USAGE: "there is no such requirement, or a bad option"}
_REQUIREMENTS_EXAMPLES = """
basix-contract requirements --role server --level MUST
basix-contract requirements --json
"""
_REQUIREMENTS_CODES = {OK: "they are listed", BAD_USAGE: "a bad option"}


@app.command(help_epilogue=epilogue(_EXPLAIN_EXAMPLES, _EXPLAIN_CODES))
def explain(
    requirement: Annotated[str, Parameter(help="Its id, CU-…, or the id of one of its checks.")],
    /,
    *,
    example: Annotated[bool, Parameter(help="Play it on the mock PBX: once kept, once broken.")] = False,
) -> int:
    """Show one requirement in full: what it says, where it comes from, what passes, what it needs."""
    from basix_contract.cli._ledger import explain_text
    from basix_contract.contract import load_ledger

    ledger = load_ledger()
    row = ledger.requirement_of(requirement) if "/" in requirement else ledger.by_id(requirement.upper())
    emit_text(explain_text(ledger, row))
    if example:
        from basix_contract.cli._examples import example_text

        emit_text(example_text(row))
    return OK


@app.command(help_epilogue=epilogue(_REQUIREMENTS_EXAMPLES, _REQUIREMENTS_CODES))
def requirements(
    *,
    role: Annotated[Literal["server", "client", "receiver"] | None, Parameter(help="Only those of this role.")] = None,
    level: Annotated[
        Literal["MUST", "SHOULD", "OBSERVE", "ADVICE"] | None, Parameter(help="Only those of this level.")
    ] = None,
    json: Annotated[bool, Parameter(help="Everything the ledger holds about them, as JSON.")] = False,
) -> int:
    """List the ledger: every requirement of the document, and every point it leaves open."""
    from basix_contract.cli._ledger import ledger_members, ledger_text
    from basix_contract.contract import load_ledger

    ledger = load_ledger()
    rows = tuple(row for row in ledger if row.role == (role or row.role) and row.level == (level or row.level))
    if json:
        emit_json(ledger_members(ledger, rows))
    else:
        emit_text(ledger_text(rows))
    return OK
