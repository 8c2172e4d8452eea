"""Options that a run has whatever it is a run of: their types, names in the environment and help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from basix_contract.cli._commands._app import WHOLE_NUMBER

Seed = Annotated[int, WHOLE_NUMBER, Parameter(env_var="BASIX_SEED", help="Same seed, same drawn cases; 0 by default.")]
Only = Annotated[tuple[str, ...], Parameter(metavar="CU-…", help="Only this requirement; may be repeated.")]
KnownFailing = Annotated[
    Path | None,
    Parameter(env_var="BASIX_KNOWN_FAILING", help="TOML file of failures that are known, each with its reason."),
]
AsJson = Annotated[bool, Parameter(help="Write report.json (or the plan) to stdout, and nothing else there.")]
Verbose = Annotated[bool, Parameter(help="List what was observed where the document is open.")]
