"""A receiver on FastAPI: pydantic reads bodies as kindly as it does, the last result stands, answers have a body."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from pydantic import BaseModel, ValidationError

from tests.receivers.place import Place
from tests.servers.hosting import HOST, in_uvicorn, unheard


class _Error(BaseModel):
    id: str


class _Callback(BaseModel):
    result_code: int
    uuid: str | None = None
    error: _Error | None = None


def application() -> FastAPI:
    """Return an application that keeps what it is told in memory."""
    app = FastAPI(openapi_url=None)
    calls: dict[str, dict[str, Any]] = {}

    @app.post("/crm/{team}/calls/{case}/finished")
    async def finished(team: str, case: str, request: Request) -> dict[str, str]:
        try:
            told = _Callback.model_validate_json(await request.body())
        except ValidationError:
            raise HTTPException(422, "this is no result") from None
        if told.result_code == 0 and not told.uuid:
            raise HTTPException(422, "a success names its channel")
        outcome = "answered" if told.result_code == 0 else "not-answered"
        calls[case] = {"outcome": outcome, "uuid": (told.uuid or "").lower(), "team": team}
        return {"thanks": "for calling"}

    @app.get("/crm/calls/{case}")
    async def call(case: str) -> dict[str, Any]:
        return calls.get(case, {"outcome": "pending"})

    return app


@contextlib.contextmanager
def served() -> Iterator[Place]:
    """The application answers where the place says."""
    # Starlette raises on a sender who hangs up, and uvicorn tells of it at length.
    with unheard("uvicorn.error"), in_uvicorn(application()) as port:
        base = f"http://{HOST}:{port}/crm"
        yield Place(url=f"{base}/sales/calls/{{case}}/finished", observer_url=f"{base}/calls/{{case}}")
