"""A PBX that is a function: it keeps every request, and answers what it is told to."""

from __future__ import annotations

import json
from typing import Any

import httpx

from basix_contract.client import AsyncClient, Client
from tests.client.flavours import DOMAIN, TOKEN

BASE_URL = "https://pbx.example/basix/api"
SUCCESS = b'{"result_code": 0, "uuids": ["ede7b23e-c172-445e-832e-963b11ba2b96"]}'


class Recorder:
    """Takes the place of the network beneath a client."""

    def __init__(self, reply: bytes = SUCCESS, status: int = 200) -> None:
        self.requests: list[httpx.Request] = []
        self.reply = reply
        self.status = status

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Keep the request and answer it."""
        self.requests.append(request)
        return httpx.Response(self.status, content=self.reply)

    @property
    def bodies(self) -> list[Any]:
        """The body of each request."""
        return [json.loads(request.content) for request in self.requests]

    def client(self, **settings: Any) -> Client:
        """A client whose requests come here."""
        given = {"domain": DOMAIN, "token": TOKEN, "base_url": BASE_URL, **settings}
        return Client(http=httpx.Client(transport=httpx.MockTransport(self)), **given)

    def async_client(self, **settings: Any) -> AsyncClient:
        """The same for asynchronous use."""
        given = {"domain": DOMAIN, "token": TOKEN, "base_url": BASE_URL, **settings}
        return AsyncClient(http=httpx.AsyncClient(transport=httpx.MockTransport(self)), **given)
