"""What is known of a request that got no reply: was any of it sent?

Transports that can be traced (httpcore's, beneath httpx and httpx2) tell when the request itself begins to go out; of
any other only the errors that mean "never connected" prove that nothing was sent. All else counts as sent.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from time import monotonic
from typing import Any

_CONNECTED = (".connect_tcp.complete", ".start_tls.complete")
_STARTED = "send_request_headers.started"
_TUNNEL = b"CONNECT"
_LIBRARIES = frozenset({"httpx", "httpx2"})
_NEVER_CONNECTED = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout", "UnsupportedProtocol"})

# By the names that httpx and httpx2 share; what the errors say themselves may repeat what was received.
_REASONS = {
    "ConnectTimeout": "no connection in time",
    "PoolTimeout": "too many calls are being placed at once",
    "UnsupportedProtocol": "the URL is neither http nor https",
    "ProxyError": "the proxy gave no connection",
    "ReadTimeout": "no reply came in time",
    "WriteTimeout": "the request could not be sent in time",
    "ReadError": "the connection was lost before the reply was complete",
    "WriteError": "the connection was lost while sending",
    "CloseError": "the connection was lost while closing",
    "LocalProtocolError": "the request could not be written as HTTP",
    "RemoteProtocolError": "the connection was closed before a whole reply came, or what came is not HTTP",
    "DecodingError": "the reply could not be decoded",
    "TooManyRedirects": "the reply was a redirect",
    "HTTPStatusError": "a hook of the HTTP client stopped at the reply's status",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """No whole reply came. `cause` is set only for errors that are not the HTTP library's."""

    reason: str
    was_sent: bool
    cause: Exception | None = None


class Evidence:
    """Watches one request on its way out.

    Where `until_s` is given, the connection opened for it is read no longer than till then: an HTTP library's own time
    limit begins anew with every byte. It must carry no other request.
    """

    __slots__ = ("_is_traced", "_until_s", "_was_sent")

    def __init__(self, until_s: float | None = None) -> None:
        self._is_traced = False
        self._until_s = until_s
        self._was_sent = False

    def note(self, event: str, info: dict[str, Any]) -> None:
        """Take in an event; a proxy's tunnel is not yet the request."""
        self._is_traced = True
        if self._until_s is not None and event.endswith(_CONNECTED):
            _bound(info.get("return_value"), self._until_s)
        if event.endswith(_STARTED):
            self._was_sent |= getattr(info.get("request"), "method", b"") != _TUNNEL

    async def anote(self, event: str, info: dict[str, Any]) -> None:
        """Do the same for transports that await it."""
        self.note(event, info)

    def fault(self, error: Exception) -> Fault:
        """Return what an error of the HTTP library, or of what it was given, means for the call."""
        name = _library_name(error)
        if isinstance(error, TimeoutError):
            return Fault("no whole reply came in time", self._was_sent or not self._is_traced)
        was_sent = self._was_sent if self._is_traced else name not in _NEVER_CONNECTED
        if not name:
            return Fault(f"the HTTP client failed with {type(error).__name__}", was_sent, error)
        reason = f"no connection: {error}" if name == "ConnectError" else _REASONS.get(name, name)
        return Fault(reason, was_sent)


def _bound(stream: Any, until_s: float) -> None:
    """Let a connection be read till then and no longer, whether its reads are awaited or not."""

    def read_in_time(max_bytes: int, timeout: float | None = None) -> Any:
        left_s = until_s - monotonic()
        if left_s <= 0:
            raise TimeoutError
        return read(max_bytes, left_s if timeout is None else min(left_s, timeout))

    with contextlib.suppress(AttributeError):  # a stream of another make has the limit of each read, and no other
        read, stream.read = stream.read, read_in_time


def _library_name(error: Exception) -> str:
    """Return the name of the first of the error's kinds that is the library's own; empty when none is."""
    kinds = (kind for kind in type(error).__mro__ if kind.__module__.partition(".")[0] in _LIBRARIES)
    return next((kind.__name__ for kind in kinds), "")
