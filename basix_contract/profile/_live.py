"""What holds besides where real telephones may ring: consent, the hour, few wrong credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from basix_contract.messages import field_value
from basix_contract.profile._hosts import is_loopback
from basix_contract.profile._quiet import is_quiet, now_utc
from basix_contract.profile._rules import Doubt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from basix_contract.messages import Request
    from basix_contract.profile._model import Profile
    from basix_contract.profile._quiet import Now


class LiveRules:
    """Judges a request by the moment at which it would ring real telephones, and counts wrong credentials.

    Credentials are wrong when they are not `authorization`; none at all are no attempt to sign in.
    """

    def __init__(
        self, profile: Profile, *, scheme: str, host: str, authorization: str = "", now: Now | None = None
    ) -> None:
        self._live = profile.live
        self._has_consent = profile.live.consent == host and (scheme == "https" or is_loopback(host))
        self._authorization = authorization
        self._now = now or now_utc
        self._wrong = 0

    def doubts_now(self, request: Request) -> Iterator[Doubt]:
        """Yield what speaks against sending a request now."""
        if not self._has_consent:
            yield Doubt("consent")
        if is_quiet(self._live, self._now()):
            yield Doubt("quiet-hours")
        if self._is_wrong(request) and self._wrong >= self._live.wrong_credentials:
            yield Doubt("credentials")

    def note(self, request: Request) -> None:
        """Count a request that leaves now."""
        self._wrong += self._is_wrong(request)

    def _is_wrong(self, request: Request) -> bool:
        return (field_value(request.headers, "authorization") or self._authorization) != self._authorization
