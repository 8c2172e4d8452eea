"""Evidence of a run in one file: its journal, and all that follows from the journal.

Nothing but the journal is taken from the run's folder. The other members are made from it, and made again when a bundle
is judged: one that was put together by hand from a journal and somebody else's report is found out.
"""

from __future__ import annotations

import contextlib
import hashlib
import html
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from basix_contract._version import __version__
from basix_contract.errors import EvidenceAltered, UsageError
from basix_contract.report._files import write_report
from basix_contract.report.evidence._pack import looks_like_bundle, pack, unpack
from basix_contract.suite import RunResult, conclude, kit_signature

JOURNAL, REPORT, _RUN, _PROFILE = "journal.ndjson", "report.json", "run.json", "profile.json"
_APART = ("event", "profile", "signatures", "environment")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A bundle that is as it was made; `run` says what was run, and with what."""

    path: Path
    sha256: str
    size: int
    members: Mapping[str, bytes] = field(repr=False)
    run: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejudged:
    """A bundle's run, judged again here; `otherwise` are the requirements this kit judges in another way."""

    result: RunResult
    otherwise: tuple[str, ...]


def is_bundle(path: Path) -> bool:
    """Tell whether a file is a bundle, be it altered; a file that cannot be read is none."""
    try:
        return looks_like_bundle(path.read_bytes())
    except OSError:
        return False


def write_bundle(journal: Path, output: Path) -> Bundle:
    """Write the evidence of a run, told by its journal, into one file; the same journal gives the same bytes.

    Raises UsageError when the journal is none, does not say where it comes from, or nothing can be written.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, JOURNAL)
        try:
            content = journal.read_bytes()
        except OSError as error:
            raise UsageError(f"the journal cannot be read: {error.strerror}", where=str(journal)) from None
        copy.write_bytes(content)
        try:
            result = conclude(copy)
        except UsageError as error:
            raise UsageError(error.what, where=str(journal), fix=error.fix) from None
        members = _members(content, result, _made_by(), str(journal))
    packed = pack(members)
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_bytes(packed)
    except OSError as error:
        raise UsageError(f"the bundle cannot be written: {error.strerror}", where=str(output)) from None
    return read_bundle(output)


def read_bundle(path: Path) -> Bundle:
    """Return a bundle that is as it was made; raises EvidenceAltered when it is not, UsageError when it is none."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise UsageError(f"the bundle cannot be read: {error.strerror}", where=str(path)) from None
    if not looks_like_bundle(raw):
        raise UsageError("this is no bundle", where=str(path), fix="make one with `basix-contract bundle`")
    members = unpack(raw, str(path))
    lacking = [f"{name} is missing" for name in (JOURNAL, REPORT, _RUN, _PROFILE) if name not in members]
    if lacking:
        raise EvidenceAltered(str(path), tuple(lacking))
    return Bundle(
        path=path,
        sha256=hashlib.sha256(raw).hexdigest(),
        size=len(raw),
        members=members,
        run=_object(members[_RUN], str(path)),
    )


@contextlib.contextmanager
def rejudged(bundle: Bundle) -> Iterator[Rejudged]:
    """Judge a bundle's run again, offline; its journal is at `result.journal` for as long as the block lasts.

    Raises EvidenceAltered when something in it does not follow from the journal.
    """
    place = str(bundle.path)
    with tempfile.TemporaryDirectory() as folder:
        journal = Path(folder, JOURNAL)
        journal.write_bytes(bundle.members[JOURNAL])
        try:
            result = conclude(journal)
        except UsageError as error:
            raise EvidenceAltered(place, (f"{JOURNAL}: {error.what}",)) from None
        made_by = bundle.run.get("made_by")
        again = _members(bundle.members[JOURNAL], result, made_by, place)
        compared = again if made_by == _made_by() else {name: again[name] for name in (_RUN, _PROFILE)}
        strange = [f"{name} does not follow from its journal" for name in compared if _differ(name, bundle, again)]
        strange += [
            f"{name} does not belong in it" for name in bundle.members if compared is again and name not in again
        ]
        if strange:
            raise EvidenceAltered(place, tuple(strange))
        yield Rejudged(result=result, otherwise=_otherwise(bundle, again))


def _differ(name: str, bundle: Bundle, again: Mapping[str, bytes]) -> bool:
    return bundle.members.get(name) != again[name]


def _made_by() -> dict[str, str]:
    return {"kit": __version__, "signature": kit_signature()}


def _members(journal: bytes, result: RunResult, made_by: object, place: str) -> dict[str, bytes]:
    """Return all that a bundle holds besides its manifest; everything follows from the journal."""
    head = _head(journal)
    if not all(isinstance(head.get(name), dict) for name in ("signatures", "environment")):
        raise UsageError(
            "this journal does not say which kit, contract and profile it comes from",
            where=place,
            fix="run again with this version of the kit",
        )
    run = {name: value for name, value in head.items() if name not in _APART}
    run |= {"ending": result.ending, "signatures": head["signatures"], "environment": head["environment"]}
    folder = result.journal.parent
    reports = {path.name: _placeless(path.read_bytes(), folder) for path in write_report(result, folder)}
    return {
        JOURNAL: journal,
        _RUN: _json({**run, "made_by": made_by}),
        _PROFILE: _json(head.get("profile")),
        **reports,
    }


def _placeless(content: bytes, folder: Path) -> bytes:
    """Return a view of the run in which the journal is named as in the bundle, and not by where it was judged."""
    place = f"{folder}{os.sep}"
    for spelt in {place, html.escape(place), json.dumps(place)[1:-1]}:
        content = content.replace(spelt.encode("utf-8", "surrogateescape"), b"")
    return content


def _head(journal: bytes) -> dict[str, Any]:
    """Return the event that begins a run; a journal that could be judged has one."""
    events = (json.loads(line) for line in journal.split(b"\n") if line)
    return next(event for event in events if event["event"] == "run")


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "backslashreplace")


def _object(raw: bytes, place: str) -> dict[str, Any]:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise EvidenceAltered(place, (f"{_RUN} is no JSON object",))
    return value


def _otherwise(bundle: Bundle, again: Mapping[str, bytes]) -> tuple[str, ...]:
    then, now = (
        {row["id"]: row["verdict"] for row in json.loads(raw)["requirements"]}
        for raw in (bundle.members[REPORT], again[REPORT])
    )
    return tuple(id_ for id_ in {**then, **now} if then.get(id_) != now.get(id_))
