"""Remarks on where a profile leads: target, sign-in, consent, callbacks, limits."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from basix_contract.profile._hosts import is_live, is_loopback
from basix_contract.profile._remarks import Remark, advice, error

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from basix_contract.profile._model import Callback, Live, Profile, Target

_RESERVED = (".example", ".invalid", ".test", ".example.com", ".example.org", ".example.net")
_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - recognised here, never listened on


def remarks_on_target(profile: Profile, base_url: str, environ: Mapping[str, str] | None) -> Iterator[Remark]:
    """Yield what stands in the way of reaching `base_url`, and what the run would cost."""
    if not base_url:
        yield advice("target.base_url", "there is no target: the kit plays its own mock PBX", "give a URL, or --target")
        return
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    is_remote = is_live(profile, host)
    if f".{host}".endswith(_RESERVED):
        yield error("target.base_url", "the host is a placeholder that exists nowhere", "give the host of your PBX")
    yield from _sign_in(profile.target, environ, is_remote=is_remote)
    if is_remote and profile.target.has_no_telephones:
        yield error(
            "target.has_no_telephones",
            "that is taken on trust for this machine only",
            "leave it out: what is drawn then comes from the profile",
        )
    if is_remote:
        yield from _consent(profile.live, host, parts.scheme)
        yield from _hours(profile.live)
        yield from _endless(profile)
        yield from _slow(profile)
    yield from _limits(profile, is_remote=is_remote)
    yield from _callbacks(profile.callback, is_remote=is_remote, is_tunnel=is_remote and is_loopback(host))


def _sign_in(target: Target, environ: Mapping[str, str] | None, *, is_remote: bool) -> Iterator[Remark]:
    if not target.domain:
        yield error("target.domain", "it is empty: nobody can sign in", "give the domain of the PBX")
    if target.token and is_remote:
        yield error("target.token", "a token in a file is taken for this machine only", "use token_env")
    elif not (target.token or target.token_env):
        yield error("target.token_env", "there is no API token", "name the environment variable that holds it")
    elif target.token_env and environ is not None and not environ.get(target.token_env):
        yield error("target.token_env", "the environment variable it names is empty", "set it before the run")


def _consent(live: Live, host: str, scheme: str) -> Iterator[Remark]:
    if live.consent != host:
        yield error(
            "live.consent",
            "the target could ring real telephones",
            "write its host there once you may call it",
        )
    if scheme != "https" and not is_loopback(host):
        yield error("target.base_url", "the token would travel in the clear", "give an https:// URL")


def _hours(live: Live) -> Iterator[Remark]:
    if live.quiet_hours and not live.time_zone:
        yield error(
            "live.time_zone", "nobody can tell when it is night where the telephones are", "write it as Asia/Tokyo"
        )
    elif not live.quiet_hours:
        yield advice("live.quiet_hours", "telephones may ring at any hour", "write it as 20:00-08:00")


def _slow(profile: Profile) -> Iterator[Remark]:
    for number, user in enumerate(profile.users):
        if user.outcome != "never-answers" and user.outcome_after_s >= profile.live.longest_ring_s:
            yield error(
                f"users[{number}].outcome_after_s",
                "by then the call has ended, for live.longest_ring_s is no longer",
                "have it quicker, or let calls ring longer",
            )


def _endless(profile: Profile) -> Iterator[Remark]:
    for number, row in enumerate(profile.destinations):
        if row.ends_after_s is None:
            yield error(
                f"destinations[{number}].ends_after_s",
                "nobody can tell how long an answered call there lasts",
                "give the seconds after which it is over, by itself or ended by a person",
            )
        if not (row.ends_by_itself or profile.live.attended):
            yield error(
                f"destinations[{number}].ends_by_itself",
                "an answered call can last for hours, and the contract has no way to end it",
                "set it to true where calls end by themselves, or set [live] attended = true",
            )


def _limits(profile: Profile, *, is_remote: bool) -> Iterator[Remark]:
    most = profile.limits.max_calls
    if most == 0:
        yield error("limits.max_calls", "no call may be placed, so nothing can be judged", "allow some calls")
    elif most is None and is_remote:
        yield error("limits.max_calls", "a target that is not this machine needs a call budget", "set it")
    elif most is None:
        yield advice("limits.max_calls", "at most 300 calls are placed", "set it if you want more or fewer")


def _callbacks(callback: Callback, *, is_remote: bool, is_tunnel: bool) -> Iterator[Remark]:
    host, _, port = callback.listen.rpartition(":")
    public = urlsplit(callback.public_url)
    if not callback.public_url:
        if host.strip("[]") in _EVERYWHERE:
            yield error(
                "callback.public_url", "the target cannot be told where to call back", "give the URL it can reach"
            )
        elif is_remote and is_loopback(host.strip("[]") or "127.0.0.1"):
            yield error(
                "callback.public_url",
                "the target cannot reach this machine's loopback address, so no callback can be judged",
                "give the URL under which it reaches callback.listen",
            )
        return
    if is_remote and is_loopback(public.hostname or "") and not is_tunnel:
        yield error("callback.public_url", "for the target that address is its own machine", "give one it can reach")
    if port == "0" and public.port is not None:
        yield error("callback.listen", "port 0 takes another port each run than public_url says", "give a fixed port")
