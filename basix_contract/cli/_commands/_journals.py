"""`verify`, `replay` and `diff`, which begin with what an earlier run has left: their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from basix_contract.cli._commands._app import app, epilogue
from basix_contract.cli._commands._run_options import MaxCalls, ReportAsJson, RingsRealTelephones, Verbose
from basix_contract.cli._exits import BAD_USAGE, EVIDENCE_CODES, EXIT_CODES, NOT_CONFORMING, OK

_VERIFY_EXAMPLES = """
basix-contract verify build/conformance/server/journal.ndjson
basix-contract verify journal.ndjson --report build/again --json
basix-contract verify evidence.zip --claim claim.json
"""
_REPLAY_EXAMPLES = """
basix-contract replay callback.10
basix-contract replay groups/unknown.1 --profile my-pbx.toml \\
    --journal build/monday/journal.ndjson
"""
_DIFF_EXAMPLES = """
basix-contract diff monday/report.json tuesday/report.json
basix-contract diff monday/journal.ndjson build/conformance/server --json
basix-contract diff build/mock live-evidence.zip
"""
_DIFF_CODES = {
    OK: "nothing got worse",
    NOT_CONFORMING: "a requirement fails or cannot be tested any more that was not so before",
    BAD_USAGE: "a bad option, or a file that is no report, journal or bundle",
    **EVIDENCE_CODES,
}


@app.command(help_epilogue=epilogue(_VERIFY_EXAMPLES, {**EXIT_CODES, **EVIDENCE_CODES}))
def verify(
    journal: Annotated[Path, Parameter(help="The journal.ndjson of a run, or a bundle of its evidence.")],
    /,
    *,
    claim: Annotated[Path | None, Parameter(help="Say too whether this claim is borne out by the bundle.")] = None,
    report: Annotated[Path | None, Parameter(help="Folder for the report; none: no files.")] = None,
    json: ReportAsJson = False,
    verbose: Verbose = False,
) -> int:
    """Judge a run again from its journal or bundle, offline: same verdicts, same exit code, nothing is sent."""
    from basix_contract.cli._journals import verify_run
    from basix_contract.cli._results import show_json, summary

    return verify_run(journal, report, claim, show_json if json else summary(shows_observed=verbose))


@app.command(help_epilogue=epilogue(_REPLAY_EXAMPLES))
def replay(
    exchange: Annotated[str, Parameter(name="ID", help="An exchange, as the report's evidence names it.")],
    /,
    *,
    journal: Annotated[
        Path, Parameter(help="Where it stands; build/conformance/server/journal.ndjson by default.")
    ] = Path("build/conformance/server/journal.ndjson"),
    target: Annotated[
        str, Parameter(env_var="BASIX_TARGET", help="Base URL of the PBX; none: the profile's, or the journal's.")
    ] = "",
    profile: Annotated[
        Path | None,
        Parameter(env_var="BASIX_PROFILE", help="TOML file that holds what the journal may not."),
    ] = None,
    report: Annotated[Path, Parameter(help="Folder for the report; build/conformance/replay by default.")] = Path(
        "build/conformance/replay"
    ),
    max_calls: MaxCalls = None,
    live: RingsRealTelephones = False,
    json: ReportAsJson = False,
) -> int:
    """Play one exchange of a journal again, its good call before it, and show how it went."""
    from basix_contract.cli._journals import replay_exchange
    from basix_contract.suite import ServerOptions

    options = ServerOptions(target=target, profile=profile, report=report, max_calls=max_calls, live=live)
    return replay_exchange(exchange, journal, options, as_json=json)


@app.command(help_epilogue=epilogue(_DIFF_EXAMPLES, _DIFF_CODES))
def diff(
    before: Annotated[Path, Parameter(help="report.json, journal.ndjson, bundle or folder of a run.")],
    after: Annotated[Path, Parameter(help="The same of a later run.")],
    /,
    *,
    json: Annotated[bool, Parameter(help="Write the comparison as JSON.")] = False,
) -> int:
    """Tell what changed between two runs: new failures, what was fixed, what cannot be tested any more."""
    from basix_contract.cli._journals import diff_runs

    return diff_runs(before, after, as_json=json)
