"""The way to a target: one request goes out through the gate, once, and what came of it is data."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import httpx

from basix_contract._version import __version__
from basix_contract.errors import GateRefusal, UsageError
from basix_contract.messages import Request, Response
from basix_contract.profile._transport._turns import Turns

if TYPE_CHECKING:
    from basix_contract.messages import Headers
    from basix_contract.profile._gate import Gate

_MOST_REPLY_BYTES = 1_000_000
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
        url, headers, body = str(request.url), tuple(request.headers.multi_items()), await request.aread()
        target = request.url.raw_path.decode("ascii")
        self._gate.ensure_admitted(url, Request(request.method, target, headers, body))
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
            verify=_trust(ca_file, is_needed=gate.is_https),
            trust_env=False,
            retries=0,
            limits=httpx.Limits(max_keepalive_connections=0),
        )
        self._transport = GateTransport(gate, carrier)
        self._turns = Turns(gate.limits)

    async def send(
        self, method: str, url: str, headers: Headers, body: bytes | None, *, timeout_s: float
    ) -> Response | Silence:
        """Return the reply that came within `timeout_s`, or why none did; waiting for a turn does not count.

        Raises GateRefusal when the gate does not let it pass; nothing was sent then.
        """
        request = _request(method, url, headers, body)
        async with self._turns.take():
            try:
                async with asyncio.timeout(timeout_s):
                    return await self._exchange(request)
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


def _request(method: str, url: str, headers: Headers, body: bytes | None) -> httpx.Request:
    """Write a request down; what cannot be written is refused as what is not understood."""
    given = {name.lower() for name, _ in headers}
    own = [field for field in _OWN_FIELDS if field[0].lower() not in given]
    try:
        return httpx.Request(method, url, headers=[*own, *headers], content=body)
    except (httpx.InvalidURL, ValueError):
        raise GateRefusal("target", "the request cannot be written as HTTP", fix="use plain ASCII fields") from None


def _trust(ca_file: str, *, is_needed: bool) -> ssl.SSLContext:
    """Trust the certificates of the file, else the system's; loading them takes long, and http needs none.

    SSL_CERT_FILE and SSL_CERT_DIR count as little as any other variable.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if not is_needed:
        return context
    try:
        for path in (ca_file,) if ca_file else _system_certificates():
            context.load_verify_locations(**{"capath" if Path(path).is_dir() else "cafile": path})
    except (OSError, ValueError) as error:
        raise UsageError(
            f"the certificates cannot be read: {getattr(error, 'strerror', None) or error}",
            where="target.ca_file",
            fix="give a PEM file",
        ) from None
    return context


def _system_certificates() -> tuple[str, ...]:
    paths = ssl.get_default_verify_paths()
    return tuple(path for path in (paths.openssl_cafile, paths.openssl_capath) if Path(path).exists())
