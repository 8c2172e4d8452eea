"""The callback URLs of a run: one for each call, from a template or from whoever issues them, all of one origin."""

from __future__ import annotations

import asyncio
import secrets
import string
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from basix_contract.errors import UsageError
from basix_contract.profile import origin_of
from basix_contract.suite.deliver._commands import CASE, Command, CommandFailedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from basix_contract.suite.deliver._scenario import Call

_ALPHABET = string.digits + string.ascii_lowercase
_NONCE_LENGTH = 10
_REFUSED = {"result_code": 500, "error": {"id": "channel_limit_reached"}}
_FIX = "give a URL such as http://127.0.0.1:8000/hook/{case}"


def new_nonce() -> str:
    """Return what tells the cases of this run from those of every other."""
    return "c" + "".join(secrets.choice(_ALPHABET) for _ in range(_NONCE_LENGTH))


def ensure_url(url: str, option: str) -> None:
    """Raise UsageError where a URL cannot be delivered to: no host, credentials, or a host that is drawn."""
    try:
        origin_of(url)
    except UsageError as error:
        raise UsageError(error.what, where=option, fix=_FIX) from None
    if CASE in urlsplit(url).netloc:
        raise UsageError("{case} stands in the host: that would be somebody else's", where=option, fix=_FIX)
    if not url.isascii() or not url.isprintable() or " " in url:
        raise UsageError("the URL holds what no URL can", where=option, fix="write it percent-encoded")


class Addresses:
    """Which URL and which case belong to a call; `url` may be empty where a command is asked."""

    def __init__(self, url: str, command: Command | None, nonce: str) -> None:
        self._url = url
        self._command = command
        self._nonce = nonce
        self._cases: dict[str, str] = {}
        self._urls: dict[str, str] = {}

    async def issue(self, calls: Iterable[Call]) -> None:
        """Find out the URL of every call.

        Raises UsageError when a command gives none, or one of another origin than all the others.
        """
        listed = list(calls)
        for number, call in enumerate(listed):
            self._cases[call.id] = f"{self._nonce}{number:04d}"
        for call, url in zip(listed, await asyncio.gather(*map(self._issued, listed)), strict=True):
            self._urls[call.id] = url
        origins = {origin_of(url) for url in (*self._urls.values(), *((self._url,) if self._url else ()))}
        if len(origins) > 1:
            raise UsageError("it gives URLs of several hosts", where="--url-command", fix="name the one with --url")

    def case_of(self, call_id: str) -> str:
        """Return the name under which the application knows a call, if it knows one."""
        return self._cases[call_id]

    def url_of(self, call_id: str) -> str:
        """Return where the callbacks of a call go."""
        return self._urls[call_id]

    def can_be_told_apart(self, call: Call, *, are_named: bool) -> bool:
        """Tell whether the application can know a call: by its URL, or by uuids it was told and all callbacks name."""
        own = self._urls[call.id]
        if [*self._urls.values()].count(own) == 1:
            return True
        return self._command is not None and are_named

    def shared_values(self) -> tuple[str, ...]:
        """Return the values that stand in the query of every URL: what all calls share may be a secret."""
        queries = [dict(parse_qsl(urlsplit(url).query)) for url in self._urls.values()]
        first = queries[0] if len(queries) > 1 else {}
        return tuple(value for name, value in first.items() if all(query.get(name) == value for query in queries))

    async def tell_reply(self, call: Call) -> None:
        """Tell whoever issues URLs what the reply to a call was.

        Raises UsageError when the command fails.
        """
        if self._command is not None:
            await self._asked(call, told=_reply_to(call))

    async def _issued(self, call: Call) -> str:
        if self._command is None:
            return self._url.replace(CASE, self._cases[call.id])
        url = (await self._asked(call, told=None if call.reply == "late" else _reply_to(call))).strip()
        ensure_url(url, "--url-command")
        return url

    async def _asked(self, call: Call, told: Mapping[str, object] | None) -> str:
        case = self._cases[call.id]
        command = self._command
        if command is None:
            return ""
        try:
            return await command.ask(case, {"case": case, "reply": told})
        except CommandFailedError as error:
            raise UsageError(str(error), where="--url-command") from None


def _reply_to(call: Call) -> Mapping[str, object]:
    return _REFUSED if call.reply == "refused" else {"result_code": 0, "uuids": call.uuids}
