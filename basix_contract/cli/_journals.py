"""`verify`, `replay` and `diff`: what an earlier run has left is judged, played or compared again."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from basix_contract.cli._evidence import verify_bundle
from basix_contract.cli._exits import NOT_CONFORMING, OK
from basix_contract.cli._output import emit_text, emit_utf8
from basix_contract.cli._results import Show, deliver, ensure_kept, show_json
from basix_contract.errors import UsageError
from basix_contract.profile import load_profile
from basix_contract.report import compare, compare_behaviour, comparison_json, comparison_text, read_run, replay_text
from basix_contract.report.evidence import is_bundle
from basix_contract.suite import RunResult, ServerOptions, conclude, replay


def verify_run(path: Path, report: Path | None, claim: Path | None, show: Show) -> int:
    """Return the exit code that the run of this journal or bundle had; its result is on stdout again.

    Raises EvidenceAltered for a bundle that is not as it was made, or does not bear the claim out.
    """
    if is_bundle(path):
        return verify_bundle(path, report, claim, show)
    if claim is not None:
        raise UsageError(
            "a claim is held against a bundle, and this is none",
            where=str(path),
            fix="give the bundle that the claim was made from",
        )
    return deliver(conclude(path), report, show)


def replay_exchange(exchange: str, journal: Path, options: ServerOptions, *, as_json: bool) -> int:
    """Play one exchange of a journal again, and show it in full; its own journal and report are in the folder.

    Where no target is given it goes where the journal's run went, never unasked to the embedded mock PBX.
    Raises UsageError when it would overwrite the journal it reads, and as the engine does.
    """
    ensure_kept(journal, options.report)
    earlier = conclude(journal)
    if earlier.role != "server":
        raise UsageError(
            f"this is the journal of a {earlier.role}'s run, and runs against servers alone are replayed",
            where=str(journal),
            fix=f"run it again: conformance {earlier.role} --only CU-…",
        )
    result = replay(_exchange_of(earlier, exchange), journal, _where_it_went(earlier, options))
    return deliver(result, options.report, show_json if as_json else _beside(earlier))


def _beside(earlier: RunResult) -> Show:
    verdicts = {row.id: row.verdict for row in earlier.requirements}
    return lambda result, files: emit_text(replay_text(result, verdicts, files=files))


def _exchange_of(earlier: RunResult, name: str) -> str:
    """Return the exchange of this name, or the one whose callback bears it: reports name both as evidence."""
    if earlier.history.by_id(name) is not None:
        return name
    owners = (exchange for exchange, callback in earlier.history.callbacks() if callback.id == name)
    return next((owner.id for owner in owners), name)


def _where_it_went(earlier: RunResult, options: ServerOptions) -> ServerOptions:
    has_target = options.target or (options.profile and load_profile(options.profile).target.base_url)
    if has_target or not earlier.target.startswith(("http://", "https://")):
        return options
    return dataclasses.replace(options, target=earlier.target)


def diff_runs(before: Path, after: Path, *, as_json: bool) -> int:
    """Return 0 when nothing got worse between two runs, 1 otherwise; what changed is on stdout."""
    comparison = compare(read_run(before), read_run(after), compare_behaviour(before, after))
    if as_json:
        emit_utf8(comparison_json(comparison))
    else:
        emit_text(comparison_text(comparison))
    return NOT_CONFORMING if comparison.has_worsened else OK
