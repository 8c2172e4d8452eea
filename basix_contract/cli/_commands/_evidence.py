"""`bundle`, `claim` and `observe`: their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from basix_contract.cli._commands._app import app, epilogue
from basix_contract.cli._exits import BAD_USAGE, EVIDENCE_CODES, NOTHING_RAN, OK

_BUNDLE_EXAMPLES = """
basix-contract bundle
basix-contract bundle build/monday -o monday-evidence.zip
"""
_BUNDLE_CODES = {OK: "the bundle is written", BAD_USAGE: "no journal, an old one, or no place to write"}
_CLAIM_EXAMPLES = """
basix-contract claim build/conformance/server/evidence.zip \\
    --implementation "Acme PBX" --version 4.2.0
"""
_CLAIM_CODES = {
    OK: "the claim is written",
    BAD_USAGE: "a bad option, or no bundle",
    NOTHING_RAN: "the run is partial, hollow or was cut short: nothing can be claimed from it",
    **EVIDENCE_CODES,
}


_OBSERVE_EXAMPLES = """
basix-contract observe build/conformance/server
basix-contract observe live-evidence.zip -o my-pbx-behaves.toml
"""
_OBSERVE_CODES = {
    OK: "what was seen is on stdout, or in the file",
    BAD_USAGE: "no run of a server, an old one, or no place to write",
    **EVIDENCE_CODES,
}


@app.command(help_epilogue=epilogue(_BUNDLE_EXAMPLES, _BUNDLE_CODES))
def bundle(
    run: Annotated[
        Path, Parameter(help="The folder of a run or its journal; build/conformance/server by default.")
    ] = Path("build/conformance/server"),
    /,
    *,
    output: Annotated[
        Path | None, Parameter(alias="-o", help="The file to write; by default evidence.zip beside the journal.")
    ] = None,
) -> int:
    """Put the evidence of a run into one file: journal, profile without secrets, report, signatures, hashes."""
    from basix_contract.cli._evidence import bundle_run

    return bundle_run(run, output)


@app.command(help_epilogue=epilogue(_CLAIM_EXAMPLES, _CLAIM_CODES))
def claim(
    bundle: Annotated[Path, Parameter(help="The evidence of a complete run, as `bundle` wrote it.")],
    /,
    *,
    implementation: Annotated[str, Parameter(help="What was tested: the product's name.")],
    version: Annotated[str, Parameter(help="Its version: a release, so that others can test the same.")],
    url: Annotated[str, Parameter(help="Where to read about it.")] = "",
    output: Annotated[Path, Parameter(alias="-o", help="The file to write; claim.json by default.")] = Path(
        "claim.json"
    ),
) -> int:
    """Write what an implementation may say of itself, from the evidence of a complete run."""
    from basix_contract.cli._evidence import claim_from
    from basix_contract.report.evidence import Claimant

    return claim_from(bundle, Claimant(implementation=implementation, version=version, url=url), output)


@app.command(help_epilogue=epilogue(_OBSERVE_EXAMPLES, _OBSERVE_CODES))
def observe(
    run: Annotated[Path, Parameter(help="The folder, journal or bundle of a run against a server.")],
    /,
    *,
    output: Annotated[Path | None, Parameter(alias="-o", help="The file to write; none: stdout.")] = None,
) -> int:
    """Tell how the server of a run behaves, right or wrong, as a file that `basix-contract mock --like` takes."""
    from basix_contract.cli._evidence import observe_run

    return observe_run(run, output)
