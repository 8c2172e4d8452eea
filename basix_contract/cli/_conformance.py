"""`conformance`: run the engine, write the report, show the summary."""

from __future__ import annotations

import sys

from basix_contract.cli._output import emit, emit_utf8, tell
from basix_contract.report import render_json, summary_for, write_report
from basix_contract.suite import ServerOptions, run_server


def run_conformance_server(options: ServerOptions, *, as_json: bool, shows_observed: bool) -> int:
    """Return the exit code of a judged run; its report is written and its result is on stdout."""
    if sys.stderr.isatty():
        tell(f"playing against {options.target or 'the embedded mock PBX'} …")
    result = run_server(options)
    files = (*write_report(result, options.report), result.journal)
    if as_json:
        emit_utf8(render_json(result))
        tell(f"{result.verdict} · exit code {result.exit_code}: {result.reason}")
    else:
        emit(summary_for(sys.stdout, result, files=files, shows_observed=shows_observed))
    return result.exit_code
