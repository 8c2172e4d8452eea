"""The gate: every byte for a target passes it, it refuses on every doubt, and it counts.

A refusal names the rule and what to change, and never what was refused. Nothing here sends.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from basix_contract.profile._allowed import allowed_by
from basix_contract.profile._envelope import Envelope
from basix_contract.profile._fragments import Fragments
from basix_contract.profile._hosts import is_loopback
from basix_contract.profile._people import People
from basix_contract.profile._reading import read_members
from basix_contract.profile._receiver_urls import ReceiverUrls
from basix_contract.profile._rules import Doubt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from basix_contract.messages import Request
    from basix_contract.profile._model import Profile
    from basix_contract.profile._people import Known

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
    """A body and a query as the gate reads them: the members of a JSON object, and the calls they may place."""

    members: tuple[Known, ...] = ()
    calls: int = 0
    is_readable: bool = True


class Gate:
    """Admits or refuses requests to one target; a given target is played from its profile only.

    `callback_place` is the `host:port/` under which our own receiver is reached. `is_embedded` is for the
    kit's own mock PBX alone, on this machine: it knows everybody, so nobody can be rung. A target that is not on
    this machine is refused everything without the profile's consent, and every call without a budget in the profile.
    `calls_before` are those that an interrupted run has spent of the same budget.
    """

    def __init__(
        self,
        profile: Profile,
        *,
        base_url: str,
        callback_place: str = "",
        is_embedded: bool = False,
        max_calls: int | None = None,
        calls_before: int = 0,
    ) -> None:
        self._envelope = Envelope(base_url)
        scheme, host, _ = self._envelope.origin
        is_remote = not is_loopback(host)
        self._is_embedded = is_embedded and not is_remote
        self._has_no_telephones = profile.target.has_no_telephones and not is_remote
        self._has_consent = not is_remote or (profile.live.consent == host and scheme == "https")
        allowed, urls = allowed_by(profile, is_remote=is_remote), ReceiverUrls(callback_place)
        self._people, self._fragments = People(allowed, urls), Fragments(allowed, urls)
        self._stop_file = profile.limits.stop_file
        self.limits = profile.limits
        limits = [limit for limit in (max_calls, profile.limits.max_calls) if limit is not None]
        if is_remote and profile.limits.max_calls is None:
            limits = [0]
        self.max_calls = min(limits) if limits else _DEFAULT_CALLS
        self.spent = Spent(calls=calls_before)

    @property
    def is_https(self) -> bool:
        """Tell whether requests to this target are encrypted."""
        return self._envelope.origin[0] == "https"

    def ensure_admitted(self, url: str, request: Request) -> None:
        """Count a request that may leave now.

        Raises GateRefusal for one that may not; nothing is counted then.
        """
        body = self._read(url, request.body)
        for doubt in self.doubts(url, request, body):
            raise doubt.refusal()
        for doubt in self.doubts_now(body):
            raise doubt.refusal()
        self.spent.requests += 1
        self.spent.calls += body.calls

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

    def doubts_now(self, body: Body) -> Iterator[Doubt]:
        """Yield what speaks against sending a body now: no consent, the stop file, a budget that is used up."""
        if not self._has_consent:
            yield Doubt("consent")
        if self._stop_file and _stands(self._stop_file):
            yield Doubt("stopped")
        if body.calls and self.spent.calls + body.calls > self.max_calls:
            yield Doubt("budget")

    def _read(self, url: str, raw: bytes) -> Body:
        query = url.partition("?")[2].encode("utf-8", "replace")
        if self._is_embedded:
            return Body(calls=int(bool(raw or query)))
        asked = self._fragments.calls(query)
        body = self._read_body(raw)
        return Body(body.members, body.calls + (asked or 0), body.is_readable and asked is not None)

    def _read_body(self, raw: bytes) -> Body:
        if len(raw) > _MOST_BYTES or raw.count(b",") > _MOST_MEMBERS:
            return Body(is_readable=False)
        members = read_members(raw)
        if members is None:
            calls = self._fragments.calls(raw)
            return Body((), calls or 0, calls is not None)
        known = self._people.know(members)
        return Body(known, self._people.calls(known))


def _stands(path: str) -> bool:
    """Tell whether a file is there; one that cannot be looked for counts as there."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError):
        return True
    return True
