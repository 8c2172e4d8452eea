"""The client in every flavour: sync and async, by itself, and with an HTTP client of httpx or httpx2 handed in."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import httpx2

from basix_contract.client import AsyncClient, Client, SuccessReply

DOMAIN, TOKEN = "acme.example", "t0ken:with %\"marks'"
BOB: Mapping[str, Any] = {"user_name": "bob", "destination": "0312341234"}

Open = Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Flavour:
    """One way to use the client; `open_http` opens what is handed in, None where nothing is."""

    name: str
    is_async: bool
    open_http: Open | None = None

    def place(self, base_url: str, *calls: Mapping[str, Any], **settings: Any) -> list[SuccessReply | Exception]:
        """Place calls with one client, one after the other; return what each of them ended with."""
        calls = calls or (BOB,)
        if self.is_async:
            return asyncio.run(self._place_awaited(base_url, calls, settings))
        with _Handed(self.open_http) as http, self.client(base_url, http=http, **settings) as client:
            return [_ended(client, call) for call in calls]

    def client(self, base_url: str, **settings: Any) -> Any:
        """A client of this flavour."""
        kind = AsyncClient if self.is_async else Client
        return kind(base_url=base_url, **{"domain": DOMAIN, "token": TOKEN, **settings})

    async def _place_awaited(
        self, base_url: str, calls: tuple[Mapping[str, Any], ...], settings: dict[str, Any]
    ) -> list[SuccessReply | Exception]:
        async with _Handed(self.open_http) as http, self.client(base_url, http=http, **settings) as client:
            return [await _ended_awaited(client, call) for call in calls]


class _Handed:
    """What the application hands in and closes itself."""

    def __init__(self, open_http: Open | None) -> None:
        self._http = open_http() if open_http else None

    def __enter__(self) -> Any:
        return self._http

    def __exit__(self, *_: object) -> None:
        if self._http is not None:
            assert not self._http.is_closed
            self._http.close()

    async def __aenter__(self) -> Any:
        return self._http

    async def __aexit__(self, *_: object) -> None:
        if self._http is not None:
            assert not self._http.is_closed
            await self._http.aclose()


def _ended(client: Client, call: Mapping[str, Any]) -> SuccessReply | Exception:
    try:
        return client.call_user(**call)
    except Exception as error:  # noqa: BLE001 - what it is, the test says
        return error


async def _ended_awaited(client: AsyncClient, call: Mapping[str, Any]) -> SuccessReply | Exception:
    try:
        return await client.call_user(**call)
    except Exception as error:  # noqa: BLE001 - what it is, the test says
        return error


_TLS = ssl.create_default_context()  # loading the authorities takes longer than all else a test does


def _opening(kind: Callable[..., Any], **settings: Any) -> Open:
    return lambda: kind(trust_env=False, verify=_TLS, **settings)


FLAVOURS = (
    Flavour("sync", is_async=False),
    Flavour("async", is_async=True),
    Flavour("sync-httpx", is_async=False, open_http=_opening(httpx.Client, follow_redirects=True)),
    Flavour("async-httpx", is_async=True, open_http=_opening(httpx.AsyncClient, auth=("other", "user"))),
    Flavour("sync-httpx2", is_async=False, open_http=_opening(httpx2.Client, auth=("other", "user"))),
    Flavour("async-httpx2", is_async=True, open_http=_opening(httpx2.AsyncClient, follow_redirects=True)),
)
