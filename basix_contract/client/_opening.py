"""The HTTP client underneath: the one we open ourselves, and what one has to offer that is handed in."""

from __future__ import annotations

import ssl
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any, Protocol

from basix_contract.client._settings import Settings
from basix_contract.errors import UsageError

if TYPE_CHECKING:
    import httpx


class HttpClient(Protocol):
    """An `httpx.Client`, an `httpx2.Client`, or what can stand in for one."""

    @property
    def is_closed(self) -> bool:
        """Tell whether it can send no more."""
        ...

    def build_request(self, method: str, url: Any, *, content: Any, headers: Any, extensions: Any) -> Any:
        """Return a request."""

    def send(self, request: Any, *, stream: bool, auth: None, follow_redirects: bool) -> Any:
        """Send it, and return the reply, its body unread."""

    def close(self) -> None:
        """Close every connection."""


class AsyncHttpClient(Protocol):
    """An `httpx.AsyncClient`, an `httpx2.AsyncClient`, or what can stand in for one."""

    @property
    def is_closed(self) -> bool:
        """Tell whether it can send no more."""
        ...

    def build_request(self, method: str, url: Any, *, content: Any, headers: Any, extensions: Any) -> Any:
        """Return a request."""

    async def send(self, request: Any, *, stream: bool, auth: None, follow_redirects: bool) -> Any:
        """Send it, and return the reply, its body unread."""

    async def aclose(self) -> None:
        """Close every connection."""


def open_http(settings: Settings) -> httpx.Client:
    """Return a client that reads nothing from the environment, keeps no connection and no cookie."""
    import httpx  # noqa: PLC0415 - who hands in a client of another kind does without this library

    return httpx.Client(
        verify=_trust(settings),
        trust_env=False,
        follow_redirects=False,
        cookies=_no_cookies(),
        limits=httpx.Limits(max_keepalive_connections=0),
    )


def open_async_http(settings: Settings) -> httpx.AsyncClient:
    """Return the same for asynchronous use."""
    import httpx  # noqa: PLC0415 - who hands in a client of another kind does without this library

    return httpx.AsyncClient(
        verify=_trust(settings),
        trust_env=False,
        follow_redirects=False,
        cookies=_no_cookies(),
        limits=httpx.Limits(max_keepalive_connections=0),
    )


def _no_cookies() -> CookieJar:
    return CookieJar(DefaultCookiePolicy(allowed_domains=()))


def _trust(settings: Settings) -> ssl.SSLContext:
    """Verify the PBX's certificate; plain http needs no authorities, and loading them takes long."""
    if not settings.is_https:
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if not settings.ca_file:
        import httpx  # noqa: PLC0415 - who hands in a client of another kind does without this library

        return httpx.create_ssl_context(trust_env=False)
    try:
        return ssl.create_default_context(cafile=settings.ca_file)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no PEM file"
        raise UsageError(
            f"the certificates cannot be read: {reason}", where="target.ca_file", fix="give a PEM file"
        ) from None
