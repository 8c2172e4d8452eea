"""Asks whoever observes the application what it holds a call for; understands the answer, and judges nothing."""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from basix_contract.checks import Belief, Outcome
from basix_contract.messages import Response
from basix_contract.profile import RawRequest, RawSender
from basix_contract.suite.deliver._commands import CASE, Command, CommandFailedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_WORDS = ("answered", "not-answered")
_NONE = ("pending", "unknown")
_FIRST_LOOK_S, _SLOWER, _PATIENCE_S = 0.25, 1.5, 3.0
_TIMEOUT_S = 5.0
_MOST_AT_ONCE = 4


class Observer(Protocol):
    """Whoever can say what the application holds a case for."""

    async def look(self, case: str) -> Belief:
        """Return what is held for a case, or why that cannot be understood."""
        ...


class ObserverCommand:
    """A command that prints it."""

    def __init__(self, line: str) -> None:
        self._command = Command(line, "--observer-command")

    async def look(self, case: str) -> Belief:
        """Return what the command printed of a case."""
        try:
            return read_belief(await self._command.ask(case, {"case": case}))
        except CommandFailedError as error:
            return Belief(problem=str(error))


class ObserverUrl:
    """A URL that answers a GET with it."""

    def __init__(self, url: str, *, allows_remote: bool = False, ca_file: str = "") -> None:
        self._url = url
        self._sender = RawSender(url, allows_remote=allows_remote, ca_file=ca_file)

    async def look(self, case: str) -> Belief:
        """Return what the URL answered for a case."""
        url = self._url.replace(CASE, case)
        parts = urlsplit(url)
        target = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
        lines = (f"GET {target} HTTP/1.1", f"Host: {parts.netloc}", "Accept: application/json", "Connection: close")
        head = "\r\n".join((*lines, "", "")).encode("latin-1")
        answer = await self._sender.send(RawRequest(url=url, method="GET", pieces=((0.0, head),)), timeout_s=_TIMEOUT_S)
        if not isinstance(answer, Response):
            return Belief(problem=answer.reason)
        if answer.status != HTTPStatus.OK:
            return Belief(problem=f"it answered {answer.status}")
        return read_belief(answer.body.decode("utf-8", "replace"))


def read_belief(text: str) -> Belief:
    """Understand `{"outcomes": [{"outcome": "answered", "uuid": "…"}]}`, or one outcome that stands alone."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return Belief(problem="it is no JSON")
    if not isinstance(value, dict):
        return Belief(problem="it is no JSON object")
    listed = value.get("outcomes", [value] if value.get("outcome") else [])
    if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
        return Belief(problem="outcomes is no list of objects")
    known = [item for item in listed if item.get("outcome") not in _NONE]
    strange = next((item.get("outcome") for item in known if item.get("outcome") not in _WORDS), None)
    if any(item.get("outcome") not in _WORDS for item in known):
        return Belief(problem=f"{strange!r} is none of {', '.join((*_WORDS, *_NONE))}")
    return Belief(tuple(_outcome(item) for item in known))


def _outcome(item: Mapping[str, Any]) -> Outcome:
    uuid = item.get("uuid")
    return Outcome(item["outcome"], uuid if isinstance(uuid, str) and uuid else None)


async def settled(observer: Observer, cases: Iterable[str], told: Iterable[str]) -> Mapping[str, Belief]:
    """Return what is held for these cases once nothing changes any more, or three seconds have passed.

    An application may answer first and work later: those that were `told` a result are waited for.
    """
    listed, awaited = list(cases), set(told)
    clock = asyncio.get_running_loop().time
    deadline_s, pause_s = clock() + _PATIENCE_S, _FIRST_LOOK_S
    await asyncio.sleep(pause_s)
    seen = await _all(observer, listed)
    while clock() < deadline_s:
        await asyncio.sleep(pause_s)
        before, seen = seen, await _all(observer, listed)
        is_known = all(seen[case].outcomes or seen[case].problem for case in awaited)
        if is_known and seen == before:
            break
        pause_s *= _SLOWER
    return seen


async def _all(observer: Observer, cases: list[str]) -> dict[str, Belief]:
    slots = asyncio.Semaphore(_MOST_AT_ONCE)

    async def look(case: str) -> Belief:
        async with slots:
            return await observer.look(case)

    return dict(zip(cases, await asyncio.gather(*map(look, cases)), strict=True))
