"""The receiver as a WSGI application: runs by itself, or mounted in Flask or Django."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, TypeAlias

from basix_contract.client.callbacks._inbox import Inbox
from basix_contract.client.callbacks._judging import refusal
from basix_contract.messages import Request, Response

Environ: TypeAlias = dict[str, Any]
StartResponse: TypeAlias = Callable[..., Any]

_PIECE_BYTES = 16_384


class WsgiFace:
    """Takes callbacks over WSGI. The handler runs in a thread of ours, while the server goes on to other work."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        answer = self._serve(environ)
        body = b"" if environ["REQUEST_METHOD"] == "HEAD" else answer.body
        status = HTTPStatus(answer.status)
        fields = [*answer.headers, ("Content-Length", str(len(answer.body)))] if answer.body else [*answer.headers]
        start_response(f"{status.value} {status.phrase}", fields)
        return [body]

    def _serve(self, environ: Environ) -> Response:
        length = environ.get("CONTENT_LENGTH") or ""
        head = Request(environ["REQUEST_METHOD"], environ.get("PATH_INFO", ""), (("Content-Length", length),))
        admitted = self._inbox.admit(head)
        if isinstance(admitted, Response):
            return admitted
        body = _read(environ, length, self._inbox.max_body_bytes)
        return body if isinstance(body, Response) else self._inbox.take(admitted, body).answer


def _read(environ: Environ, length: str, max_body_bytes: int) -> bytes | Response:
    """Return the body, of one that is too long a little more than allowed; or why it cannot be read.

    Without a length the end is known only where the server says that it marks it (`wsgi.input_terminated`).
    """
    if not length and environ.get("HTTP_TRANSFER_ENCODING") and not environ.get("wsgi.input_terminated"):
        return refusal(HTTPStatus.LENGTH_REQUIRED, "send the callback with a Content-Length")
    wanted = int(length or 0)
    if not length and environ.get("wsgi.input_terminated"):
        wanted = max_body_bytes + 1
    body = bytearray()
    try:
        while len(body) < wanted:
            piece = environ["wsgi.input"].read(min(wanted - len(body), _PIECE_BYTES))
            if not piece:
                break
            body += piece
    except Exception:  # noqa: BLE001 - every server has errors of its own for a sender that went away
        return refusal(HTTPStatus.BAD_REQUEST, "the body broke off")
    return bytes(body)
