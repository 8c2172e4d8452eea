"""A callback URL for each call: a signed token in its path says which call it is of, and that we made it.

The PBX's error callback names no call, and no callback is signed (A48). What stands in the URL comes back
unchanged, so the URL is the one place where both can be put right.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from basix_contract.errors import ForgedCallback, UsageError

# `1`, 32 characters of signature, then the call's name: lower-case letters and digits only, so that neither a
# change of case to lower nor any percent-encoding on the way can touch it.
_VERSION = "1"
_TOKEN = re.compile(r"1([a-z2-7]{32})([a-z2-7]{2,})")
_SIGNATURE_BYTES = 20
_PURPOSE = b"basix-contract callback token 1\n"

_LEAST_SECRET_BYTES = 16
_MOST_CALL_BYTES = 128
_BASE = re.compile(r"https?://([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]+)?(/[A-Za-z0-9._~%!$&'()*+,;=:@/-]*)?")


class CallbackUrl:
    """Makes the callback URL of each call below one base, and tells from a URL which call it was made for.

    `secret` signs; a URL signed with one of `old_secrets` is still taken, so that a secret can be replaced while
    calls are under way. Whoever sees a URL can read the call's name in it and post to it: serve it over https,
    and name calls by a reference, not by a person. Raises UsageError for a base that is no plain http(s) URL and
    for a secret of fewer than 16 bytes.
    """

    def __init__(self, base: str, secret: str | bytes, *, old_secrets: Iterable[str | bytes] = ()) -> None:
        self._base = _plain(base)
        self._keys = tuple(_key(each) for each in (secret, *old_secrets))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._base!r})"

    @property
    def path(self) -> str:
        """The path of the base, without a slash at its end: where the receiver is to be mounted."""
        return urlsplit(self._base).path

    def for_call(self, call: str) -> str:
        """Return the `callback_url` to give to this call.

        `call` is your own name for it: any text of at most 128 bytes, another one for every call. Raises
        UsageError for any other.
        """
        name = _name(call)
        return f"{self._base}/{_VERSION}{_signature(self._keys[0], name)}{name}"

    def call_of(self, url: str) -> str:
        """Return the call that a URL of `for_call` was made for; its path alone will do.

        Raises ForgedCallback when it is none of ours: answer 404, and believe nothing of what was posted.
        """
        found = _TOKEN.fullmatch(_last_segment(url))
        if found is None:
            raise ForgedCallback("the URL holds no token")
        signature, name = found.groups()
        # Every key is tried, whichever fits, so that the time taken tells nothing.
        fits = [hmac.compare_digest(_signature(key, name), signature) for key in self._keys]
        if not any(fits):
            raise ForgedCallback("the token in the URL was not signed with this secret")
        return base64.b32decode(name.upper() + "=" * (-len(name) % 8)).decode("utf-8")


def _plain(base: str) -> str:
    if not _BASE.fullmatch(base):
        raise UsageError(
            "the base of callback URLs must be an http or https URL of host, port and path only",
            where="CallbackUrl",
            fix="for instance https://crm.example/basix",
        )
    return base.rstrip("/")


def _key(secret: str | bytes) -> bytes:
    key = secret.encode("utf-8") if isinstance(secret, str) else bytes(secret)
    if len(key) < _LEAST_SECRET_BYTES:
        raise UsageError(
            f"a secret needs at least {_LEAST_SECRET_BYTES} bytes",
            where="CallbackUrl",
            fix="make one with: python -c 'import secrets; print(secrets.token_urlsafe(32))'",
        )
    return key


def _name(call: str) -> str:
    try:
        raw = call.encode("utf-8")
    except UnicodeEncodeError:
        raw = b""
    if not 0 < len(raw) <= _MOST_CALL_BYTES:
        raise UsageError(
            f"a call's name must be text of 1 to {_MOST_CALL_BYTES} bytes in UTF-8",
            where="CallbackUrl.for_call",
            fix="give a short reference of your own, another one for every call",
        )
    return _base32(raw)


def _signature(key: bytes, name: str) -> str:
    digest = hmac.new(key, _PURPOSE + name.encode("ascii"), hashlib.sha256).digest()
    return _base32(digest[:_SIGNATURE_BYTES])


def _base32(raw: bytes) -> str:
    return base64.b32encode(raw).decode("ascii").rstrip("=").lower()


def _last_segment(url: str) -> str:
    path = url.partition("#")[0].partition("?")[0]
    return path.rstrip("/").rpartition("/")[2]
