"""The kit's own receivers, over ASGI and over WSGI: an application that places calls, and is told how they end."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Any

from werkzeug.serving import make_server

from basix_contract.client.callbacks import CallbackReceiver, CallbackUrl
from tests.defects.receiver_matrix import placing
from tests.receivers.place import Place
from tests.servers.hosting import HOST, in_thread, in_uvicorn, unheard

_SECRET = "only for tests, and long enough"


class _Desk:
    """Knows the callback URL of each call it places, and what the receiver holds the call for."""

    def __init__(self) -> None:
        self.receiver: CallbackReceiver

    def open(self, base: str) -> None:
        """Begin to serve below this base."""
        self.receiver = CallbackReceiver(CallbackUrl(f"{base}/hook", _SECRET))

    def answer(self, method: str, case: str) -> bytes:
        """Place a call, or tell how one ended."""
        return self.receiver.urls.for_call(case).encode() if method == "POST" else self._look(case)

    def _look(self, case: str) -> bytes:
        ended = self.receiver.result_of(case)
        uuid = getattr(ended.result, "uuid", None) if ended else None
        outcome = {"outcome": "answered" if uuid else "not-answered", "uuid": uuid}
        return json.dumps({"outcomes": [outcome] if ended else []}).encode()


def _place(base: str) -> Place:
    return Place(url_command=placing(base), observer_url=f"{base}/calls/{{case}}")


@contextlib.contextmanager
def served_over_asgi() -> Iterator[Place]:
    """The receiver's ASGI face answers where the place says."""
    desk = _Desk()

    async def application(scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Any) -> None:
        if not scope.get("path", "").startswith("/calls/"):
            await desk.receiver.asgi(scope, receive, send)
            return
        while (await receive()).get("more_body"):
            pass
        body = desk.answer(scope["method"], scope["path"].rpartition("/")[2])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    with unheard("uvicorn.error", "basix_contract"), in_uvicorn(application) as port:
        base = f"http://{HOST}:{port}"
        desk.open(base)
        yield _place(base)


@contextlib.contextmanager
def served_over_wsgi() -> Iterator[Place]:
    """The receiver's WSGI face answers where the place says."""
    desk = _Desk()

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if not environ["PATH_INFO"].startswith("/calls/"):
            return desk.receiver.wsgi(environ, start_response)
        start_response("200 OK", [("Content-Type", "application/json")])
        return [desk.answer(environ["REQUEST_METHOD"], environ["PATH_INFO"].rpartition("/")[2])]

    server = make_server(HOST, 0, application, threaded=True)
    desk.open(f"http://{HOST}:{server.server_port}")
    with unheard("werkzeug", "basix_contract"), in_thread(server) as port:
        yield _place(f"http://{HOST}:{port}")
