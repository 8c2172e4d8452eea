"""A certificate that is not trusted, or that names another host, gets no request: the token never reaches it.

The keys in `tls/` are good for nothing else; `here.pem` names 127.0.0.1, `elsewhere.pem` another host.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from basix_contract.messages import Response
from basix_contract.profile import Gate, Live, Sender, Silence, try_connection
from tests.profile.conftest import PROFILE

KEYS = Path(__file__).parent / "tls"


@contextmanager
def pbx(name: str) -> Iterator[tuple[str, list[bytes]]]:
    """Answer one request over TLS with this certificate; what was heard is kept."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(KEYS / f"{name}.pem", KEYS / f"{name}.key.pem")
    heard: list[bytes] = []

    def serve() -> None:
        try:
            carrier, _ = listener.accept()
            with context.wrap_socket(carrier, server_side=True) as connection:
                heard.append(b"")
                while not heard[0].endswith(b"{}"):
                    heard[0] += connection.recv(65_536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
        except OSError:
            return  # the other side did not want this certificate

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{listener.getsockname()[1]}/api", heard
    thread.join(5)


def ask(base_url: str, ca_file: str) -> Response | Silence:
    """Send one empty object."""
    live = Live(consent="127.0.0.1", tunnel=True, attended=True, quiet_hours="")
    sender = Sender(Gate(replace(PROFILE, live=live), base_url=base_url), ca_file=ca_file)

    async def send() -> Response | Silence:
        try:
            return await sender.send("POST", f"{base_url}/call_user", (), b"{}", timeout_s=5)
        finally:
            await sender.close()

    return asyncio.run(send())


def test_a_trusted_certificate_of_this_host_is_spoken_to() -> None:
    """With its certificate in ca_file the request gets through."""
    with pbx("here") as (url, heard):
        outcome = ask(url, str(KEYS / "here.pem"))

    assert isinstance(outcome, Response)
    assert heard[0].startswith(b"POST /api/call_user ")


@pytest.mark.parametrize(("shown", "trusted"), [("here", ""), ("here", "elsewhere"), ("elsewhere", "elsewhere")])
def test_nothing_is_said_to_a_certificate_that_is_not_trusted_or_another_s(shown: str, trusted: str) -> None:
    """Unknown, or for another host: not one byte of the request leaves, and it counts as not sent."""
    with pbx(shown) as (url, heard):
        outcome = ask(url, str(KEYS / f"{trusted}.pem") if trusted else "")

    assert isinstance(outcome, Silence)
    assert not outcome.was_sent
    assert heard == []


def test_a_look_at_the_target_says_what_is_wrong_with_its_certificate() -> None:
    """Where a connection is all that is tried, the reason is told; nothing is said there either."""
    with pbx("here") as (url, heard):
        problem = asyncio.run(try_connection(url, timeout_s=5))
    with pbx("here") as (url, _):
        assert asyncio.run(try_connection(url, ca_file=str(KEYS / "here.pem"), timeout_s=5)) == ""

    assert problem.startswith("its certificate is not trusted: ")
    assert heard == []
