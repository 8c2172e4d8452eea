"""The way out for HTTP: bytes leave for allowed hosts only, and leave exactly as they were given."""

from __future__ import annotations

import asyncio
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from ssl import SSLContext

import httpx

from basix_contract.errors import GateRefusal, TargetUnreachable
from basix_contract.messages import Headers, Response
from basix_contract.profile._hosts import is_loopback

# An answer is looked at, never used: what lies beyond this many bytes is left unread.
_MAX_ANSWER_BYTES = 65_536


class LoopbackTransport(httpx.AsyncBaseTransport):
    """Hands requests for this machine to another transport; every other is refused before a byte is sent.

    Raises GateRefusal, also for a name that would have to be looked up first.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request when its host is this machine."""
        if not is_loopback(request.url.host):
            raise GateRefusal(
                "loopback",
                f"{request.url.host!r} is not this machine",
                fix="use a URL on 127.0.0.1, [::1] or localhost",
            )
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        """Close the transport underneath."""
        await self._inner.aclose()


class _LazyTlsTransport(httpx.AsyncBaseTransport):
    """Loads the trusted certificates when https is first asked for: that takes longer than a whole call."""

    def __init__(self, *, verifies_tls: bool) -> None:
        self._verifies_tls = verifies_tls
        self._plain = _transport(verifies_tls=False)
        self._secure: httpx.AsyncHTTPTransport | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.scheme != "https":
            return await self._plain.handle_async_request(request)
        if self._secure is None:
            self._secure = _transport(verifies_tls=self._verifies_tls)
        return await self._secure.handle_async_request(request)

    async def aclose(self) -> None:
        await self._plain.aclose()
        if self._secure is not None:
            await self._secure.aclose()


def open_client(*, timeout_s: float, allows_remote: bool = False, verifies_tls: bool = True) -> httpx.AsyncClient:
    """Return a client that reads nothing from the environment, follows no redirect, keeps no connection or cookie.

    `timeout_s` bounds each step of an exchange. Unless `allows_remote`, only this machine is reached.
    """
    inner = _LazyTlsTransport(verifies_tls=verifies_tls)
    return httpx.AsyncClient(
        transport=inner if allows_remote else LoopbackTransport(inner),
        timeout=timeout_s,
        trust_env=False,
        follow_redirects=False,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
    )


async def send_exactly(
    client: httpx.AsyncClient, method: str, url: str, headers: Headers, body: bytes, *, timeout_s: float
) -> Response:
    """Send to this URL with its path and query byte for byte; return what was answered within `timeout_s`.

    Raises TargetUnreachable when no answer came, GateRefusal when the host is not allowed. User name and
    password in the URL are not sent; a fragment never is.
    """
    try:
        async with asyncio.timeout(timeout_s):
            return await _exchange(client, _request(client, method, url, headers, body))
    except TimeoutError:
        raise TargetUnreachable(f"no answer within {timeout_s:g} s") from None
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise TargetUnreachable(f"{type(error).__name__}: {error}") from None


async def _exchange(client: httpx.AsyncClient, request: httpx.Request) -> Response:
    answer = await client.send(request, stream=True)
    body = b""
    try:
        async for piece in answer.aiter_raw():
            body += piece
            if len(body) >= _MAX_ANSWER_BYTES:
                break
    finally:
        await answer.aclose()
    return Response(answer.status_code, tuple(answer.headers.multi_items()), body[:_MAX_ANSWER_BYTES])


def _request(client: httpx.AsyncClient, method: str, url: str, headers: Headers, body: bytes) -> httpx.Request:
    """Keep the target as it stands: a parsed URL would come out normalised."""
    origin, target = _split(url)
    return client.build_request(
        method,
        origin,
        headers=[*headers, ("Connection", "close")],
        content=body,
        extensions={"target": target.encode("ascii"), "timeout": client.timeout.as_dict()},
    )


def _split(url: str) -> tuple[str, str]:
    scheme, _, rest = url.partition("://")
    rest = rest.partition("#")[0]
    end = min((at for at in (rest.find("/"), rest.find("?")) if at >= 0), default=len(rest))
    authority, target = rest[:end], rest[end:]
    host = authority.rpartition("@")[2]
    return f"{scheme}://{host}/", target if target.startswith("/") else f"/{target}"


def _transport(*, verifies_tls: bool) -> httpx.AsyncHTTPTransport:
    return httpx.AsyncHTTPTransport(
        verify=_tls(verifies_tls=verifies_tls),
        trust_env=False,
        limits=httpx.Limits(max_keepalive_connections=0),
    )


@cache
def _tls(*, verifies_tls: bool) -> SSLContext:
    return httpx.create_ssl_context(verify=verifies_tls, trust_env=False)
