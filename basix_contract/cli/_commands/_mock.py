"""`mock`: its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from basix_contract.cli._commands._app import WHOLE_NUMBER, app, epilogue
from basix_contract.cli._commands._run_options import Host, where_to_listen
from basix_contract.cli._exits import BAD_USAGE, EXIT_CODES, OK
from basix_contract.cli._output import emit

_EXAMPLES = """
basix-contract mock
basix-contract mock --port 0 --error-style 4xx --strict
basix-contract mock --profile my-pbx.toml --like my-pbx-behaves.toml
basix-contract mock --defect callback-missing --switch latency_s=0.5
"""
_CODES = {OK: "ended by Ctrl-C, or the list is shown", BAD_USAGE: EXIT_CODES[BAD_USAGE]}


@app.command(help_epilogue=epilogue(_EXAMPLES, _CODES))
def mock(
    *,
    port: Annotated[int, WHOLE_NUMBER, where_to_listen(8090)] = 8090,
    host: Host = "127.0.0.1",
    profile: Annotated[
        Path | None, Parameter(help="TOML file with the directory; none: that of the document's examples.")
    ] = None,
    seed: Annotated[int | None, WHOLE_NUMBER, Parameter(help="Same seed, same uuids; none: drawn at random.")] = None,
    like: Annotated[
        Path | None, Parameter(help="Behave as the PBX that this file tells of; `basix-contract observe` writes it.")
    ] = None,
    error_style: Annotated[
        Literal["200", "4xx"] | None, Parameter(help="HTTP status of error replies; 200 by default.")
    ] = None,
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
    style = (f"error_style={error_style}",) if error_style else ()
    switches = (*style, *(("strict_unknown_parameters=true",) if strict else ()), *switch)
    return _mock.run_mock(
        _mock.MockPlan(host=host, port=port, profile=profile, seed=seed, defects=defect, switches=switches, like=like)
    )
