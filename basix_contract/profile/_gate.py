"""The gate: every byte for a target passes it, it refuses on every doubt, and it counts.

A refusal names the rule and what to change. Nothing here sends; the transport that does is in `_transport`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from basix_contract.errors import GateRefusal, UsageError
from basix_contract.profile._allowed import allowed_by
from basix_contract.profile._people import People

if TYPE_CHECKING:
    from basix_contract.messages import Request
    from basix_contract.profile._model import Profile

_DEFAULT_CALLS = 300

_FIXES = {
    "people": "list the user or group in the profile, or under [absent] if it is proven not to exist",
    "destination": "list it under [[destinations]]",
    "calling-number": "give it as calling_number of a [[destinations]] row",
    "emergency": "emergency and special-service numbers are never dialled, listed or not",
    "callback": "leave callback_url to the kit",
    "group": "use a group of the profile",
    "auto-answer": "set auto_answer = true in the user's row",
    "avatar": "use a picture under a .example host",
    "unknown-member": "leave unknown members without numbers or addresses",
    "unreadable": "build such bodies from values of the profile only",
}


@dataclass(slots=True)
class Spent:
    """What has passed so far: requests, and those among them that may have rung somebody."""

    requests: int = 0
    calls: int = 0


class Gate:
    """Admits or refuses requests to one target; a given target is played from its profile only.

    `callback_place` is the `host:port/` under which our own receiver is reached. `is_embedded` is for the
    kit's own mock PBX alone: it knows everybody, so nobody can be rung.
    """

    def __init__(
        self,
        profile: Profile,
        *,
        base_url: str,
        callback_place: str = "",
        is_embedded: bool = False,
        max_calls: int | None = None,
    ) -> None:
        self._origin = origin_of(base_url)
        self._path = urlsplit(base_url).path.rstrip("/")
        self._people = None if is_embedded else People(allowed_by(profile), callback_place)
        limits = [limit for limit in (max_calls, profile.limits.max_calls) if limit is not None]
        self.max_calls = min(limits) if limits else _DEFAULT_CALLS
        self.spent = Spent()

    def ensure_admitted(self, url: str, request: Request) -> None:
        """Count a request that may leave now.

        Raises GateRefusal for one that may not; nothing is counted then.
        """
        self._ensure_target(url)
        may_ring = self._ensure_people(request)
        if may_ring and self.spent.calls >= self.max_calls:
            raise GateRefusal(
                "budget",
                f"{self.max_calls} calls may have been placed",
                fix="raise max_calls, or play fewer rows",
            )
        self.spent.requests += 1
        self.spent.calls += may_ring

    def reason_against(self, url: str, request: Request) -> str:
        """Say why a request would be refused, budget apart; empty when it would pass. Counts nothing."""
        try:
            self._ensure_target(url)
            self._ensure_people(request)
        except GateRefusal as refusal:
            return str(refusal)
        return ""

    def _ensure_target(self, url: str) -> None:
        parts = urlsplit(url)
        if origin_of(url) != self._origin or not (parts.path == self._path or parts.path.startswith(self._path + "/")):
            raise GateRefusal(
                "target",
                f"{parts.hostname}{parts.path} is not the target",
                fix="requests go to base_url only",
            )

    def _ensure_people(self, request: Request) -> bool:
        if self._people is None:
            return bool(request.body)
        for rule, what in self._people.refusals(request.body):
            raise GateRefusal(rule, what, fix=_FIXES.get(rule, ""))
        return self._people.names_anybody(request.body)


def origin_of(url: str) -> tuple[str, str, int]:
    """Return scheme, host and port of a URL.

    Raises UsageError when it is no http or https URL with a host, or carries credentials.
    """
    fix = "give a URL such as https://pbx.example/basix/api"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UsageError(f"the target's URL is not valid: {error}", fix=fix) from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(
            f"the target's URL must begin with http:// or https:// and name a host, not {parts.scheme!r}",
            fix=fix,
        )
    if parts.username or parts.password:
        raise UsageError("the target's URL carries credentials", fix="give domain and token in the profile")
    return parts.scheme, parts.hostname, port or (443 if parts.scheme == "https" else 80)
