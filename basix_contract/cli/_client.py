"""`conformance client`: run the engine, record an application, try an adapter, or show the plan alone."""

from __future__ import annotations

import sys

from basix_contract.cli._exits import NOT_CONFORMING, OK
from basix_contract.cli._output import emit_text, emit_utf8, tell
from basix_contract.cli._progress import following
from basix_contract.cli._results import Show, deliver
from basix_contract.report import calls_json, calls_text, smoke_json, smoke_text
from basix_contract.suite import (
    ClientOptions,
    Invitation,
    RecordOptions,
    preview_client,
    record_client,
    run_client,
    smoke_client,
)


def run_conformance_client(options: ClientOptions, show: Show) -> int:
    """Return the exit code of a judged run; its report is written and its result is on stdout. Raises as the engine."""
    if sys.stderr.isatty():
        tell(f"answering {options.command[0] if options.command else ''} …")
    with following(options.report / "journal.ndjson"):
        result = run_client(options)
    return deliver(result, options.report, show)


def plan_conformance_client(options: ClientOptions, *, as_json: bool) -> int:
    """Show every call of a run; nothing is started, sent or written."""
    plan = preview_client(options)
    if as_json:
        emit_utf8(calls_json(plan))
    else:
        emit_text(calls_text(plan))
    return OK


def record_conformance_client(options: RecordOptions, show: Show) -> int:
    """Serve as a PBX until Ctrl-C or as the options say, then deliver what is to be said of the requests."""
    return deliver(record_client(options, _invite), options.report, show)


def _invite(invitation: Invitation) -> None:
    tell(
        f"base URL  {invitation.base_url}\n"
        f"domain    {invitation.domain}     (any will do)\n"
        f"token     {invitation.token}       (any will do)\n"
        "Place calls with your application; every call succeeds, no callback is sent. Ctrl-C ends the recording."
    )


def smoke_adapter(command: tuple[str, ...], *, as_json: bool) -> int:
    """Return 0 when an adapter does its part, 1 otherwise; each point is on stdout."""
    points = smoke_client(command)
    if as_json:
        emit_utf8(smoke_json(points))
    else:
        emit_text(smoke_text(points))
    return NOT_CONFORMING if any(point.problem for point in points) else OK
