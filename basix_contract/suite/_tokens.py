"""Callback tokens: each request has a callback URL of its own, recognised wherever its token turns up."""

from __future__ import annotations

import functools
import re
import secrets
import string
from typing import TYPE_CHECKING, Any

from basix_contract.suite._scenario import CALLBACK_PLACE, CALLBACK_SLASHES, CALLBACK_URL

if TYPE_CHECKING:
    from basix_contract.suite._scenario import Step

_ALPHABET = string.digits + string.ascii_lowercase
_NONCE_LENGTH = 10
_INDEX_LENGTH = 4


class Tokens:
    """Hands out tokens for one run; they hold the run's nonce, so that an old run's late callback is not ours."""

    def __init__(self, base: str, nonce: str = "") -> None:
        self._base = base.rstrip("/")
        self.nonce = nonce or "c" + "".join(secrets.choice(_ALPHABET) for _ in range(_NONCE_LENGTH))
        self._exchanges: dict[str, str] = {}
        self._targets: dict[str, str] = {}
        self._urls: dict[str, str] = {}
        self._prefix: str | None = None
        self._pattern = re.compile(re.escape(self.nonce) + rf"[0-9a-z]{{{_INDEX_LENGTH}}}")

    def url_for(self, step: Step) -> str:
        """Return this step's callback URL; the token is its first path segment and stands again in its query.

        A step that shares the URL of an earlier one gets that.
        """
        if step.intent.callback_of:
            return self._urls[step.intent.callback_of]
        token = self.nonce + _base36(len(self._exchanges))
        self._exchanges[token] = step.id
        tail = (step.callback_tail or "/result?call={token}").replace("{token}", token)
        url = self._urls[step.id] = f"{self._base}/{token}{tail}"
        below = "/" + url.partition("://")[2].partition("/")[2]
        self._targets[token] = below if self._prefix is None else f"{self._prefix}/{token}{tail}"
        return url

    def arrive_below(self, prefix: str) -> None:
        """Expect callbacks with this before their token: a proxy may put something there, or take it off."""
        self._prefix = prefix

    def find(self, target: str) -> tuple[str, bool]:
        """Return the exchange whose token stands anywhere in a request target, and whether it is exactly its URL."""
        found = self._pattern.search(target.lower())
        if found is None or found.group() not in self._exchanges:
            return "", False
        return self._exchanges[found.group()], target == self._targets[found.group()]


def bind(body: Any, url: str) -> Any:
    """Put a callback URL where a body has the mark for it, or the mark for its host and path alone."""
    place = url.partition("://")[2]
    if isinstance(body, bytes):
        slashes = url.replace("/", "\\/")
        marks = ((CALLBACK_URL, url), (CALLBACK_PLACE, place), (CALLBACK_SLASHES, slashes))
        return functools.reduce(lambda raw, mark: raw.replace(mark[0].encode(), mark[1].encode()), marks, body)
    if isinstance(body, str):
        return body.replace(CALLBACK_URL, url).replace(CALLBACK_PLACE, place)
    if isinstance(body, dict):
        return {name: bind(value, url) for name, value in body.items()}
    return [bind(value, url) for value in body] if isinstance(body, list) else body


def _base36(number: int) -> str:
    digits = ""
    for _ in range(_INDEX_LENGTH):
        number, place = divmod(number, len(_ALPHABET))
        digits = _ALPHABET[place] + digits
    return digits
