"""`doctor`: its options."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from basix_contract.cli._commands._app import app, epilogue
from basix_contract.cli._commands._run_options import ProfileFile, Target
from basix_contract.cli._exits import BAD_USAGE, OK, UNREACHABLE

_EXAMPLES = """
basix-contract doctor
basix-contract doctor --profile my-pbx.toml
"""
_CODES = {
    OK: "nothing stands in the way; what is unknown may still",
    BAD_USAGE: "something on this machine or in the profile does",
    UNREACHABLE: "only the target or the callback route does",
}


@app.command(help_epilogue=epilogue(_EXAMPLES, _CODES))
def doctor(
    *,
    target: Target = "",
    profile: ProfileFile = None,
    json: Annotated[bool, Parameter(help="Write the points as JSON.")] = False,
) -> int:
    """Find what stands in the way of a run, placing no call: this machine, the profile, the target, the way back."""
    from basix_contract.cli._doctor import run_doctor

    return run_doctor(target, profile, as_json=json)
