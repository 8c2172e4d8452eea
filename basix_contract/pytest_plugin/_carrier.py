"""Brings a callback to its receiver: an application in this process, or whatever listens on this machine."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlsplit

from basix_contract.errors import BasixContractError, TargetUnreachable
from basix_contract.messages import Headers, Request, Response
from basix_contract.mock import Delivery, Settings
from basix_contract.profile import open_client, send_exactly
from basix_contract.pytest_plugin._apps import ask_asgi, ask_wsgi, is_asgi

_TIMEOUT_S = 10.0


def request_for(url: str, method: str, headers: Headers, body: bytes) -> Request:
    """Return the request that goes to a URL."""
    place = urlsplit(url)
    return Request(method, (place.path or "/") + (f"?{place.query}" if place.query else ""), headers, body)


async def hand_over(app: Any, url: str, request: Request) -> Response:
    """Return what an application in this process answers, as if it were served at the URL."""
    place = urlsplit(url)
    origin = f"{place.scheme}://{place.netloc}"
    if is_asgi(app):
        return await ask_asgi(app, request, origin)
    return await asyncio.to_thread(ask_wsgi, app, request, origin)


async def post(url: str, request: Request) -> Response:
    """Return what is answered at a URL on this machine; raises TargetUnreachable when nobody answers."""
    async with open_client(timeout_s=_TIMEOUT_S) as client:
        return await send_exactly(client, request.method, url, request.headers, request.body, timeout_s=_TIMEOUT_S)


class AppSender:
    """Sends the mock's callbacks over HTTP, or to `app` once there is one."""

    def __init__(self, settings: Settings) -> None:
        self.app: Any = None
        self._client = open_client(
            timeout_s=settings.callback_timeout_s,
            allows_remote=settings.allow_remote_callbacks,
            verifies_tls=settings.callback_verifies_tls,
        )

    async def send(self, delivery: Delivery) -> Response:
        """Send one callback; raises TargetUnreachable when it is not answered, or the application fails over it."""
        url, method, headers, body = delivery.url, delivery.method, delivery.headers, delivery.body
        if self.app is None:
            return await send_exactly(self._client, method, url, headers, body, timeout_s=delivery.timeout_s)
        try:
            return await hand_over(self.app, url, request_for(url, method, headers, body))
        except BasixContractError:
            raise
        except Exception as error:
            raise TargetUnreachable(f"the application raised {type(error).__name__}: {error}") from error

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()
