"""`conformance receiver`: run the engine and deliver its result, or show the plan alone."""

from __future__ import annotations

import sys

from basix_contract.cli._exits import OK
from basix_contract.cli._output import emit_text, emit_utf8, tell
from basix_contract.cli._progress import following
from basix_contract.cli._results import Show, deliver
from basix_contract.report import deliveries_json, deliveries_text
from basix_contract.suite import ReceiverOptions, preview_receiver, run_receiver


def run_conformance_receiver(options: ReceiverOptions, show: Show) -> int:
    """Return the exit code of a judged run; its report is written and its result is on stdout. Raises as the engine."""
    if sys.stderr.isatty():
        tell(f"delivering to {options.url or 'the URLs that are issued'} …")
    with following(options.report / "journal.ndjson"):
        result = run_receiver(options)
    return deliver(result, options.report, show)


def plan_conformance_receiver(options: ReceiverOptions, *, as_json: bool) -> int:
    """Show every delivery of a run; nothing is started, sent or written."""
    plan = preview_receiver(options)
    if as_json:
        emit_utf8(deliveries_json(plan))
    else:
        emit_text(deliveries_text(plan))
    return OK
