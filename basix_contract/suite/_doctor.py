"""What stands in the way of a run: looked at from here, placing no call."""

from __future__ import annotations

import asyncio
import dataclasses
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Literal

from basix_contract.contract import load_document
from basix_contract.errors import GateRefusal, UsageError
from basix_contract.messages import Response, field_value
from basix_contract.profile import Sender, is_live, is_quiet, origin_of, try_connection, wall_clock
from basix_contract.suite._options import Target, given_target
from basix_contract.suite._receiver import Receiver
from basix_contract.suite._route import RouteProbe
from basix_contract.suite._run import gate_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from basix_contract.profile import Profile
    from basix_contract.suite._options import ServerOptions

Health = Literal["ok", "unknown", "bad"]

_MOST_SKEW_S = 5.0
_BEATS, _BEAT_S, _MOST_LAG_S = 20, 0.01, 0.2
_NOT_FOUND, _SERVER_ERROR = 404, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One thing that was looked at: what came of it, and what to do about it."""

    what: str
    health: Health
    detail: str
    fix: str = ""


def examine(profile: Profile, options: ServerOptions) -> tuple[Point, ...]:
    """Return what was found about this machine, the target and the way back; no call is placed."""
    return asyncio.run(_examine(profile, options))


async def _examine(profile: Profile, options: ServerOptions) -> tuple[Point, ...]:
    base_url = (options.target or profile.target.base_url).rstrip("/")
    points = [await _loop(), *_hours(profile, base_url)]
    if not base_url:
        points.append(Point(what="target", health="ok", detail="none is given: the kit starts its own mock PBX"))
        return (*points, *await _way_back(profile, base_url))
    points += _consent(profile, options)
    points += await _target(profile, options, base_url)
    return (*points, *await _way_back(profile, base_url))


# ── this machine ──


async def _loop() -> Point:
    """Tell how late this machine is: deadlines cannot be trusted on one that stands still."""
    worst_s = 0.0
    for _ in range(_BEATS):
        before = time.monotonic()
        await asyncio.sleep(_BEAT_S)
        worst_s = max(worst_s, time.monotonic() - before - _BEAT_S)
    if worst_s > _MOST_LAG_S:
        what = f"this machine was {worst_s:.1f} s late, so deadlines cannot be trusted"
        return Point(what="clock", health="bad", detail=what, fix="run it on a quieter machine")
    return Point(what="clock", health="ok", detail=f"at most {worst_s * 1000:.0f} ms late")


def _hours(profile: Profile, base_url: str) -> Iterator[Point]:
    live, now = profile.live, datetime.now(UTC)
    if not base_url or not is_live(profile, origin_of(base_url)[1]) or not live.quiet_hours or not live.time_zone:
        return
    told = f"it is {wall_clock(live, now)}, quiet hours are {live.quiet_hours}"
    if is_quiet(live, now):
        yield Point(what="quiet hours", health="bad", detail=told, fix="wait until they are over")
    else:
        yield Point(what="quiet hours", health="ok", detail=told)


# ── the target ──


def _consent(profile: Profile, options: ServerOptions) -> Iterator[Point]:
    try:
        given_target(profile, dataclasses.replace(options, live=True))
    except UsageError as error:
        yield Point(what="consent", health="bad", detail=error.what, fix=error.fix)
        return
    yield Point(what="consent", health="ok", detail="profile and credentials allow a run")


async def _target(profile: Profile, options: ServerOptions, base_url: str) -> tuple[Point, ...]:
    problem = await try_connection(base_url, ca_file=profile.target.ca_file, timeout_s=profile.target.reply_timeout_s)
    if problem:
        fix = "look at target.base_url, its name and port, and what is in between"
        return (Point(what="target", health="bad", detail=problem, fix=fix),)
    secured = ", its certificate is trusted" if base_url.startswith("https:") else ""
    return (
        Point(what="target", health="ok", detail=f"it takes connections{secured}"),
        *await _answer(profile, options, base_url),
    )


async def _answer(profile: Profile, options: ServerOptions, base_url: str) -> tuple[Point, ...]:
    """Ask by OPTIONS, without credentials and body: that names nobody, and nothing can ring."""
    target = Target(base_url=base_url, token="", is_remote=is_live(profile, origin_of(base_url)[1]))
    sender = Sender(gate_for(profile, target, options, ""), ca_file=profile.target.ca_file)
    url = base_url + load_document().operation_path
    try:
        outcome = await sender.send("OPTIONS", url, (), None, timeout_s=profile.target.reply_timeout_s)
    except GateRefusal as refusal:
        return (Point(what="call_user", health="unknown", detail=f"not asked: {refusal.what}", fix=refusal.fix),)
    finally:
        await sender.close()
    if not isinstance(outcome, Response):
        return (Point(what="call_user", health="bad", detail=f"no answer: {outcome.reason}"),)
    return _answered(outcome)


def _answered(reply: Response) -> tuple[Point, ...]:
    told = f"OPTIONS without credentials is answered with {reply.status}"
    if reply.status == _NOT_FOUND:
        fix = "look at target.base_url: /call_user is appended to it"
        return (Point(what="call_user", health="unknown", detail=f"{told}: is it there?", fix=fix), *_skew(reply))
    health: Health = "bad" if reply.status >= _SERVER_ERROR else "ok"
    return (Point(what="call_user", health=health, detail=told), *_skew(reply))


def _skew(reply: Response) -> Iterator[Point]:
    """Compare the clocks: quiet hours and records are read off this one."""
    try:
        theirs = parsedate_to_datetime(field_value(reply.headers, "date") or "")
        skew_s = (datetime.now(UTC) - theirs).total_seconds()
    except (TypeError, ValueError):
        yield Point(what="time of day", health="unknown", detail="the target does not say what time it is")
        return
    if abs(skew_s) > _MOST_SKEW_S:
        what = f"this machine and the target differ by {abs(skew_s):.0f} s"
        yield Point(what="time of day", health="unknown", detail=what, fix="set the clock of this machine")
    else:
        yield Point(what="time of day", health="ok", detail="this machine and the target agree")


# ── the way back ──


async def _way_back(profile: Profile, base_url: str) -> tuple[Point, ...]:
    is_here = not base_url or not is_live(profile, origin_of(base_url)[1])
    probe = RouteProbe(profile.callback, is_target_here=is_here)
    receiver = Receiver(profile.callback.listen, lambda request: 200 if probe.hear(request) else 404)
    try:
        await receiver.start()
    except UsageError as error:
        return (Point(what="receiver", health="bad", detail=error.what, fix=error.fix),)
    try:
        listening = Point(what="receiver", health="ok", detail=f"it can listen on {profile.callback.listen}")
        route = await probe.look()
    finally:
        await receiver.stop()
    health: dict[str, Health] = {"open": "ok", "unknown": "unknown", "closed": "bad"}
    fix = "" if route.state != "closed" else "without a way back callback requirements are not testable"
    return (listening, Point(what="callback route", health=health[route.state], detail=route.detail, fix=fix))
