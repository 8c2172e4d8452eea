"""The way to a target: one request goes out through the gate, once, and what came of it is data."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import httpx

from basix_contract._version import __version__
from basix_contract.errors import GateRefusal
from basix_contract.messages import Request, Response
from basix_contract.profile._transport._tls import trust
from basix_contract.profile._transport._turns import Turns

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable

    from basix_contract.messages import Headers
    from basix_contract.profile._gate import Gate

_MOST_REPLY_BYTES = 1_000_000
_TURN_S = 0.05
_NOT_CONNECTED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_REASONS: dict[type[Exception], str] = {
    httpx.ConnectError: "no connection",
    httpx.ConnectTimeout: "no connection in time",
    httpx.ReadError: "the connection was reset",
    httpx.RemoteProtocolError: "the connection was closed, or what came was no HTTP",
    httpx.WriteError: "the connection was closed while sending",
}
_OWN_FIELDS = (("User-Agent", f"basix-contract/{__version__}"),)


@dataclass(frozen=True, slots=True)
class Silence:
    """No reply came. Unless `was_sent` is false the request may have been received, and is never sent again."""

    reason: str
    was_sent: bool
    is_stall: bool = False


class GateTransport(httpx.AsyncBaseTransport):
    """Hands over to another transport only what the gate admits; raises GateRefusal for all else."""

    def __init__(self, gate: Gate, inner: httpx.AsyncBaseTransport) -> None:
        self._gate = gate
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Ask the gate, then send exactly what it was asked about: nothing beside it is handed on."""
        body = await request.aread()
        url, read = _asked(request)
        self._gate.ensure_admitted(url, read)
        asked = httpx.Request(request.method, url, headers=request.headers.raw, content=body or None)
        return await self._inner.handle_async_request(asked)

    async def aclose(self) -> None:
        """Close the transport underneath."""
        await self._inner.aclose()


class Sender:
    """Sends requests to one target, each once, within the limits of the gate's profile.

    It reads nothing from the environment (no proxy, no `.netrc`), keeps no cookie and no connection, follows no
    redirect and never retries: a kept connection that the server has just closed could not be told from a lost reply.
    """

    def __init__(self, gate: Gate, *, ca_file: str = "", inner: httpx.AsyncBaseTransport | None = None) -> None:
        carrier = inner or httpx.AsyncHTTPTransport(
            verify=trust(ca_file, is_needed=gate.is_https),
            trust_env=False,
            retries=0,
            limits=httpx.Limits(max_keepalive_connections=0),
        )
        self._gate = gate
        self._transport = GateTransport(gate, carrier)
        self._turns = Turns(gate.limits)

    def allow_only(self, planned: Iterable[tuple[str, str, Headers, bytes | None]]) -> None:
        """From now on let pass these requests only (method, URL, fields, body), each of them once.

        One that cannot be written as HTTP needs no leave: it is refused when it is sent.
        """
        written = (_writable(*one) for one in planned)
        self._gate.allow_only(_asked(request) for request in written if request is not None)

    def calls(self, method: str, url: str, headers: Headers, body: bytes | None) -> int:
        """Return how many calls a request may place, as the gate counts them; none where it cannot be written."""
        request = _writable(method, url, headers, body)
        return 0 if request is None else self._gate.calls(*_asked(request))

    async def send(
        self, method: str, url: str, headers: Headers, body: bytes | None, *, timeout_s: float
    ) -> Response | Silence:
        """Return the reply that came within `timeout_s`, or why none did; waiting for a turn does not count.

        Raises GateRefusal when the gate does not let it pass; nothing was sent then.
        """
        request = _request(method, url, headers, body)
        async with self._turns.take():
            try:
                return await _within(timeout_s, self._exchange(request))
            except TimeoutError:
                return Silence(f"nothing within {timeout_s:g} s", was_sent=True, is_stall=True)
            except httpx.HTTPError as error:
                reason = _REASONS.get(type(error), type(error).__name__)
                return Silence(reason, was_sent=not isinstance(error, _NOT_CONNECTED))

    async def close(self) -> None:
        """Close every connection."""
        await self._transport.aclose()

    async def _exchange(self, request: httpx.Request) -> Response:
        reply = await self._transport.handle_async_request(request)
        body = bytearray()
        try:
            async for piece in cast("httpx.AsyncByteStream", reply.stream):
                body += piece
                if len(body) > _MOST_REPLY_BYTES:
                    break
        finally:
            await reply.aclose()
        return Response(reply.status_code, tuple(reply.headers.multi_items()), bytes(body))


async def _within(timeout_s: float, exchange: Coroutine[None, None, Response]) -> Response:
    """Wait in short turns: time in which this process itself stood still makes one turn long, and counts for nothing.

    Raises TimeoutError when the turns are used up; the exchange is then cancelled.
    """
    waiting, left_s = asyncio.ensure_future(exchange), timeout_s
    try:
        while left_s > 0:
            turn_s = min(_TURN_S, left_s)
            if (await asyncio.wait({waiting}, timeout=turn_s))[0]:
                return waiting.result()
            left_s -= turn_s
        raise TimeoutError
    finally:
        waiting.cancel()
        await asyncio.wait({waiting})


def _asked(request: httpx.Request) -> tuple[str, Request]:
    """Return what the gate is asked about: the URL, and the request as it will be written."""
    headers, target = tuple(request.headers.multi_items()), request.url.raw_path.decode("ascii")
    return str(request.url), Request(request.method, target, headers, request.content)


def _writable(method: str, url: str, headers: Headers, body: bytes | None) -> httpx.Request | None:
    try:
        return _request(method, url, headers, body)
    except GateRefusal:
        return None


def _request(method: str, url: str, headers: Headers, body: bytes | None) -> httpx.Request:
    """Write a request down; what cannot be written is refused as what is not understood."""
    given = {name.lower() for name, _ in headers}
    own = [field for field in _OWN_FIELDS if field[0].lower() not in given]
    try:
        return httpx.Request(method, url, headers=[*own, *headers], content=body)
    except (httpx.InvalidURL, ValueError):
        raise GateRefusal("target", "the request cannot be written as HTTP", fix="use plain ASCII fields") from None
