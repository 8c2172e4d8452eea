"""Where the PBX is and how to sign in: an argument counts before the environment, that before the profile."""

from __future__ import annotations

import base64
import math
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from basix_contract._version import __version__
from basix_contract.errors import UsageError

if TYPE_CHECKING:
    from basix_contract.profile import Profile, Target

CONNECT_TIMEOUT_S = 5.0
REPLY_TIMEOUT_S = 30.0
_SCHEMES = ("http", "https")
_FIX = "give a URL such as https://pbx.example/basix/api"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a client works with; the credentials are in none of its texts."""

    base_url: str
    domain: str
    ca_file: str
    connect_timeout_s: float
    reply_timeout_s: float
    _authorization: str = field(repr=False)

    @property
    def is_https(self) -> bool:
        """Tell whether the connection is protected by TLS."""
        return self.base_url.startswith("https:")

    @property
    def origin(self) -> str:
        """The scheme, host and port of the PBX."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def longest_s(self) -> float:
        """The longest an exchange may take as a whole, in seconds."""
        return self.connect_timeout_s + self.reply_timeout_s

    @property
    def timeouts(self) -> dict[str, float]:
        """The longest wait for each step, in seconds, as httpx takes it."""
        connect_s, reply_s = self.connect_timeout_s, self.reply_timeout_s
        return {"connect": connect_s, "pool": connect_s, "read": reply_s, "write": reply_s}

    def headers(self, media_type: str) -> list[tuple[str, str]]:
        """Return the fields of a request.

        No connection is used twice: of a kept one that the PBX has just closed nobody can tell whether it still took
        the request.
        """
        return [
            ("Authorization", self._authorization),
            ("Content-Type", media_type),
            ("Accept", media_type),
            ("Accept-Encoding", "identity"),
            ("Connection", "close"),
            ("User-Agent", f"basix-contract/{__version__}"),
        ]


def settings_of(
    *,
    domain: str | None,
    token: str | None,
    base_url: str | None,
    profile: str | Path | Profile | None,
    connect_timeout_s: float,
    reply_timeout_s: float | None,
) -> Settings:
    """Return the settings that follow from the arguments of a client.

    Raises UsageError naming what is missing or wrong, never its value.
    """
    target = _target(profile)
    usual_s = target.reply_timeout_s if target else REPLY_TIMEOUT_S
    url = _checked_url(_first("base_url", base_url, "BASIX_BASE_URL", lambda: target.base_url if target else ""))
    name = _first("domain", domain, "BASIX_DOMAIN", lambda: target.domain if target else "")
    secret = _first("token", token, "BASIX_API_TOKEN", lambda: _token(target, url) if target else "")
    return Settings(
        base_url=url,
        domain=name,
        ca_file=target.ca_file if target else "",
        connect_timeout_s=_duration("connect_timeout_s", connect_timeout_s),
        reply_timeout_s=_duration("reply_timeout_s", usual_s if reply_timeout_s is None else reply_timeout_s),
        _authorization=_basic(name, secret),
    )


def _target(profile: str | Path | Profile | None) -> Target | None:
    if profile is None:
        return None
    from basix_contract.profile import load_profile  # noqa: PLC0415 - only who has a profile waits for its room to load

    return (load_profile(profile) if isinstance(profile, str | Path) else profile).target


def _first(name: str, argument: str | None, variable: str, of_profile: Callable[[], str]) -> str:
    value = argument if argument is not None else os.environ.get(variable) or of_profile()
    if not value:
        raise UsageError(f"there is no {name}", where="client", fix=f"give {name}=… or set {variable}")
    return value


def _token(target: Target, url: str) -> str:
    """Take a token that stands in a file for this machine only, as everywhere."""
    from basix_contract.profile import is_loopback  # noqa: PLC0415 - loaded with the profile

    if target.token_env:
        return os.environ.get(target.token_env, "")
    if target.token and not is_loopback(urlsplit(url).hostname or ""):
        raise UsageError(
            "a token in a profile is taken for this machine only", where="target.token", fix="use token_env"
        )
    return target.token


def _checked_url(url: str) -> str:
    if not _is_whole(url):
        raise UsageError("it must begin with http:// or https:// and name a host", where="base_url", fix=_FIX)
    if "@" in urlsplit(url).netloc:
        raise UsageError("it must not hold credentials", where="base_url", fix="give domain and token by themselves")
    if "?" in url or "#" in url:
        raise UsageError("it must hold no query and no fragment", where="base_url", fix=_FIX)
    return url.rstrip("/")


def _is_whole(url: str) -> bool:
    try:
        parts = urlsplit(url)
        names_host = parts.scheme in _SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return names_host and url.isascii() and url.isprintable() and " " not in url


def _basic(domain: str, token: str) -> str:
    """Write the credentials for HTTP Basic, in UTF-8 (RFC 7617)."""
    if ":" in domain:
        raise UsageError("it must not hold a colon", where="domain", fix="give the domain's name alone")
    for name, text in (("domain", domain), ("token", token)):
        if any(letter < " " or letter == "\x7f" for letter in text):
            raise UsageError("it must not hold control characters", where=name, fix="look for a line break in it")
    try:
        return "Basic " + base64.b64encode(f"{domain}:{token}".encode()).decode()
    except UnicodeEncodeError:
        raise UsageError("it holds half of a character", where="domain or token", fix="give it anew") from None


def _duration(name: str, seconds: Any) -> float:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds < math.inf:
        raise UsageError("it must be a number of seconds, more than 0", where=name, fix="give 30, say")
    return float(seconds)
