"""Sending callbacks: one POST, byte for byte to the URL as given, with a time limit, no redirects."""

from __future__ import annotations

from typing import Protocol

from basix_contract.messages import Response
from basix_contract.mock._exchange import Delivery
from basix_contract.mock._settings import Settings
from basix_contract.profile import open_client, send_exactly


class Sender(Protocol):
    """Whoever brings callbacks to their receivers."""

    async def send(self, delivery: Delivery) -> Response:
        """Send one callback and return the receiver's answer.

        Raises TargetUnreachable when none came, GateRefusal when the host may not be sent to.
        """
        ...

    async def aclose(self) -> None:
        """Let go of whatever is held open."""
        ...


class HttpSender:
    """Sends callbacks over HTTP: to this machine only, unless the settings allow others."""

    def __init__(self, settings: Settings) -> None:
        self._client = open_client(
            timeout_s=settings.callback_timeout_s,
            allows_remote=settings.allow_remote_callbacks,
            verifies_tls=settings.callback_verifies_tls,
        )

    async def send(self, delivery: Delivery) -> Response:
        """Send the callback; `after_s` is the caller's to wait for."""
        return await send_exactly(
            self._client, delivery.method, delivery.url, delivery.headers, delivery.body, timeout_s=delivery.timeout_s
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()
