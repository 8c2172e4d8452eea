"""`conformance server`: run the engine and deliver its result, or show the plan alone."""

from __future__ import annotations

import dataclasses
import sys

from basix_contract.cli._attendant import attendant
from basix_contract.cli._exits import OK
from basix_contract.cli._output import emit_text, emit_utf8, tell
from basix_contract.cli._progress import following
from basix_contract.cli._results import Show, deliver, ensure_kept
from basix_contract.errors import UsageError
from basix_contract.profile import load_profile
from basix_contract.report import plan_json, plan_text
from basix_contract.suite import ServerOptions, preview, run_server, shipped_profile


def run_conformance_server(options: ServerOptions, show: Show) -> int:
    """Return the exit code of a judged run; its report is written and its result is on stdout.

    Raises UsageError when it would overwrite the journal it resumes, and as the engine does.
    """
    if options.resume:
        ensure_kept(options.resume, options.report)
    if sys.stderr.isatty():
        tell(f"playing against {_place(options)} …")
    watched = dataclasses.replace(options, attendant=attendant(), tell=tell)
    with following(options.report / "journal.ndjson"):
        result = run_server(watched)
    return deliver(result, options.report, show)


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
    plan = dataclasses.replace(plan, target=_place(options))
    if as_json:
        emit_utf8(plan_json(plan, profile))
    else:
        emit_text(plan_text(plan, profile, reveals_numbers=reveals_numbers))
    return OK


def _place(options: ServerOptions) -> str:
    """Say where a run goes: to the target that is given, failing that to the profile's."""
    given = options.target or (options.profile and load_profile(options.profile).target.base_url)
    return given or "the embedded mock PBX"
