"""`conformance server`: its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from basix_contract.cli._commands._app import conformance, epilogue
from basix_contract.cli._commands._run_options import (
    AsJson,
    KnownFailing,
    MaxCalls,
    Only,
    ProfileFile,
    RevealsNumbers,
    RingsRealTelephones,
    Seed,
    Target,
    Verbose,
)

_EXAMPLES = """
basix-contract conformance server
basix-contract conformance server --only CU-148 --verbose
basix-contract conformance server --profile my-pbx.toml --plan
basix-contract conformance server --profile my-pbx.toml \\
    --target http://127.0.0.1:8090/basix/api
basix-contract conformance server --resume build/cut/journal.ndjson
"""


@conformance.command(name="server", help_epilogue=epilogue(_EXAMPLES))
def conformance_server(
    *,
    target: Target = "",
    profile: ProfileFile = None,
    seed: Seed = 0,
    report: Annotated[
        Path,
        Parameter(env_var="BASIX_REPORT", help="Folder for the report; build/conformance/server by default."),
    ] = Path("build/conformance/server"),
    only: Only = (),
    known_failing: KnownFailing = None,
    max_calls: MaxCalls = None,
    plan: Annotated[bool, Parameter(help="Show every call that would be placed; send nothing, write nothing.")] = False,
    reveal: RevealsNumbers = False,
    live: RingsRealTelephones = False,
    resume: Annotated[
        Path | None,
        Parameter(metavar="JOURNAL", help="Play what this interrupted run has not; nothing is sent a second time."),
    ] = None,
    json: AsJson = False,
    verbose: Verbose = False,
) -> int:
    """Tell whether a server keeps the contract: a verdict for each requirement, with evidence."""
    from basix_contract.cli._conformance import plan_conformance_server, run_conformance_server
    from basix_contract.cli._results import show_json, summary
    from basix_contract.errors import UsageError
    from basix_contract.suite import ServerOptions

    if reveal and not plan:
        raise UsageError("there are numbers to reveal in a plan only", where="--reveal", fix="add --plan")
    options = ServerOptions(
        target=target,
        profile=profile,
        seed=seed,
        report=report,
        only=only,
        known_failing=known_failing,
        max_calls=max_calls,
        live=live,
        resume=resume,
    )
    if plan:
        return plan_conformance_server(options, as_json=json, reveals_numbers=reveal)
    return run_conformance_server(options, show_json if json else summary(shows_observed=verbose))
