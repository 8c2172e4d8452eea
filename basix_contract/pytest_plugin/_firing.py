"""Fires callbacks as a PBX would, good and odd ones, at an application in this process or at a URL."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from basix_contract.errors import UsageError
from basix_contract.messages import Headers, Response
from basix_contract.pytest_plugin._carrier import hand_over, post, request_for

Answer = TypeVar("Answer")

_JSON: Headers = (("Content-Type", "application/json"),)
_LARGE_BYTES = 3_000_000


@dataclass(frozen=True, slots=True)
class _Odd:
    """A callback as it is sent: its body, and where it differs its fields, its method, and the end of its URL."""

    body: bytes
    headers: Headers = _JSON
    method: str = "POST"
    url_end: str = ""


def _json(**members: Any) -> bytes:
    return json.dumps(members).encode("ascii")


_UUID = "ede7b23e-c172-445e-832e-963b11ba2b96"
_BUSY = _json(result_code=500, error={"id": "busy"})

# What a receiver must take: the contract has it, or leaves it open.
_LEGAL: dict[str, _Odd] = {
    "extra-members": _Odd(_json(result_code=0, uuid=_UUID, api_version="3", detail={"leg": 1})),
    "members-turned": _Odd(b'{ "uuid" : "\\u0065' + _UUID[1:].encode() + b'",\n "result_code":0 }'),
    "upper-case-uuid": _Odd(_json(result_code=0, uuid=_UUID.upper())),
    "error-never-seen": _Odd(_json(result_code=500, error={"id": "phase_of_the_moon", "description": "full"})),
    "other-code": _Odd(_json(result_code=486, error={"id": "busy"})),
    "charset": _Odd(_BUSY, (("Content-Type", "application/json; charset=utf-8"),)),
    "other-content-type": _Odd(_BUSY, (("Content-Type", "application/x-www-form-urlencoded"),)),
    "no-content-type": _Odd(_BUSY, ()),
    "slash-at-the-end": _Odd(_BUSY, url_end="/"),
    "query-at-the-end": _Odd(_BUSY, url_end="?retry=1"),
}
# What a receiver must refuse with a 4xx, or at least get over without a 5xx.
_JUNK: dict[str, _Odd] = {
    "empty": _Odd(b""),
    "not-json": _Odd(b"result_code=0&uuid=" + _UUID.encode()),
    "not-utf8": _Odd(b'{"result_code":0,"uuid":"\xff"}'),
    "cut-short": _Odd(b'{"result_code":0,"uu'),
    "not-an-object": _Odd(b"[0]"),
    "no-result": _Odd(b"{}"),
    "success-without-uuid": _Odd(_json(result_code=0)),
    "error-without-id": _Odd(_json(result_code=500)),
    "wrong-types": _Odd(_json(result_code="0", uuid=7)),
    "nested-deep": _Odd(b"[" * 50_000),
    "too-large": _Odd(_json(result_code=0, uuid=_UUID, padding="x" * _LARGE_BYTES)),
    "other-method": _Odd(_BUSY, method="PUT"),
}


class Firer(Generic[Answer]):
    """Fires callbacks at one receiver, and gives back what it answers: status, headers and body."""

    # Kinds for `odd`: those a receiver must take, and those it must refuse.
    LEGAL = tuple(_LEGAL)
    JUNK = tuple(_JUNK)

    def __init__(self, fire: Callable[[str, _Odd], Answer]) -> None:
        self._fire = fire

    def answered(self, url: str, *, uuid: str = "") -> Answer:
        """Tell this callback URL that the user picked up; without `uuid` one is made up."""
        return self._fire(url, _Odd(_json(result_code=0, uuid=uuid or _new_uuid())))

    def not_answered(self, url: str, *, error_id: str = "no_answer", result_code: int = 500) -> Answer:
        """Tell this callback URL that the user did not pick up, and why."""
        return self._fire(url, _Odd(_json(result_code=result_code, error={"id": error_id})))

    def odd(self, kind: str, url: str) -> Answer:
        """Send one of the kinds of `LEGAL` or `JUNK`; raises UsageError for any other."""
        found = _LEGAL.get(kind) or _JUNK.get(kind)
        if found is None:
            raise UsageError(
                f"no callback is odd in the way of {kind!r}", fix=f"take one of {', '.join(_LEGAL | _JUNK)}"
            )
        return self._fire(url, found)

    def raw(self, url: str, body: bytes, *, headers: Headers = _JSON, method: str = "POST") -> Answer:
        """Send exactly these bytes."""
        return self._fire(url, _Odd(body, headers, method))


class Callbacks:
    """Makes firers of callbacks."""

    def to(self, app: Any = None) -> Firer[Response]:
        """Return a firer at an ASGI or WSGI application, or without one at whatever listens on this machine.

        For tests that are no coroutines. What the application raises goes through to the test. Its lifespan is not
        run.
        """

        def fire(url: str, odd: _Odd) -> Response:
            return _outside_a_loop(_send(app, url, odd))

        return Firer(fire)

    def to_async(self, app: Any = None) -> Firer[Awaitable[Response]]:
        """Return the same for tests that are coroutines: the application runs in the loop of the test."""

        def fire(url: str, odd: _Odd) -> Awaitable[Response]:
            return _send(app, url, odd)

        return Firer(fire)


async def _send(app: Any, url: str, odd: _Odd) -> Response:
    url += odd.url_end
    headers = (*odd.headers, ("Content-Length", str(len(odd.body))))
    if app is None:
        return await post(url, request_for(url, odd.method, odd.headers, odd.body))
    return await hand_over(app, url, request_for(url, odd.method, headers, odd.body))


def _outside_a_loop(sending: Any) -> Response:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        response: Response = asyncio.run(sending)
        return response
    sending.close()
    raise UsageError(
        "this test is a coroutine", where="basix_callbacks.to", fix="use to_async, and await what it gives"
    )


def _new_uuid() -> str:
    return str(uuid.uuid4())
