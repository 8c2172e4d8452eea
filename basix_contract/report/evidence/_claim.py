"""A claim: what an implementation may say of itself, made from the evidence of a complete run and from nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from basix_contract.errors import EvidenceAltered, UsageError
from basix_contract.report.evidence._bundle import Bundle
from basix_contract.suite import RunResult

_FORMAT = 1
_OUT_OF_SCORE = ("disabled", "not-applicable")
_UNJUDGED = ("ambiguous", "disabled", "needs-review", "harness-error")
_OWN_MOCK = "the embedded mock PBX"
_NO_RESULT = ("partial", "hollow", "harness-error")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimant:
    """Who claims: the implementation, its version, and where to read about it."""

    implementation: str
    version: str
    url: str = ""


def why_no_claim(result: RunResult, run: Mapping[str, Any]) -> str:
    """Return why nothing can be claimed from a run; empty where it is complete.

    A run that found failures is complete: what it claims is that the implementation does not conform.
    """
    reasons: tuple[tuple[bool, Callable[[], str]], ...] = (
        (result.ending != "complete", lambda: f"the run ended early: {result.ending}"),
        (result.target == _OWN_MOCK, lambda: "the kit was played against its own mock PBX"),
        (bool(run.get("replay")), lambda: "it is the replay of one case"),
        (bool(run.get("only")), lambda: "only some requirements were asked for"),
        (result.verdict in _NO_RESULT, lambda: f"the run is {result.verdict}: {result.reason}"),
        (result.executed < result.planned, lambda: f"{result.executed} of {result.planned} scenarios were played"),
        (any(_unjudged(result)), lambda: f"nothing can be said of {', '.join(_unjudged(result))}"),
    )
    return next((reason() for holds, reason in reasons if holds), "")


def _unjudged(result: RunResult) -> Iterator[str]:
    """Yield the MUST rows that nothing can be said of; one that stands behind a broken row is not among them."""
    for row in result.requirements:
        is_behind = row.detail.startswith("because CU-")
        if row.level == "MUST" and (row.verdict in _UNJUDGED or (row.verdict == "not-testable" and not is_behind)):
            yield row.id


def claim_of(bundle: Bundle, result: RunResult, claimant: Claimant) -> dict[str, Any]:
    """Return the claim as the members of a JSON object; the run must be one that `why_no_claim` has nothing against."""
    run = bundle.run
    return {
        "basix_claim": _FORMAT,
        "implementation": claimant.implementation,
        "version": claimant.version,
        "url": claimant.url,
        "role": result.role,
        "contract": result.contract,
        "verdict": result.verdict,
        **{level: _score(result, level) for level in ("MUST", "SHOULD")},
        "not_applicable": [row.id for row in result.requirements if row.verdict == "not-applicable"],
        "known_failing": [row.id for row in result.requirements if row.verdict == "known-failing"],
        "kit": result.kit,
        "seed": result.seed,
        "started": run.get("started", ""),
        "signatures": run.get("signatures", {}),
        "evidence": {"sha256": bundle.sha256, "bytes": bundle.size},
        "reproduce": _reproduce(result),
    }


def _score(result: RunResult, level: str) -> dict[str, Any]:
    scored = [row for row in result.requirements if row.level == level and row.verdict not in _OUT_OF_SCORE]
    return {
        "passed": sum(row.verdict == "pass" for row in scored),
        "scored": len(scored),
        "not_passed": {row.id: row.verdict for row in scored if row.verdict != "pass"},
    }


_HOW: Mapping[str, str] = {
    "server": "basix-contract conformance server --target URL --profile my-pbx.toml --seed {seed}",
    "client": "basix-contract conformance client --seed {seed} -- COMMAND",
    "receiver": "basix-contract conformance receiver --url URL --seed {seed}",
}


def _reproduce(result: RunResult) -> list[str]:
    prepare = ["basix-contract profile init my-pbx.toml --base-url URL"] if result.role == "server" else []
    return [
        f"pip install 'basix-contract[kit]=={result.kit}'",
        *prepare,
        _HOW[result.role].format(seed=result.seed),
        "basix-contract verify EVIDENCE --claim CLAIM",
    ]


def render_claim(claim: Mapping[str, Any]) -> bytes:
    """Return a claim as the text of its file."""
    return (json.dumps(claim, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "backslashreplace")


def ensure_claim(path: Path, bundle: Bundle, result: RunResult) -> None:
    """Raise EvidenceAltered unless a claim says what this evidence shows, UsageError when the file is no claim."""
    try:
        claim = json.loads(path.read_text("utf-8"))
        claimant = Claimant(implementation=claim["implementation"], version=claim["version"], url=claim["url"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise UsageError("this is no claim", where=str(path), fix="make one with `basix-contract claim`") from None
    shown = claim_of(bundle, result, claimant)
    strange = [
        f"the claim says otherwise of {name}" for name in {**shown, **claim} if claim.get(name) != shown.get(name)
    ]
    refused = why_no_claim(result, bundle.run)
    if strange or refused:
        raise EvidenceAltered(str(bundle.path), (*strange, *([f"no claim can be made: {refused}"] if refused else [])))
