"""What a run is asked to do, and the target that comes of it once every doubt is settled."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from basix_contract.errors import UsageError
from basix_contract.mock import MockServer
from basix_contract.profile import is_live, is_loopback, is_quiet, load_profile, origin_of, wall_clock
from basix_contract.suite._files import shipped_profile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from basix_contract.profile import Profile
    from basix_contract.suite._people import Attendant


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerOptions:
    """The options of the server role; an empty `target` means the profile's, and failing that the embedded mock.

    `attendant` is the person at the terminal, if there is one; `tell` is told about the work, a line at a time.
    """

    target: str = ""
    profile: str | Path | None = None
    seed: int = 0
    report: Path = Path("build/conformance/server")
    only: tuple[str, ...] = ()
    known_failing: str | Path | None = None
    max_calls: int | None = None
    live: bool = False
    resume: Path | None = None
    defects: tuple[str, ...] = ()
    attendant: Attendant | None = None
    tell: Callable[[str], None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a run goes. `is_embedded`: the kit's own mock PBX; `is_remote`: real telephones may be behind it."""

    base_url: str
    token: str
    is_embedded: bool = False
    is_remote: bool = False


def read_profile(options: ServerOptions) -> Profile:
    """Return the profile asked for, or the embedded mock's own; errors as for `load_profile`."""
    return load_profile(options.profile or shipped_profile())


@contextlib.contextmanager
def open_target(profile: Profile, options: ServerOptions) -> Iterator[Target]:
    """Settle where the run goes; starts the embedded mock PBX when no target is given.

    Raises UsageError for every doubt: no profile, no token, and where real telephones may ring anything short of full
    consent, at a fit hour.
    """
    if not (options.target or profile.target.base_url):
        with MockServer(profile, defects=options.defects, seed=options.seed) as mock:
            yield Target(base_url=mock.base_url, token=profile.target.token, is_embedded=True)
        return
    yield given_target(profile, options)


def given_target(profile: Profile, options: ServerOptions) -> Target:
    """Settle a target that is not the embedded mock; starts and sends nothing. Errors as for `open_target`."""
    base_url = (options.target or profile.target.base_url).rstrip("/")
    scheme, host, _ = origin_of(base_url)
    if options.profile is None:
        raise UsageError("a given target is played from a profile only", where="--target", fix="add --profile FILE")
    is_remote = is_live(profile, host)
    if is_remote:
        _ensure_consent(profile, scheme, host, has_live=options.live)
    return Target(base_url=base_url, token=_token(profile, is_remote=not is_loopback(host)), is_remote=is_remote)


def _ensure_consent(profile: Profile, scheme: str, host: str, *, has_live: bool) -> None:
    """Hold the conditions under which a target behind which real telephones ring may be called."""
    live, now = profile.live, datetime.now(UTC)
    is_here = is_loopback(host)
    said = f"{host} {'leads to' if is_here else 'is not this machine and could ring'} real telephones"
    conditions = (
        (live.consent == host, "the profile does not consent to it", f'set [live] consent = "{host}"'),
        (has_live, "--live is missing", "add --live once you have read the output of --plan"),
        (profile.limits.max_calls is not None, "the profile gives no call budget", "set [limits] max_calls"),
        (is_here or scheme == "https", "it is not reached by https", "give an https:// URL"),
        (
            not profile.target.has_no_telephones,
            "the profile says nothing rings behind it",
            "take has_no_telephones out",
        ),
        (
            bool(live.time_zone) or not live.quiet_hours,
            "nobody can tell when it is night there",
            'set [live] time_zone = "Asia/Tokyo" or what it is',
        ),
        (
            not is_quiet(live, now),
            f"it is {wall_clock(live, now)} there, within the quiet hours {live.quiet_hours}",
            "wait until they are over",
        ),
    )
    for is_met, what, fix in conditions:
        if not is_met:
            raise UsageError(f"{said}: {what}", where="--target", fix=fix)


def _token(profile: Profile, *, is_remote: bool) -> str:
    if profile.target.token and is_remote:
        raise UsageError(
            "a token in the profile is taken for a loopback target only", where="target.token", fix="use token_env"
        )
    name = profile.target.token_env
    token = os.environ.get(name, "") if name else profile.target.token
    if not token:
        where = f"the environment variable {name}" if name else "target.token"
        raise UsageError(
            f"there is no API token: {where} is empty", where="profile", fix="set it, or name another token_env"
        )
    return token
