"""`conformance server`: run the engine and deliver its result, or show the plan alone."""

from __future__ import annotations

import dataclasses
import sys

from basix_contract.cli._exits import OK
from basix_contract.cli._output import emit_text, emit_utf8, tell
from basix_contract.cli._results import Show, deliver
from basix_contract.errors import UsageError
from basix_contract.profile import load_profile
from basix_contract.report import plan_json, plan_text
from basix_contract.suite import ServerOptions, preview, run_server, shipped_profile

_MOCK = "the embedded mock PBX"


def run_conformance_server(options: ServerOptions, show: Show) -> int:
    """Return the exit code of a judged run; its report is written and its result is on stdout."""
    if sys.stderr.isatty():
        tell(f"playing against {options.target or _MOCK} …")
    return deliver(run_server(options), options.report, show)


def plan_conformance_server(options: ServerOptions, *, as_json: bool, reveals_numbers: bool) -> int:
    """Show every request of a run; nothing is started, sent or written.

    Raises UsageError as the run would, but for `--live`, which is asked for once the plan has been read.
    """
    if reveals_numbers and not sys.stdout.isatty():
        raise UsageError(
            "numbers are shown to a terminal only, and stdout is none", where="--reveal", fix="leave --reveal out"
        )
    profile = load_profile(options.profile or shipped_profile())
    plan = preview(dataclasses.replace(options, live=True), reveal=reveals_numbers)
    if not (options.target or profile.target.base_url):
        plan = dataclasses.replace(plan, target=_MOCK)
    if as_json:
        emit_utf8(plan_json(plan, profile))
    else:
        emit_text(plan_text(plan, profile, reveals_numbers=reveals_numbers))
    return OK
