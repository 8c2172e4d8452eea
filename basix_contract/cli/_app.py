"""The commands and their options, as the shell sees them."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, CycloptsError, Parameter, validators
from rich.console import Console

from basix_contract._version import __version__
from basix_contract.cli._exits import BAD_USAGE, EXIT_CODES, OK
from basix_contract.cli._output import complain, emit

_HELP = "The contract of the Basix PBX method call_user: who keeps it, what it says, a PBX to try it on."
_EXAMPLES = """\
Examples:
  basix-contract conformance server          the kit against its own mock PBX
  basix-contract mock                        a mock PBX, with a call to paste
  basix-contract explain CU-148              one requirement in full
  basix-contract requirements --level MUST   the ledger
"""
_SERVER_EXAMPLES = """\
Examples:
  basix-contract conformance server
  basix-contract conformance server --only CU-148 --verbose
  basix-contract conformance server --profile my-pbx.toml \\
      --target http://127.0.0.1:8090/basix/api
"""
_MOCK_EXAMPLES = """\
Examples:
  basix-contract mock
  basix-contract mock --port 0 --error-style 4xx --strict
  basix-contract mock --defect callback-missing --switch latency_s=0.5
"""
_EXITS = "\nExit codes:\n" + "".join(f"  {code:>3}  {meaning}\n" for code, meaning in EXIT_CODES.items())


def _version() -> str:
    from basix_contract.contract import load_ledger

    return f"basix-contract {__version__} (contract {load_ledger().contract})"


app = App(
    name="basix-contract",
    help=_HELP,
    help_format="plaintext",
    help_epilogue=_EXAMPLES + _EXITS,
    version=_version,
    version_format="plaintext",
    default_parameter=Parameter(negative="", show_default=False),
    result_action="return_value",
    suppress_keyboard_interrupt=False,
    exit_on_error=False,
    print_error=False,
    help_on_error=False,
)
conformance = App(name="conformance", help="Tell who keeps the contract, with evidence.")
app.command(conformance)


def run_command(tokens: Sequence[str]) -> int:
    """Run what these tokens ask for; return its exit code. Help and version go to stdout as results do."""
    _drop_empty_variables()
    is_terminal = sys.stdout.isatty()
    shown = io.StringIO()
    try:
        code = app(tokens, console=Console(file=shown, force_terminal=is_terminal, highlight=False))
    except CycloptsError as error:
        complain(f"{error} Try: basix-contract {' '.join((*_commands(tokens), '--help'))}")
        return BAD_USAGE
    emit(shown.getvalue())
    if isinstance(code, int):
        return code
    return OK if set(tokens) & {"--help", "-h", "--version"} else BAD_USAGE


def _drop_empty_variables() -> None:
    """Take an empty variable for none: CI systems pass on options that way when they were not given."""
    for name in [name for name, value in os.environ.items() if name.startswith("BASIX_") and not value]:
        del os.environ[name]


def _commands(tokens: Sequence[str]) -> Sequence[str]:
    """Return the part of the tokens that names a command."""
    return app.parse_commands(tokens)[0]


@conformance.command(name="server", help_epilogue=_SERVER_EXAMPLES + _EXITS)
def conformance_server(
    *,
    target: Annotated[
        str, Parameter(env_var="BASIX_TARGET", help="Base URL of the PBX; none: the embedded mock PBX.")
    ] = "",
    profile: Annotated[
        Path | None,
        Parameter(env_var="BASIX_PROFILE", help="TOML file that says who may ring and how to sign in."),
    ] = None,
    seed: Annotated[int, Parameter(env_var="BASIX_SEED", help="Same seed, same generated cases; 0 by default.")] = 0,
    report: Annotated[
        Path,
        Parameter(env_var="BASIX_REPORT", help="Folder for the report; build/conformance/server by default."),
    ] = Path("build/conformance/server"),
    only: Annotated[tuple[str, ...], Parameter(metavar="CU-…", help="Only this requirement; may be repeated.")] = (),
    max_calls: Annotated[
        int | None, Parameter(env_var="BASIX_MAX_CALLS", help="Place no more calls than this.")
    ] = None,
    json: Annotated[bool, Parameter(help="Write report.json to stdout, and nothing else there.")] = False,
    verbose: Annotated[bool, Parameter(help="List what was observed where the document is open.")] = False,
) -> int:
    """Tell whether a server keeps the contract: a verdict for each requirement, with evidence."""
    from basix_contract.cli._conformance import run_conformance_server
    from basix_contract.suite import ServerOptions

    options = ServerOptions(target=target, profile=profile, seed=seed, report=report, only=only, max_calls=max_calls)
    return run_conformance_server(options, as_json=json, shows_observed=verbose)


@app.command(help_epilogue=_MOCK_EXAMPLES)
def mock(
    *,
    port: Annotated[
        int,
        Parameter(
            validator=validators.Number(gte=0, lte=65_535),
            help="Where to listen; 8090 by default, 0 for any free port.",
        ),
    ] = 8090,
    host: Annotated[str, Parameter(help="Where to listen; 127.0.0.1 by default.")] = "127.0.0.1",
    profile: Annotated[
        Path | None, Parameter(help="TOML file with the directory; none: that of the document's examples.")
    ] = None,
    seed: Annotated[int | None, Parameter(help="Same seed, same uuids; none: drawn at random.")] = None,
    error_style: Annotated[
        Literal["200", "4xx"], Parameter(help="HTTP status of error replies; 200 by default.")
    ] = "200",
    strict: Annotated[bool, Parameter(help="Refuse parameters that the document does not have.")] = False,
    defect: Annotated[tuple[str, ...], Parameter(help="Have this fault (--list-defects); may be repeated.")] = (),
    switch: Annotated[
        tuple[str, ...],
        Parameter(help="Read an open point this way: NAME=VALUE (--list-switches); may be repeated."),
    ] = (),
    list_defects: Annotated[bool, Parameter(help="List the faults the mock can have, and end.")] = False,
    list_switches: Annotated[bool, Parameter(help="List the readings it can take, and end.")] = False,
) -> int:
    """Run a mock PBX until Ctrl-C; it prints how to call it, then a line for each call, reply and callback."""
    from basix_contract.cli import _mock

    if list_defects or list_switches:
        emit((_mock.defects_text() if list_defects else "") + (_mock.switches_text() if list_switches else ""))
        return OK
    switches = (f"error_style={error_style}", *(("strict_unknown_parameters=true",) if strict else ()), *switch)
    return _mock.run_mock(
        _mock.MockPlan(host=host, port=port, profile=profile, seed=seed, defects=defect, switches=switches)
    )


@app.command(help_epilogue="")
def explain(requirement: Annotated[str, Parameter(help="Its id, CU-…, or the id of one of its checks.")], /) -> int:
    """Show one requirement in full: what it says, where it comes from, what passes, what it needs."""
    from basix_contract.cli._ledger import explain_text
    from basix_contract.contract import load_ledger

    ledger = load_ledger()
    row = ledger.requirement_of(requirement) if "/" in requirement else ledger.by_id(requirement.upper())
    emit(explain_text(ledger, row))
    return OK


@app.command(help_epilogue="")
def requirements(
    *,
    role: Annotated[Literal["server", "client", "receiver"] | None, Parameter(help="Only those of this role.")] = None,
    level: Annotated[
        Literal["MUST", "SHOULD", "OBSERVE", "ADVICE"] | None, Parameter(help="Only those of this level.")
    ] = None,
    json: Annotated[bool, Parameter(help="Everything the ledger holds about them, as JSON.")] = False,
) -> int:
    """List the ledger: every requirement of the document, and every point it leaves open."""
    from basix_contract.cli._ledger import ledger_json, ledger_text
    from basix_contract.contract import load_ledger

    ledger = load_ledger()
    rows = tuple(row for row in ledger if row.role == (role or row.role) and row.level == (level or row.level))
    emit(ledger_json(ledger, rows) if json else ledger_text(rows))
    return OK
