"""Listens for callbacks, says of each whether it keeps the contract, and passes it on if asked to."""

from __future__ import annotations

import asyncio
import dataclasses
import signal
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from basix_contract.errors import UsageError
from basix_contract.messages import Request, Response
from basix_contract.profile import RawRequest, RawSender, origin_of, places_calls
from basix_contract.suite._receiver import MOST_BODY_BYTES, Receiver
from basix_contract.suite.deliver._addresses import ensure_url
from basix_contract.suite.deliver._options import ensure_consent
from basix_contract.validation import validate_callback

if TYPE_CHECKING:
    from collections.abc import Callable

    from basix_contract.messages import Violation

_BAD_GATEWAY = 502
_SOME = Request("POST", "/", (), b"{}")
_PLACES_CALLS = "calls are placed there, and callbacks go elsewhere"
_OWN_TO_A_HOP = ("host", "connection", "content-length", "transfer-encoding", "keep-alive", "te", "upgrade", "expect")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenOptions:
    """Where to listen (`host:port`), where to pass callbacks on to, and with which status to answer otherwise."""

    listen: str = "127.0.0.1:9000"
    forward_to: str = ""
    answer: int = 200
    most: int | None = None
    live: bool = False
    timeout_s: float = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One callback that came: what is wrong with it, what it was answered, and by whom.

    `forwarded_to` is empty where it was not passed on; `problem` says why nobody answered it there.
    """

    request: Request
    violations: tuple[Violation, ...]
    status: int
    forwarded_to: str = ""
    took_s: float = 0.0
    problem: str = ""


def listen(options: ListenOptions, on_start: Callable[[str], None], on_heard: Callable[[Heard], None]) -> int:
    """Listen until Ctrl-C, SIGTERM or the last callback asked for; return how many broke the contract.

    `on_start` is told the URL, `on_heard` each callback. Raises UsageError when the address cannot be listened on,
    or callbacks may not be passed on to where they should go.
    """
    if options.forward_to:
        ensure_url(options.forward_to, "--forward-to")
        ensure_consent(options.forward_to, "--forward-to", is_live=options.live)
        if places_calls(options.forward_to):
            raise UsageError(_PLACES_CALLS, where="--forward-to", fix="give the URL of the receiver")
    return asyncio.run(_Listener(options, on_heard).run(on_start))


class _Listener:
    """Hears callbacks one by one; what is told of them is told in the order of their answers."""

    def __init__(self, options: ListenOptions, on_heard: Callable[[Heard], None]) -> None:
        self._options = options
        self._on_heard = on_heard
        self._sender = RawSender(options.forward_to, allows_remote=options.live) if options.forward_to else None
        self._is_over = asyncio.Event()
        self._heard = 0
        self._broken = 0

    async def run(self, on_start: Callable[[str], None]) -> int:
        """Listen until it is over; return how many callbacks broke the contract."""
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, self._is_over.set)
        validate_callback(_SOME)  # the first one takes a second, and nobody should wait for its answer
        receiver = Receiver(self._options.listen, self._hear)
        await receiver.start()
        try:
            on_start(f"http://{receiver.address}/")
            await self._is_over.wait()
        finally:
            await receiver.stop()
        return self._broken

    async def _hear(self, request: Request) -> int:
        violations = validate_callback(request)
        heard = await self._passed_on(request, violations)
        self._broken += bool(violations)
        self._heard += 1
        self._on_heard(heard)
        if self._heard == self._options.most:
            self._is_over.set()
        return heard.status

    async def _passed_on(self, request: Request, violations: tuple[Violation, ...]) -> Heard:
        if self._sender is None:
            return Heard(request=request, violations=violations, status=self._options.answer)
        url = _joined(self._options.forward_to, request.target)
        plain = Heard(request=request, violations=violations, status=_BAD_GATEWAY, forwarded_to=url)
        problem = _why_not(request, url)
        if problem:
            return dataclasses.replace(plain, problem=problem)
        began = time.monotonic()
        try:
            outcome = await self._sender.send(_copied(request, url), timeout_s=self._options.timeout_s)
        except UsageError as error:
            return dataclasses.replace(plain, problem=error.what)
        plain = dataclasses.replace(plain, took_s=time.monotonic() - began)
        if isinstance(outcome, Response):
            return dataclasses.replace(plain, status=outcome.status)
        return dataclasses.replace(plain, problem=outcome.reason)


def _why_not(request: Request, url: str) -> str:
    """Say why a callback is not passed on; whoever can reach the listener must not place calls through it."""
    if len(request.body) >= MOST_BODY_BYTES:
        return "it is too long to be passed on"
    return _PLACES_CALLS if places_calls(url) else ""


def _joined(base: str, target: str) -> str:
    """Put a callback's own path and query behind the URL it is passed on to; a bare slash adds nothing.

    What is no path comes below that URL all the same: `@elsewhere` must not become its host.
    """
    if target == "/":
        return base
    return base.rstrip("/") + (target if target.startswith(("/", "?")) else f"/{target}")


def _copied(request: Request, url: str) -> RawRequest:
    """Write a request down again for another host: method, fields and body as they came.

    Raises UsageError where the URL is none.
    """
    origin_of(url)
    parts = urlsplit(url)
    target = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    kept = (f"{name}: {value}" for name, value in request.headers if name.lower() not in _OWN_TO_A_HOP)
    lines = (
        f"{request.method} {target} HTTP/1.1",
        f"Host: {parts.netloc}",
        *kept,
        f"Content-Length: {len(request.body)}",
        "Connection: close",
    )
    head = "\r\n".join((*lines, "", "")).encode("latin-1")
    return RawRequest(url=url, method=request.method, pieces=((0.0, head + request.body),))
