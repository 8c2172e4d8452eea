"""`conformance server`: its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter, validators

from basix_contract.cli._commands._app import WHOLE_NUMBER, conformance, epilogue

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
    target: Annotated[
        str, Parameter(env_var="BASIX_TARGET", help="Base URL of the PBX; none: the profile's, or the embedded mock.")
    ] = "",
    profile: Annotated[
        Path | None,
        Parameter(env_var="BASIX_PROFILE", help="TOML file that says who may ring and how to sign in."),
    ] = None,
    seed: Annotated[
        int, WHOLE_NUMBER, Parameter(env_var="BASIX_SEED", help="Same seed, same generated cases; 0 by default.")
    ] = 0,
    report: Annotated[
        Path,
        Parameter(env_var="BASIX_REPORT", help="Folder for the report; build/conformance/server by default."),
    ] = Path("build/conformance/server"),
    only: Annotated[tuple[str, ...], Parameter(metavar="CU-…", help="Only this requirement; may be repeated.")] = (),
    known_failing: Annotated[
        Path | None,
        Parameter(env_var="BASIX_KNOWN_FAILING", help="TOML file of failures that are known, each with its reason."),
    ] = None,
    max_calls: Annotated[
        int | None,
        WHOLE_NUMBER,
        Parameter(env_var="BASIX_MAX_CALLS", validator=validators.Number(gte=1), help="Place no more calls than this."),
    ] = None,
    plan: Annotated[bool, Parameter(help="Show every call that would be placed; send nothing, write nothing.")] = False,
    reveal: Annotated[bool, Parameter(help="With --plan: numbers in full, on a terminal only.")] = False,
    live: Annotated[
        bool, Parameter(help="Ring real telephones: needed for a target that is not this machine.")
    ] = False,
    resume: Annotated[
        Path | None,
        Parameter(metavar="JOURNAL", help="Play what this interrupted run has not; nothing is sent a second time."),
    ] = None,
    json: Annotated[bool, Parameter(help="Write report.json (or the plan) to stdout, and nothing else there.")] = False,
    verbose: Annotated[bool, Parameter(help="List what was observed where the document is open.")] = False,
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
