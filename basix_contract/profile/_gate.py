"""The gate: every byte for a target passes it, it refuses on every doubt, and it counts.

A refusal names the rule and what to change, and never what was refused. Nothing here sends.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from basix_contract.messages import field_value
from basix_contract.profile._allowed import allowed_by
from basix_contract.profile._envelope import Envelope
from basix_contract.profile._fragments import Fragments
from basix_contract.profile._hosts import is_live
from basix_contract.profile._live import LiveRules
from basix_contract.profile._people import People
from basix_contract.profile._reading import read_members
from basix_contract.profile._receiver_urls import ReceiverUrls
from basix_contract.profile._ringing import members_ring_briefly, text_rings_briefly
from basix_contract.profile._rules import Doubt

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from basix_contract.messages import Request
    from basix_contract.profile._model import Profile
    from basix_contract.profile._people import Known
    from basix_contract.profile._quiet import Now

_DEFAULT_CALLS = 300
_ALWAYS = ("callback", "emergency")  # refused even where nothing rings: what is no simulator after all could act on it
# More than any scenario needs; what is larger is not looked into.
_MOST_BYTES = 2_000_000
_MOST_MEMBERS = 12_000


@dataclass(slots=True)
class Spent:
    """What has passed so far: requests, and the calls they may have placed."""

    requests: int = 0
    calls: int = 0


@dataclass(frozen=True, slots=True)
class Body:
    """A body and a query as the gate reads them: the members of a JSON object, and the calls they may place.

    `is_brief`: whoever they ring, they ring no longer than the profile allows.
    """

    members: tuple[Known, ...] = ()
    calls: int = 0
    is_readable: bool = True
    is_brief: bool = True


class Gate:
    """Admits or refuses requests to one target; a given target is played from its profile only.

    `callback_place` is the `host:port/` under which our own receiver is reached. `is_embedded` is for the
    kit's own mock PBX alone, on this machine: it knows everybody, so nobody can be rung. A target behind which real
    telephones may ring is refused everything without the profile's consent or in quiet hours, every call without a
    budget in the profile, and other credentials than `authorization` but a few times.
    `calls_before` are those that an interrupted run has spent of the same budget.
    """

    def __init__(  # noqa: PLR0913 - one keyword for each circumstance of a run
        self,
        profile: Profile,
        *,
        base_url: str,
        callback_place: str = "",
        is_embedded: bool = False,
        max_calls: int | None = None,
        calls_before: int = 0,
        authorization: str = "",
        now: Now | None = None,
    ) -> None:
        self._envelope = Envelope(base_url)
        scheme, host, _ = self._envelope.origin
        self.is_live = is_live(profile, host)
        self._live = LiveRules(profile, scheme=scheme, host=host, authorization=authorization, now=now)
        self._is_embedded = is_embedded and not self.is_live
        self._has_no_telephones = profile.target.has_no_telephones and not self.is_live
        allowed, urls = allowed_by(profile, is_remote=self.is_live), ReceiverUrls(callback_place)
        self._people, self._fragments = People(allowed, urls), Fragments(allowed, urls)
        self._longest_ring_s = profile.live.longest_ring_s
        self._stop_file = profile.limits.stop_file
        self._was_stopped = False
        self._planned: Counter[bytes] | None = None
        self.limits = profile.limits
        limits = [limit for limit in (max_calls, profile.limits.max_calls) if limit is not None]
        if self.is_live and profile.limits.max_calls is None:
            limits = [0]
        self.max_calls = min(limits) if limits else _DEFAULT_CALLS
        self.spent = Spent(calls=calls_before)

    @property
    def is_https(self) -> bool:
        """Tell whether requests to this target are encrypted."""
        return self._envelope.origin[0] == "https"

    def stop(self) -> None:
        """Let nothing pass any more."""
        self._was_stopped = True

    def allow_only(self, planned: Iterable[tuple[str, Request]]) -> None:
        """From now on let pass these requests only, each of them once."""
        self._planned = Counter(_mark(url, request) for url, request in planned)

    def ensure_admitted(self, url: str, request: Request) -> None:
        """Count a request that may leave now.

        Raises GateRefusal for one that may not; nothing is counted then.
        """
        body = self._read(url, request.body)
        for doubt in self.doubts(url, request, body):
            raise doubt.refusal()
        for doubt in self.doubts_now(url, request, body):
            raise doubt.refusal()
        self.spent.requests += 1
        self.spent.calls += body.calls
        self._live.note(request)
        if self._planned is not None:
            self._planned[_mark(url, request)] -= 1

    def calls(self, url: str, request: Request) -> int:
        """Return how many calls a request may place on the most obliging server."""
        return self._read(url, request.body).calls

    def reason_against(self, url: str, request: Request) -> str:
        """Say why a request would be refused with consent, in time and within the budget; empty when it would pass.

        Counts nothing: a plan is read before anybody consents to it.
        """
        doubts = self.doubts(url, request, self._read(url, request.body))
        return next((str(doubt.refusal()) for doubt in doubts), "")

    def doubts(self, url: str, request: Request, body: Body) -> Iterator[Doubt]:
        """Yield everything that speaks against a request, whenever it is sent."""
        if self._is_embedded:
            yield from self._envelope.doubts_about_place(url)
            return
        yield from self._envelope.doubts(url, request)
        if not body.is_readable:
            yield Doubt("unreadable")
        for doubt in self._people.doubts(body.members):
            if doubt.rule in _ALWAYS or not self._has_no_telephones:
                yield doubt
        if self.is_live and not body.is_brief:
            yield Doubt("ringing")

    def doubts_now(self, url: str, request: Request, body: Body) -> Iterator[Doubt]:
        """Yield what speaks against sending a request now: it was stopped, is not planned, has no consent or budget."""
        if self._was_stopped or (self._stop_file and _stands(self._stop_file)):
            yield Doubt("stopped")
        if self.is_live:
            yield from self._live.doubts_now(request)
        if self._planned is not None and self._planned[_mark(url, request)] < 1:
            yield Doubt("unplanned")
        if body.calls and self.spent.calls + body.calls > self.max_calls:
            yield Doubt("budget")

    def _read(self, url: str, raw: bytes) -> Body:
        query = url.partition("?")[2].encode("utf-8", "replace")
        if self._is_embedded:
            return Body(calls=int(bool(raw or query)))
        asked = self._fragments.calls(query)
        body = self._read_body(raw)
        is_brief = body.is_brief and (not asked or text_rings_briefly(query, self._longest_ring_s))
        return Body(body.members, body.calls + (asked or 0), body.is_readable and asked is not None, is_brief)

    def _read_body(self, raw: bytes) -> Body:
        if len(raw) > _MOST_BYTES or raw.count(b",") > _MOST_MEMBERS:
            return Body(is_readable=False)
        members = read_members(raw)
        if members is None:
            calls = self._fragments.calls(raw)
            is_brief = not calls or text_rings_briefly(raw, self._longest_ring_s)
            return Body((), calls or 0, calls is not None, is_brief)
        known = self._people.know(members)
        calls = self._people.calls(known)
        return Body(known, calls, is_brief=not calls or members_ring_briefly(known, self._longest_ring_s))


def _mark(url: str, request: Request) -> bytes:
    """Return what tells one request from another: where it goes, who signs it, its label and what it says."""
    named = (field_value(request.headers, name) or "" for name in ("authorization", "content-type"))
    parts = (request.method, url, *named)
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass") + b"\n\n" + request.body).digest()


def _stands(path: str) -> bool:
    """Tell whether a file is there; one that cannot be looked for counts as there."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError):
        return True
    return True
