"""Options that several commands have: their types, names in the environment and help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter, validators

from basix_contract.cli._commands._app import WHOLE_NUMBER

Target = Annotated[
    str, Parameter(env_var="BASIX_TARGET", help="Base URL of the PBX; none: the profile's, or the embedded mock.")
]
ProfileFile = Annotated[
    Path | None,
    Parameter(env_var="BASIX_PROFILE", help="TOML file that says who may ring and how to sign in."),
]
MaxCalls = Annotated[
    int | None,
    WHOLE_NUMBER,
    Parameter(env_var="BASIX_MAX_CALLS", validator=validators.Number(gte=1), help="Place no more calls than this."),
]
Seed = Annotated[int, WHOLE_NUMBER, Parameter(env_var="BASIX_SEED", help="Same seed, same drawn cases; 0 by default.")]
Only = Annotated[tuple[str, ...], Parameter(metavar="CU-…", help="Only this requirement; may be repeated.")]
KnownFailing = Annotated[
    Path | None,
    Parameter(env_var="BASIX_KNOWN_FAILING", help="TOML file of failures that are known, each with its reason."),
]
RingsRealTelephones = Annotated[
    bool, Parameter(help="Ring real telephones: needed for a target that is not this machine.")
]
RevealsNumbers = Annotated[bool, Parameter(help="With --plan: numbers in full, on a terminal only.")]
AsJson = Annotated[bool, Parameter(help="Write report.json (or the plan) to stdout, and nothing else there.")]
ReportAsJson = Annotated[bool, Parameter(help="Write report.json to stdout, and nothing else there.")]
Verbose = Annotated[bool, Parameter(help="List what was observed where the document is open.")]
AnswerTimeout = Annotated[
    float, Parameter(validator=validators.Number(gt=0, lte=60), help="Seconds to wait for an answer; 10 by default.")
]
CertificatesFile = Annotated[str, Parameter(help="PEM file of the certificates to trust, for https.")]


def where_to_listen(default: int) -> Parameter:
    """Return what the option of a port to listen on is annotated with."""
    return Parameter(
        validator=validators.Number(gte=0, lte=65_535),
        help=f"Where to listen; {default} by default, 0 for any free port.",
    )


Host = Annotated[str, Parameter(help="Where to listen; 127.0.0.1 by default.")]
