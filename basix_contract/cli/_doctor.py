"""`doctor`: what a newcomer needs, point by point; it begins with what can be missing before anything else works."""

from __future__ import annotations

import dataclasses
import importlib.util
import os
import platform
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from basix_contract.cli._exits import BAD_USAGE, OK, UNREACHABLE
from basix_contract.cli._output import emit_json, emit_text, printable
from basix_contract.errors import UsageError

if TYPE_CHECKING:
    from basix_contract.profile import Profile
    from basix_contract.suite import Point, ServerOptions

_NEEDED = (3, 11)
# What each extra brings; the base install is the client.
_EXTRAS = {
    "testing": ("jsonschema_rs", "pytest", "yaml", "respx", "starlette", "uvicorn"),
    "kit": ("cyclopts", "hypothesis", "jinja2", "openapi_core", "rich", "schemathesis"),
}
_FAR = ("target", "call_user", "callback route")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One thing that was looked at before the suite could be."""

    what: str
    health: str
    detail: str
    fix: str = ""


def run_doctor(target: str, profile: Path | None, *, as_json: bool) -> int:
    """Tell every point; return 0 where nothing is in the way, 3 where only the target or the way back is, else 2."""
    points: list[Found | Point] = [*_machine()]
    if all(point.health == "ok" for point in points):
        points += _run(target, profile)
    if as_json:
        emit_json([dataclasses.asdict(point) for point in points])
    else:
        emit_text(_text(points))
    bad = [point.what for point in points if point.health == "bad"]
    if not bad:
        return OK
    return UNREACHABLE if all(what in _FAR for what in bad) else BAD_USAGE


def _machine() -> Iterator[Found]:
    said, needed = platform.python_version(), ".".join(map(str, _NEEDED))
    if sys.version_info >= _NEEDED:
        yield Found(what="python", health="ok", detail=said)
    else:
        yield Found(what="python", health="bad", detail=f"{said} is too old", fix=f"use {needed} or newer")
    for extra, libraries in _EXTRAS.items():
        missing = [name for name in libraries if importlib.util.find_spec(name) is None]
        if missing:
            fix = f"pip install 'basix-contract[{extra}]'"
            yield Found(what=f"[{extra}]", health="bad", detail=f"missing: {', '.join(missing)}", fix=fix)
        else:
            yield Found(what=f"[{extra}]", health="ok", detail="all of it is installed")


def _run(target: str, file: Path | None) -> Iterator[Found | Point]:
    from basix_contract.profile import load_profile
    from basix_contract.suite import ServerOptions, examine, shipped_profile

    try:
        profile = load_profile(file or shipped_profile())
    except UsageError as error:
        yield Found(what="profile", health="bad", detail=str(error), fix=error.fix)
        return
    options = ServerOptions(target=target, profile=file)
    yield from _profile(profile, options)
    yield from examine(profile, options)


def _profile(profile: Profile, options: ServerOptions) -> Iterator[Found]:
    from basix_contract.profile import check_profile

    if options.profile is None:
        yield Found(what="profile", health="ok", detail="none is given: that of the mock PBX")
        return
    remarks = check_profile(profile, target=options.target, environ=os.environ)
    errors = [remark for remark in remarks if remark.severity == "error"]
    for remark in errors:
        yield Found(what="profile", health="bad", detail=f"{remark.key}: {remark.what}", fix=remark.fix)
    rows = {row for remark in remarks for row in remark.rows}
    if not errors:
        cost = f"; {len(rows)} requirements stay untested (profile check says why)" if rows else ""
        yield Found(what="profile", health="ok", detail=f"a run can be played from it{cost}")


def _text(points: Sequence[Found | Point]) -> str:
    width = max(len(point.what) for point in points)
    lines = []
    for point in points:
        lines.append(f"{point.health:<7}  {point.what:<{width}}  {printable(point.detail)}")
        lines += [f"{'':<{width + 9}}  {printable(point.fix)}"] if point.fix else []
    bad = sum(point.health == "bad" for point in points)
    unknown = sum(point.health == "unknown" for point in points)
    lines.append(f"no call was placed; {bad} in the way, {unknown} unknown")
    return "\n".join(lines) + "\n"
