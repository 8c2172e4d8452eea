"""What a run is asked to do, and the target that comes of it once every doubt is settled."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from basix_contract.errors import UsageError
from basix_contract.mock import MockServer
from basix_contract.profile import is_loopback, load_profile, origin_of
from basix_contract.suite._files import shipped_profile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from basix_contract.profile import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerOptions:
    """The options of the server role; an empty `target` means the profile's, and failing that the embedded mock."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a run goes. `is_embedded`: the kit's own mock PBX; `is_remote`: real telephones may ring."""

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

    Raises UsageError for every doubt: no profile, no token, and without full consent any host but this machine.
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
    if not is_loopback(host):
        _ensure_consent(profile, scheme, host, is_live=options.live)
    return Target(
        base_url=base_url, token=_token(profile, is_remote=not is_loopback(host)), is_remote=not is_loopback(host)
    )


def _ensure_consent(profile: Profile, scheme: str, host: str, *, is_live: bool) -> None:
    """Hold the four conditions under which a host that is not this machine may be called."""
    conditions = (
        (profile.live.consent == host, "the profile does not consent to it", f'set [live] consent = "{host}"'),
        (is_live, "--live is missing", "add --live once you have read the output of --plan"),
        (profile.limits.max_calls is not None, "the profile gives no call budget", "set [limits] max_calls"),
        (scheme == "https", "it is not reached by https", "give an https:// URL"),
    )
    for is_met, what, fix in conditions:
        if not is_met:
            raise UsageError(
                f"{host} is not this machine and could ring real telephones: {what}", where="--target", fix=fix
            )


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
