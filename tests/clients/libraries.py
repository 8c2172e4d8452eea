"""Clients that keep the contract, each with another HTTP library."""

from __future__ import annotations

import json
import socket
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import TYPE_CHECKING, Any

import requests

from tests.defects.clients.small import NoReply, Reply, SmallClient

if TYPE_CHECKING:
    from email.message import Message
    from typing import IO

    Call = dict[str, Any]


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows nothing: urllib would carry the credentials along."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        """Stay."""


class UrllibClient(SmallClient):
    """Calls with urllib."""

    _opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)

    def send(self, call: Call, url: str, fields: dict[str, str], body: bytes) -> Reply:
        """Send one request."""
        request = urllib.request.Request(url, body, fields, method="POST")  # noqa: S310 - the kit's own URL
        try:
            with self._opener.open(request, timeout=call["timeout_s"]) as response:
                return Reply(response.status, {}, response.read())
        except urllib.error.HTTPError as error:
            with error:
                return Reply(error.code, {}, error.read())
        except urllib.error.URLError as error:
            raise error.reason if isinstance(error.reason, OSError) else HTTPException(error.reason) from error


class RequestsClient(SmallClient):
    """Calls with requests, the connections of one session shared by all."""

    def __init__(self) -> None:
        self._session = requests.Session()
        self._session.trust_env = False

    def send(self, call: Call, url: str, fields: dict[str, str], body: bytes) -> Reply:
        """Send one request."""
        kind = {"Content-Type": fields["Content-Type"]}
        credentials = (call["domain"].encode(), call["token"].encode())
        try:
            response = self._session.post(
                url, body, headers=kind, auth=credentials, timeout=call["timeout_s"], allow_redirects=False
            )
        except requests.exceptions.ConnectTimeout as error:
            raise ConnectionRefusedError from error
        except requests.RequestException as error:
            raise NoReply from error
        return Reply(response.status_code, {}, response.content)


class SocketClient(SmallClient):
    """Speaks HTTP/1.0 over a bare socket, field names in small letters, each on a connection of its own."""

    def send(self, call: Call, url: str, fields: dict[str, str], body: bytes) -> Reply:
        """Send one request, and read until the connection ends or the reply is whole."""
        host, _, path = url.removeprefix("http://").partition("/")
        head = [f"POST /{path} HTTP/1.0", f"host: {host}", f"content-length: {len(body)}", "connection: close"]
        head += [f"{name.lower()}: {value}" for name, value in fields.items()]
        name, _, port = host.partition(":")
        with socket.create_connection((name, int(port)), timeout=call["timeout_s"]) as connection:
            connection.sendall("\r\n".join([*head, "", ""]).encode() + body)
            return _read_all(connection)


def _read_all(connection: socket.socket) -> Reply:
    raw = b""
    while not _is_whole(raw) and (piece := connection.recv(65_536)):
        raw += piece
    head, _, body = raw.partition(b"\r\n\r\n")
    words = head.split(b"\r\n")[0].split(b" ")
    if not head.startswith(b"HTTP/") or not words[1].isdigit() or not _ends_well(head, body):
        raise NoReply
    return Reply(int(words[1]), {}, _joined(body) if b"chunked" in head else body)


def _is_whole(raw: bytes) -> bool:
    head, found, body = raw.partition(b"\r\n\r\n")
    length = _length(head)
    return bool(found) and (
        body.endswith(b"0\r\n\r\n") if b"chunked" in head else length is not None and len(body) >= length
    )


def _ends_well(head: bytes, body: bytes) -> bool:
    length = _length(head)
    if b"chunked" in head:
        return body.endswith(b"0\r\n\r\n")
    return length is None or len(body) == length


def _length(head: bytes) -> int | None:
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
    return int(fields[b"content-length"]) if b"content-length" in fields else None


def _joined(body: bytes) -> bytes:
    found = b""
    while True:
        size, _, body = body.partition(b"\r\n")
        if not int(size, 16):
            return found
        found, body = found + body[: int(size, 16)], body[int(size, 16) + 2 :]


class ChunkedClient(SmallClient):
    """Sends its body in chunks, and waits to be told that it may."""

    def send(self, call: Call, url: str, fields: dict[str, str], body: bytes) -> Reply:
        """Send one request."""
        host, _, path = url.removeprefix("http://").partition("/")
        name, _, port = host.partition(":")
        lines = [f"POST /{path} HTTP/1.1", f"Host: {host}", "Transfer-Encoding: chunked", "Expect: 100-continue"]
        lines += [f"{key}: {value}" for key, value in fields.items()]
        with socket.create_connection((name, int(port)), timeout=call["timeout_s"]) as connection:
            connection.sendall("\r\n".join([*lines, "", ""]).encode())
            if not connection.recv(65_536).startswith(b"HTTP/1.1 100"):
                raise NoReply
            for start in range(0, len(body), 16):
                piece = body[start : start + 16]
                connection.sendall(b"%x;a=b\r\n%s\r\n" % (len(piece), piece))
            connection.sendall(b"0\r\n\r\n")
            return _read_all(connection)


class PrettyClient(SmallClient):
    """Writes its body on many lines, sorted, in ASCII, and labels it with a charset."""

    media_type = "Application/JSON; Charset=UTF-8"

    def encode(self, body: Any) -> bytes:
        """Return the body as bytes."""
        return json.dumps(body, indent=2, sort_keys=True).encode()
