"""HTTP clients that are handed in: whatever they do, only what certainly sent nothing is told as not sent."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import httpx
import httpx2
import pytest

from basix_contract.client import AsyncClient, CallOutcomeUnknown, Client, NotSent
from basix_contract.errors import GateRefusal
from tests.client.faults import LIMITED, envelope
from tests.client.flavours import BOB
from tests.client.recording import BASE_URL
from tests.profile.sockets import RawServer, answers, closes, read_request

LIBRARIES = pytest.mark.parametrize("library", [httpx, httpx2], ids=lambda library: str(library.__name__))
NEVER_CONNECTED = ("ConnectError", "ConnectTimeout", "PoolTimeout", "UnsupportedProtocol")
OTHER_ERRORS = (
    "CloseError",
    "DecodingError",
    "LocalProtocolError",
    "ProxyError",
    "ReadError",
    "ReadTimeout",
    "RemoteProtocolError",
    "TooManyRedirects",
    "WriteError",
    "WriteTimeout",
)


class ConnectError(Exception):
    """An error that has its name from a library, and nothing else."""


def failing(library: Any, error: Exception) -> Any:
    """A transport that fails as it is told to, and gives no hint of what it did before."""

    def fail(_: Any) -> Any:
        raise error

    return library.MockTransport(fail)


def end_with(http: Any, base_url: str = BASE_URL) -> Exception:
    """What a call ends with on an HTTP client."""
    with http, pytest.raises(Exception) as end:  # noqa: PT011 - which one it is, the test says
        Client(domain="d", token="t", base_url=base_url, http=http, reply_timeout_s=1).call_user(**BOB)
    return end.value


@LIBRARIES
@pytest.mark.parametrize("name", [*NEVER_CONNECTED, *OTHER_ERRORS])
def test_only_errors_before_a_connection_mean_not_sent(library: Any, name: str) -> None:
    """Of a transport that shows nothing of its work, the kinds of error that come before a connection are proof."""
    error = getattr(library, name)("told by the library: 0312341234")
    end = end_with(library.Client(transport=failing(library, error)))

    assert type(end) is (NotSent if name in NEVER_CONNECTED else CallOutcomeUnknown)
    assert (name == "ConnectError") is ("told by the library" in str(end))


@LIBRARIES
@pytest.mark.parametrize("error", [RuntimeError("broken"), ConnectError("not the library's"), OSError(111, "refused")])
def test_an_error_of_another_kind_leaves_the_outcome_unknown(library: Any, error: Exception) -> None:
    """What fails for reasons of its own may have sent the request; its error is kept as the cause."""
    end = end_with(library.Client(transport=failing(library, error)))

    assert type(end) is CallOutcomeUnknown
    assert end.__cause__ is error


@LIBRARIES
def test_what_keeps_a_request_back_is_heard(library: Any) -> None:
    """A transport of ours that refuses to send says so itself, sync and async."""
    refusal = GateRefusal("user", "is not in the profile")
    asynchronous = AsyncClient(
        domain="d",
        token="t",
        base_url=BASE_URL,
        http=library.AsyncClient(transport=failing(library, refusal)),
    )

    assert end_with(library.Client(transport=failing(library, refusal))) is refusal
    with pytest.raises(GateRefusal):
        asyncio.run(asynchronous.call_user(**BOB))


@LIBRARIES
def test_a_hook_that_stops_at_a_status_leaves_the_outcome_unknown(library: Any) -> None:
    """A hook that raises for a status hides the body, which alone could tell."""
    with RawServer(answers(envelope(LIMITED, "500 Internal Server Error"))) as server:
        hooks = {"response": [lambda reply: reply.raise_for_status()]}
        end = end_with(library.Client(event_hooks=hooks, trust_env=False), server.base_url)

    assert type(end) is CallOutcomeUnknown
    assert "hook" in str(end)


def refuses_tunnels(connection: socket.socket, server: RawServer) -> None:
    """Answer as a proxy that cannot reach the other side."""
    server.received.append(read_request(connection))
    connection.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")


@LIBRARIES
@pytest.mark.parametrize(
    ("behaviour", "scheme", "method", "kind"),
    [
        (refuses_tunnels, "https", b"CONNECT", NotSent),
        (closes, "https", b"CONNECT", NotSent),
        (closes, "http", b"POST", CallOutcomeUnknown),
    ],
)
def test_what_a_proxy_was_asked_for_tells_what_was_sent(
    library: Any, behaviour: Callable[..., None], scheme: str, method: bytes, kind: type[Exception]
) -> None:
    """A proxy that gives no tunnel has seen nothing of the call; one that takes the request may have sent it on."""
    with RawServer(behaviour) as proxy:
        http = library.Client(proxy=f"http://{proxy.address}", trust_env=False)
        end = end_with(http, f"{scheme}://pbx.example/basix/api")

    assert type(end) is kind
    assert [request.split(b" ")[0] for request in proxy.received] == [method]


@LIBRARIES
def test_a_transport_that_connects_again_places_one_call(library: Any) -> None:
    """A transport that repeats its attempts to connect repeats nothing that was sent."""
    with RawServer(closes) as server:
        transport = library.HTTPTransport(retries=3)
        end = end_with(library.Client(transport=transport, trust_env=False), server.base_url)

    assert type(end) is CallOutcomeUnknown
    assert len(server.received) == 1
