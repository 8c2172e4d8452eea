"""Ties every request to its call, writes it down, and says what it is answered."""

from __future__ import annotations

import dataclasses
import re
import secrets
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from basix_contract.contract import load_document
from basix_contract.messages import field_value
from basix_contract.suite.answer._cases import ELSEWHERE_URL, MOVED_URL
from basix_contract.suite.answer._facts import credentials_of, sign_in_facts, token_places
from basix_contract.suite.answer._replies import ENOUGH, PREFLIGHT, STRAY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from basix_contract.messages import Request
    from basix_contract.suite._clock import RunClock
    from basix_contract.suite._journal import Journal
    from basix_contract.suite.answer._cases import ClientCase, ReplyScript
    from basix_contract.suite.answer._reading import Received

_BASE_PATH = "/basix/api"
_MOVED = "/moved"
_MOST_REQUESTS = 25  # of one call: a client that never stops fills neither disk nor time


@dataclasses.dataclass(slots=True)
class Placed:
    """One call as it was given, and how far it has come; `attempt` counts how often it was given."""

    case: ClientCase
    key: str
    attempt: int = 1
    requests: int = 0
    first_request_at_s: float | None = None


class CallDesk:
    """Knows the calls that were given by the path each of them has to itself."""

    def __init__(self, journal: Journal, clock: RunClock) -> None:
        self._journal = journal
        self._clock = clock
        self._nonce = "c" + secrets.token_hex(4)
        self._by_key: dict[str, Placed] = {}
        self._by_token: dict[bytes, Placed] = {}
        self._pattern = re.compile(re.escape(self._nonce) + r"[0-9]{5}")
        self.home = ""
        self.elsewhere = ""

    def register(self, case: ClientCase, attempt: int) -> Placed:
        """Give a call a path of its own; what comes there, or bears its token, belongs to it."""
        placed = Placed(case, f"{self._nonce}{len(self._by_key):05}", attempt)
        self._by_key[placed.key] = placed
        self._by_token[case.token.encode()] = placed
        return placed

    def base_url(self, placed: Placed) -> str:
        """Return the base URL that is told to the client; `/call_user` is appended to it."""
        return f"{self.home}/{placed.key}{_BASE_PATH}"

    def take(self, received: Received, *, is_elsewhere: bool) -> tuple[str, ReplyScript]:
        """Write a request down and return its id with the reply that its call has for it."""
        request = received.request
        placed = self._owner(request)
        if request.method == "OPTIONS" or placed is None:
            self._write(received, None, "stray", "other")
            return "", PREFLIGHT if request.method == "OPTIONS" else STRAY
        placed.requests += 1
        if placed.requests > _MOST_REQUESTS:
            return "", ENOUGH
        at_s = self._clock.note_event()
        placed.first_request_at_s = placed.first_request_at_s or at_s
        request_id = f"{placed.case.id}#{placed.attempt}.{placed.requests}"
        self._write(received, placed, request_id, self._place(request, placed, is_elsewhere=is_elsewhere))
        replies = placed.case.replies
        script = self._settled(replies[min(placed.requests, len(replies)) - 1], placed)
        asks_for_gzip = "gzip" in (field_value(request.headers, "accept-encoding") or "").lower()
        return request_id, dataclasses.replace(
            script, acts=script.zipped
        ) if script.zipped and asks_for_gzip else script

    def note_reply(self, request_id: str, *, is_whole: bool) -> None:
        """Write down that a reply was sent."""
        if request_id:
            self._journal.write("replied", request=request_id, t=self._clock.note_event(), is_whole=is_whole)

    def _owner(self, request: Request) -> Placed | None:
        found = self._pattern.search(request.target)
        if found and found.group() in self._by_key:
            return self._by_key[found.group()]
        halves = credentials_of(request)
        return self._by_token.get(halves[1]) if halves else None

    def _place(self, request: Request, placed: Placed, *, is_elsewhere: bool) -> str:
        path = unquote(request.target.partition("?")[0])
        if is_elsewhere:
            return "elsewhere"
        if path == f"/{placed.key}{_BASE_PATH}{load_document().operation_path}":
            return "call"
        return "moved" if path.startswith(f"/{placed.key}{_MOVED}") else "other"

    def _settled(self, script: ReplyScript, placed: Placed) -> ReplyScript:
        """Put the addresses in that a redirect points to."""
        where = f"/{placed.key}{_MOVED}{load_document().operation_path}"
        places = {MOVED_URL.encode(): self.home + where, ELSEWHERE_URL.encode(): self.elsewhere + where}
        acts = tuple(_replaced(act, places) if isinstance(act, bytes) else act for act in script.acts)
        return dataclasses.replace(script, acts=acts)

    def _write(self, received: Received, placed: Placed | None, request_id: str, place: str) -> None:
        request, case = received.request, placed.case if placed else None
        facts: dict[str, Any] = {}
        if case is not None:
            facts["sign_in"] = sign_in_facts(request, case.domain, case.token)
            facts["token_places"] = token_places(request, case.token)
        self._journal.write(
            "request",
            case=case.id if case else "",
            attempt=placed.attempt if placed else 0,
            request=request_id,
            reply=min(placed.requests, len(placed.case.replies)) - 1 if placed else 0,
            t=self._clock.now_s(),
            place=place,
            problem=received.problem,
            method=request.method,
            target=self._journal.target(request.target),
            **self._journal.message(request.headers, request.body),
            **facts,
        )


def _replaced(raw: bytes, places: Mapping[bytes, str]) -> bytes:
    for mark, url in places.items():
        raw = raw.replace(mark, url.encode())
    return raw
