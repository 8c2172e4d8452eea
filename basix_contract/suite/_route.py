"""The way back: can callbacks reach our receiver, and does what stands in front of it leave them as they are?

A request of our own goes through the public URL first, so that the operator's proxy is not mistaken for the target.
Nothing here goes to the target, and no call is placed; whether the target finds the way shows with its first callback.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from basix_contract.errors import BasixContractError
from basix_contract.messages import Response
from basix_contract.profile import RawRequest, RawSender, is_loopback

if TYPE_CHECKING:
    from basix_contract.messages import Request
    from basix_contract.profile import Callback

State = Literal["open", "unknown", "closed"]

_PATIENCE_S = 5.0
# What tempts a proxy to alter a URL: encoded slashes, capitals, repeated and empty keys, slashes in a row.
_TAIL = "/Self%2FTest/a+b~c//d/?Key=1&k=2&k=3&empty=&last"
_BODY = b'{"result_code": 0, "uuid": "00000000-0000-4000-8000-000000000000"}'


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """What is known of the way back before any call: `closed` means that no callback can be judged.

    `prefix` stands before the path of whatever comes through; it is not exact where a proxy alters URLs.
    `is_tried`: a request of our own came through.
    """

    state: State
    detail: str
    is_exact: bool = True
    prefix: str = ""
    is_tried: bool = False


class RouteProbe:
    """Sends one request of our own through the public URL, and recognises it when it comes."""

    def __init__(self, callback: Callback, *, is_target_here: bool) -> None:
        self._callback = callback
        self._is_target_here = is_target_here
        self._mark = "r" + secrets.token_hex(6)
        self._arrived: Request | None = None

    def hear(self, request: Request) -> bool:
        """Take a request that is our own; tell whether it was."""
        if self._mark not in request.target:
            return False
        self._arrived = request
        return True

    async def look(self) -> Route:
        """Return what can be known of the way back; our receiver must be listening."""
        if not self._callback.public_url:
            return self._without_public_url()
        url = f"{self._callback.public_url.rstrip('/')}/{self._mark}{_TAIL}"
        began = time.monotonic()
        try:
            outcome = await RawSender(url, allows_remote=True).send(_request(url), timeout_s=_PATIENCE_S)
        except BasixContractError as error:
            return Route(state="unknown", detail=f"the public URL could not be tried: {error}")
        took_s = time.monotonic() - began
        if self._arrived is not None:
            return self._through(self._arrived, urlsplit(url).path, took_s)
        if isinstance(outcome, Response):
            what = f"the public URL is answered with {outcome.status} by something else than this receiver"
            return Route(state="closed", detail=what)
        what = f"from here the public URL cannot be reached ({outcome.reason}); from the target it may be"
        return Route(state="unknown", detail=what)

    def _without_public_url(self) -> Route:
        listen = self._callback.listen
        if self._is_target_here:
            return Route(state="open", detail=f"the target is on this machine, as the receiver is ({listen})")
        host = listen.rpartition(":")[0].strip("[]") or "127.0.0.1"
        if is_loopback(host):
            what = f"the receiver listens on {listen}, which no other machine can reach (give callback.public_url)"
            return Route(state="closed", detail=what)
        what = f"the receiver listens on {listen}; whether the target reaches it shows with the first callback"
        return Route(state="unknown", detail=what)

    def _through(self, arrived: Request, path: str, took_s: float) -> Route:
        prefix = arrived.target.partition(f"/{self._mark}")[0]
        is_exact = (arrived.method, arrived.target, arrived.body) == ("POST", f"{prefix}/{self._mark}{_TAIL}", _BODY)
        said = f"a request of our own came through the public URL in {took_s:.2f} s"
        if not is_exact:
            what = f"{said}, but altered: a proxy stands in front, and the target is not blamed for what it does"
        elif path.startswith(f"{prefix}/{self._mark}"):
            what = f"{said}, unaltered"
        else:
            what = f"{said}; a proxy takes off the beginning of its path, and nothing else"
        shows = "" if self._is_target_here else "; whether the target's come too shows with the first callback"
        state: State = "open" if self._is_target_here else "unknown"
        return Route(state=state, detail=what + shows, is_exact=is_exact, prefix=prefix, is_tried=True)


def _request(url: str) -> RawRequest:
    parts = urlsplit(url)
    lines = (
        f"POST {url.partition(parts.netloc)[2]} HTTP/1.1",
        f"Host: {parts.netloc}",
        "Content-Type: application/json",
        f"Content-Length: {len(_BODY)}",
        "Connection: close",
    )
    return RawRequest(url=url, method="POST", pieces=((0.0, "\r\n".join((*lines, "", "")).encode() + _BODY),))
