"""`bundle`, `claim`, `observe` and `verify` of a bundle: what a run has shown is kept, told and judged elsewhere."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from basix_contract.cli._exits import NOTHING_RAN, OK
from basix_contract.cli._output import complain, emit_text, emit_utf8, tell
from basix_contract.cli._results import Show, deliver, is_same_file
from basix_contract.errors import UsageError
from basix_contract.mock import write_likeness
from basix_contract.report import file_of_run, read_behaviour
from basix_contract.report.evidence import (
    Bundle,
    Claimant,
    claim_of,
    ensure_claim,
    read_bundle,
    rejudged,
    render_claim,
    why_no_claim,
    write_bundle,
)
from basix_contract.suite import RunResult

_JOURNAL = "journal.ndjson"
_MOST_NAMED = 12


def bundle_run(run: Path, output: Path | None) -> int:
    """Write the evidence of a run into one file, and say what stands in it."""
    journal = file_of_run(run, _JOURNAL)
    place = output or journal.parent / "evidence.zip"
    if is_same_file(place, journal):
        raise UsageError("the bundle would overwrite its journal", where="--output", fix="choose another file")
    bundle = write_bundle(journal, place)
    with rejudged(bundle) as again:
        emit_text(_told(bundle, again.result))
    return OK


def _told(bundle: Bundle, result: RunResult) -> str:
    refused = why_no_claim(result, bundle.run)
    lines = [
        f"{bundle.path}  {bundle.size:,} bytes: {', '.join(sorted(bundle.members))}",
        f"sha256  {bundle.sha256}",
        f"{result.verdict} · contract {result.contract} · kit {result.kit} · seed {result.seed} · {result.target}",
        f"no claim can be made from it: {refused}" if refused else "a claim can be made from it: basix-contract claim",
    ]
    return "".join(f"{line}\n" for line in lines)


def claim_from(path: Path, claimant: Claimant, output: Path) -> int:
    """Write the claim that a bundle bears out; 6 where its run is not complete, and nothing is written then."""
    empty = [name for name in ("implementation", "version") if not getattr(claimant, name).strip()]
    if empty:
        raise UsageError(f"a claim names its {empty[0]}", where=f"--{empty[0]}", fix="give it")
    bundle = read_bundle(path)
    with rejudged(bundle) as again:
        refused = why_no_claim(again.result, bundle.run)
        claim = {} if refused else claim_of(bundle, again.result, claimant)
    if refused:
        complain(f"{path}: no claim can be made from this run: {refused}")
        return NOTHING_RAN
    _write(output, render_claim(claim), "claim")
    scores = ", ".join(f"{claim[level]['passed']}/{claim[level]['scored']} {level}" for level in ("MUST", "SHOULD"))
    emit_text(
        f"{output}\n{claim['implementation']} {claim['version']}, {claim['role']}: {claim['verdict']} · "
        f"contract {claim['contract']} · {scores}\n"
    )
    return OK


def observe_run(run: Path, output: Path | None) -> int:
    """Tell how the server of a run behaved: on stdout, or in a file."""
    text = write_likeness(read_behaviour(run))
    if output is None:
        emit_utf8(text.encode())
    else:
        _write(output, text.encode(), "file")
        emit_text(f"{output}\nbasix-contract mock --like {shlex.quote(str(output))} behaves like that\n")
    return OK


def _write(path: Path, content: bytes, what: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise UsageError(f"the {what} cannot be written: {error.strerror}", where=str(path)) from None


def verify_bundle(path: Path, report: Path | None, claim: Path | None, show: Show) -> int:
    """Return the exit code of a bundle's run, judged again here; an altered bundle is never judged."""
    bundle = read_bundle(path)
    with rejudged(bundle) as again:
        if claim is not None:
            ensure_claim(claim, bundle, again.result)
        code = deliver(again.result, report, lambda result, files: show(result, _lasting(bundle, result, files)))
    tell(f"unaltered: {path} is as it was made, sha256 {bundle.sha256}")
    if again.otherwise:
        named = ", ".join(again.otherwise[:_MOST_NAMED])
        tell(f"this kit judges otherwise than the one that made it: {named}")
    return code


def _lasting(bundle: Bundle, result: RunResult, files: Sequence[Path]) -> tuple[Path, ...]:
    """Name the files that are still there afterwards: the bundle in place of the journal that was taken out of it."""
    return (*(file for file in files if file != result.journal), bundle.path)
