"""The way to a target: one request goes out through the gate, once, and what came of it is data."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from basix_contract.errors import UsageError
from basix_contract.messages import Request, Response

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
        """Ask the gate about exactly what is about to leave, then send it."""
        body = await request.aread()
        headers = tuple(request.headers.multi_items())
        target = request.url.raw_path.decode("ascii")
        self._gate.ensure_admitted(str(request.url), Request(request.method, target, headers, body))
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        """Close the transport underneath."""
        await self._inner.aclose()


class Sender:
    """Sends requests to one target, each once.

    It reads nothing from the environment (no proxy, no `.netrc`), follows no redirect, keeps no connection and
    never retries: a kept connection that the server has just closed could not be told from a lost reply.
    """

    def __init__(self, gate: Gate, *, ca_file: str = "", inner: httpx.AsyncBaseTransport | None = None) -> None:
        carrier = inner or httpx.AsyncHTTPTransport(
            verify=_trust(ca_file), trust_env=False, retries=0, limits=httpx.Limits(max_keepalive_connections=0)
        )
        self._client = httpx.AsyncClient(
            transport=GateTransport(gate, carrier),
            timeout=None,  # noqa: S113 - `send` bounds each exchange as a whole
            trust_env=False,
            follow_redirects=False,
        )

    async def send(
        self, method: str, url: str, headers: Headers, body: bytes | None, *, timeout_s: float
    ) -> Response | Silence:
        """Return the reply that came within `timeout_s`, or why none did.

        Raises GateRefusal when the gate does not let it pass; nothing was sent then.
        """
        request = self._client.build_request(method, url, headers=_encoded(headers), content=body)
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
        await self._client.aclose()

    async def _exchange(self, request: httpx.Request) -> Response:
        reply = await self._client.send(request, stream=True)
        body = bytearray()
        try:
            async for piece in reply.aiter_raw():
                body += piece
                if len(body) > _MOST_REPLY_BYTES:
                    break
        finally:
            await reply.aclose()
        return Response(reply.status_code, tuple(reply.headers.multi_items()), bytes(body))


def _encoded(headers: Headers) -> list[tuple[bytes, bytes]]:
    """Spell field values in UTF-8: a domain or token need not be ASCII (RFC 7617)."""
    return [(name.encode("ascii"), value.encode("utf-8")) for name, value in headers]


def _trust(ca_file: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file or None)
    except OSError as error:
        raise UsageError(
            f"the certificates cannot be read: {error.strerror or error}", where="target.ca_file", fix="give a PEM file"
        ) from None
