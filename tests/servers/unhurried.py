"""Takes its time: calls accepted after 0.3 s, and callbacks most of the grace after the hunt's end.

Starlette with a class for the endpoint, on uvicorn; replies are compressed for who takes that; callbacks by httpx.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import itertools
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import uuid4

import httpx
from starlette.applications import Starlette
from starlette.endpoints import HTTPEndpoint
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route

from basix_contract.profile import User
from tests.servers.directory import GROUP_SELECTORS, LONGEST_S, USER_SELECTORS, Directory
from tests.servers.hosting import HOST, in_uvicorn

REPLY_AFTER_S = 0.3
GRACE_SHARE = 0.7


@contextlib.contextmanager
def unhurried(directory: Directory, *, slow_every: int = 1) -> Iterator[str]:
    """The server runs at the base URL yielded; of the calls it accepts one in so many is slow."""
    desk = _Desk(directory, slow_every)
    app = Starlette(
        routes=[Mount("/basix", routes=[Route("/api/call_user", CallUser)])],
        middleware=[Middleware(GZipMiddleware, minimum_size=40)],
        lifespan=desk.lifespan,
    )
    app.state.desk = desk
    with in_uvicorn(app) as port:
        yield f"http://{HOST}:{port}/basix/api"


class CallUser(HTTPEndpoint):
    """The method; Starlette answers 405 for every verb that has no function here."""

    async def post(self, request: Request) -> Response:
        """Place a call, or say why not."""
        desk: _Desk = request.app.state.desk
        body = await request.body()
        if not desk.admits(request.headers.get("authorization", "")):
            return PlainTextResponse("who are you?", 403)
        try:
            call = _Call.from_json(desk.directory, body)
        except (LookupError, _Refused) as refused:
            return _envelope(404 if isinstance(refused, LookupError) else 400, refused.args[0])
        except (ValueError, RecursionError):
            return _envelope(400, "bad_json")
        if call.user.outcome == "limited":
            return _envelope(200, "channel_limit_reached")
        if next(desk.calls) % desk.slow_every == 0:
            call.callback_delay_s = GRACE_SHARE * desk.directory.profile.callback.grace_s
            await asyncio.sleep(REPLY_AFTER_S)
        desk.ring(call)
        return JSONResponse({"result_code": 0, "uuids": call.uuids})


class _Refused(Exception):
    """Said to the caller as an error id."""


class _Call:
    """A call that may be placed, its members checked one by one."""

    def __init__(self, directory: Directory, asked: dict[str, Any]) -> None:
        self.callback_delay_s = 0.0
        self.user = _find(directory, asked)
        self.timeout_s = _timeout(asked.pop("answer_timeout", None))
        self.callback_url = _url(asked.pop("callback_url", None))
        self.uuids = [str(uuid4()) for _ in range(directory.legs(self.user))]
        _check_group(directory, asked)
        _check_destination(asked)
        if not isinstance(asked.get("auto_answer", False), bool):
            raise _Refused("auto_answer_is_no_boolean")
        if not isinstance(asked.get("calling_name", ""), str):
            raise _Refused("calling_name_is_no_text")

    @classmethod
    def from_json(cls, directory: Directory, body: bytes) -> _Call:
        asked = json.loads(body.decode("utf-8"))
        if not isinstance(asked, dict):
            raise _Refused("no_object")
        return cls(directory, asked)


class _Desk:
    def __init__(self, directory: Directory, slow_every: int) -> None:
        self.directory = directory
        self.slow_every = slow_every
        self.calls = itertools.count()
        self._http: httpx.AsyncClient
        self._tasks: set[asyncio.Task[None]] = set()

    @contextlib.asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        async with httpx.AsyncClient(trust_env=False, timeout=5) as self._http:
            yield
            for task in tuple(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def admits(self, authorization: str) -> bool:
        try:
            shown = base64.b64decode(authorization.removeprefix("Basic "), validate=True)
        except ValueError:
            return False
        domain, token = self.directory.credentials
        return authorization.startswith("Basic ") and shown == f"{domain}:{token}".encode()

    def ring(self, call: _Call) -> None:
        """Only now do the terminals ring: the reply is on its way."""
        if call.callback_url:
            task = asyncio.create_task(self._report(call, call.callback_url))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _report(self, call: _Call, url: str) -> None:
        hunt = self.directory.hunt(call.user, call.timeout_s)
        await asyncio.sleep(hunt.after_s + call.callback_delay_s)
        told = {"error": {"id": f"call_{hunt.cause}"}, "result_code": 500}
        if not hunt.cause:
            told = {"uuid": call.uuids[0], "result_code": 0}
        with contextlib.suppress(httpx.HTTPError, httpx.InvalidURL):
            await self._http.post(url, json=told)


def _envelope(status: int, id_: str) -> Response:
    return JSONResponse({"result_code": 500, "error": {"id": id_}}, status)


def _find(directory: Directory, asked: dict[str, Any]) -> User:
    for name in USER_SELECTORS:
        user = directory.user(name, asked.get(name))
        if user:
            return user
    raise LookupError("unknown_user")


def _check_group(directory: Directory, asked: dict[str, Any]) -> None:
    given = [name for name in GROUP_SELECTORS if name in asked and asked[name] != ""]
    if any(directory.group(name, asked[name]) is None for name in given):
        raise LookupError("unknown_group")
    if "group_resolver" in asked and asked["group_resolver"] not in ("*", "any:CALL_CENTER"):
        raise _Refused("unknown_group_resolver")


def _check_destination(asked: dict[str, Any]) -> None:
    match asked.get("destination"):
        case str(text) if text.strip():
            return
        case {"called_number": str(number), **rest} if number.strip():
            if set(rest) - {"calling_number", "end_user"}:
                raise _Refused("unknown_destination_member")
            if not isinstance(rest.get("end_user", {}), dict):
                raise _Refused("end_user_is_no_object")
        case _:
            raise _Refused("no_destination")


def _timeout(value: Any) -> float:
    if value is None:
        return LONGEST_S
    if type(value) is not int or value < 1:
        raise _Refused("answer_timeout_is_no_positive_integer")
    return min(value, 10 * LONGEST_S)


def _url(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _Refused("callback_url_is_no_text")
    try:
        url = httpx.URL(value)
    except httpx.InvalidURL:
        raise _Refused("callback_url_is_no_url") from None
    if url.scheme not in ("http", "https") or not url.host:
        raise _Refused("callback_url_is_no_url")
    return value
