"""The read-out over HTTP, under `/_mock/`: what was asked, who rang, what was told. Not in the contract."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from basix_contract.mock._behaviour import World
from basix_contract.mock._pbx import Pbx
from basix_contract.mock._records import directory_json, read_calls
from basix_contract.mock._try import try_routes


class ReadOut:
    """Answers the questions a test or a person asks about a running mock."""

    def __init__(self, world: World, pbx: Pbx, facts: dict[str, Any]) -> None:
        self._world = world
        self._pbx = pbx
        self._facts = facts

    def routes(self) -> BaseRoute:
        """Return the routes, to stand beside those of the method."""
        return Mount(
            "/_mock",
            routes=[
                Route("/calls", self.calls),
                Route("/events", self.events),
                Route("/directory", self.directory),
                Route("/settings", self.settings),
                Route("/reset", self.reset, methods=["POST"]),
                *try_routes(),
            ],
        )

    async def calls(self, _request: Request) -> Response:
        """Answer with every call: its request, legs, result and callbacks."""
        return _json({"calls": [record.as_json() for record in read_calls(self._world.state)]})

    async def events(self, _request: Request) -> Response:
        """Answer with everything that happened, in order, refused requests as well."""
        return _json({"events": [dataclasses.asdict(event) for event in tuple(self._world.state.events)]})

    async def directory(self, _request: Request) -> Response:
        """Answer with the directory, without its token."""
        return _json(directory_json(self._world.directory))

    async def settings(self, _request: Request) -> Response:
        """Answer with the readings this mock takes, its seed and its defects."""
        return _json({**self._facts, "settings": dataclasses.asdict(self._world.settings)})

    async def reset(self, _request: Request) -> Response:
        """Break off every call and forget it."""
        await self._pbx.reset()
        return _json({"calls": []})


def _json(value: Any) -> Response:
    return Response(json.dumps(value, default=str).encode("ascii"), media_type="application/json")
