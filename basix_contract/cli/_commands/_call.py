"""`call`: its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter, validators

from basix_contract.cli._commands._app import WHOLE_NUMBER, app, epilogue
from basix_contract.cli._commands._run_options import ProfileFile, RevealsNumbers, Target
from basix_contract.cli._exits import (
    AMBIGUOUS,
    BAD_USAGE,
    EXIT_CODES,
    INTERRUPTED,
    NOT_CONFORMING,
    OK,
    UNREACHABLE,
)

_EXAMPLES = """
basix-contract call --plan
basix-contract call --profile my-pbx.toml --plan
basix-contract call --profile my-pbx.toml --user name=jessica --to 0312341234
basix-contract call --profile my-pbx.toml --user name=jessica --live
"""
_CODES = {
    OK: "answered; or taken by the PBX, with --unheard; or the plan is shown",
    NOT_CONFORMING: "refused, or not answered",
    BAD_USAGE: "a bad option or profile, or the gate refuses it; nothing was sent",
    UNREACHABLE: "not sent: nobody listens there",
    AMBIGUOUS: "sent, and what came of it cannot be known; it is not placed again",
    INTERRUPTED: EXIT_CODES[INTERRUPTED],
}


@app.command(help_epilogue=epilogue(_EXAMPLES, _CODES))
def call(
    *,
    target: Target = "",
    profile: ProfileFile = None,
    user: Annotated[
        str,
        Parameter(metavar="KEY=VALUE", help="Whom to call, as name=jessica; none: the first who answers."),
    ] = "",
    to: Annotated[str, Parameter(metavar="DESTINATION", help="Where to connect it to; none: the first number.")] = "",
    calling_number: Annotated[str, Parameter(help="The number shown there; one that the profile declares.")] = "",
    group: Annotated[str, Parameter(metavar="KEY=VALUE", help="The group context, as name=sales.")] = "",
    calling_name: Annotated[str, Parameter(help="What the user's telephone shows.")] = "",
    answer_timeout: Annotated[
        int | None,
        WHOLE_NUMBER,
        Parameter(validator=validators.Number(gte=1, lte=180), help="How many seconds it may ring."),
    ] = None,
    auto_answer: Annotated[bool, Parameter(help="Have the telephone answer by itself, if allowed.")] = False,
    unheard: Annotated[bool, Parameter(help="Ask for no callback, and do not wait for the answer.")] = False,
    report: Annotated[Path, Parameter(help="Folder for the journal; build/call by default.")] = Path("build/call"),
    plan: Annotated[bool, Parameter(help="Show whom it would ring; send nothing, write nothing.")] = False,
    reveal: RevealsNumbers = False,
    live: Annotated[bool, Parameter(help="Needed where the telephone is a real one.")] = False,
    json: Annotated[bool, Parameter(help="Write the outcome (or the plan) as JSON.")] = False,
) -> int:
    """Place one call from the command line, through the gate, and tell how it ended."""
    from basix_contract.cli import _call
    from basix_contract.errors import UsageError
    from basix_contract.suite import CallOptions, ServerOptions

    if reveal and not plan:
        raise UsageError("there are numbers to reveal in a plan only", where="--reveal", fix="add --plan")
    server = ServerOptions(target=target, profile=profile, report=report, live=live)
    plain = {"calling_name": calling_name, "answer_timeout": answer_timeout, "auto_answer": auto_answer or None}
    members = _call.members_of(user, group, plain, {"destination": to, "calling_number": calling_number})
    options = CallOptions(server=server, members=members, waits=not unheard)
    if plan:
        return _call.show_call(options, as_json=json, reveals_numbers=reveal)
    return _call.run_call(options, as_json=json)
