"""The PBX that clients call: it reads whatever can be read, and ties each request to its call."""

from __future__ import annotations

import base64
import json
import socket
import threading
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from basix_contract.suite import ClientOptions, RunResult, run_client

BODY = '{"user_name": "jessica", "destination": "0312341234"}'


def exchange(base_url: str, head: str, body: bytes = b"", *more: bytes) -> bytes:
    """Send bytes to the host of a URL and return what comes back, to the end of its head at least."""
    parts = urlsplit(base_url)
    with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=5) as connection:
        connection.sendall(head.replace("\n", "\r\n").encode("latin-1") + body)
        for piece in more:
            connection.recv(4096)
            connection.sendall(piece)
        found = connection.recv(65_536)
        while b"\r\n\r\n" not in found and (piece := connection.recv(65_536)):
            found += piece
        return found


def one_call(folder: Path, head: str, body: bytes = BODY.encode(), *more: bytes) -> RunResult:
    """A run in which every call is placed with these bytes; {path} and {credentials} are filled in."""

    def place(call: dict[str, Any]) -> dict[str, Any]:
        packed = base64.b64encode(f"{call['domain']}:{call['token']}".encode()).decode()
        words = {"path": urlsplit(call["base_url"]).path + "/call_user", "base_url": call["base_url"]}
        filled = head.format(**words, credentials=f"Basic {packed}", length=len(body), host="127.0.0.1")
        reply = exchange(call["base_url"], filled, body, *more)
        value = json.loads(reply.partition(b"\r\n\r\n")[2] or b"{}")
        return {"outcome": "success", "uuids": value.get("uuids", [])}

    return run_client(ClientOptions(call=place, report=folder, only=("CU-330",)))


FIELDS = "Authorization: {credentials}\nContent-Type: application/json\n"


@pytest.mark.parametrize(
    ("head", "body", "more"),
    [
        ("POST {path} HTTP/1.1\nHost: {host}\n" + FIELDS + "Content-Length: {length}\n\n", BODY.encode(), ()),
        ("POST {path} HTTP/1.0\n" + FIELDS + "Content-Length: {length}\n\n", BODY.encode(), ()),
        ("\n\nPOST {path} HTTP/1.1\n" + FIELDS + "Content-Length: {length}\n\n", BODY.encode(), ()),
        ("POST {base_url}/call_user HTTP/1.1\n" + FIELDS + "Content-Length: {length}\n\n", BODY.encode(), ()),
        (
            "POST {path} HTTP/1.1\n" + FIELDS + "Transfer-Encoding: chunked\n\n",
            b"10;x=y\r\n"
            + BODY.encode()[:16]
            + b"\r\n%x\r\n" % (len(BODY) - 16)
            + BODY.encode()[16:]
            + b"\r\n0\r\nA: b\r\n\r\n",
            (),
        ),
        (
            "POST {path} HTTP/1.1\n" + FIELDS + f"Content-Length: {len(BODY)}\nExpect: 100-continue\n\n",
            b"",
            (BODY.encode(),),
        ),
        (
            "POST {path}?a=b HTTP/1.1\n" + FIELDS.lower() + "content-length: {length}\n\n",
            BODY.encode(),
            (),
        ),
    ],
)
def test_any_way_to_send_a_request_is_read(tmp_path: Path, head: str, body: bytes, more: tuple[bytes, ...]) -> None:
    """Bodies with a length or in chunks, either version of HTTP, with or without asking first: all are understood."""
    result = one_call(tmp_path, head, body, *more)

    (call, *_) = result.history.calls
    assert call.requests[0].members == json.loads(BODY)
    assert call.requests[0].place == "call"
    assert call.requests[0].sign_in.token == "utf-8"
    assert next(row for row in result.requirements if row.id == "CU-330").verdict == "pass"


@pytest.mark.parametrize(
    ("head", "problem"),
    [
        ("POST {path} HTTP/1.1\n" + FIELDS + "Content-Length: many\n\n", "its body cannot be read (ValueError)"),
        ("POST {path} HTTP/1.1\n" + FIELDS + "Content-Length: 999999999\n\n", "its body cannot be read (ValueError)"),
        (
            "POST {path} HTTP/1.1\n" + FIELDS + "Transfer-Encoding: chunked\n\nzz\n",
            "its body cannot be read (ValueError)",
        ),
    ],
)
def test_a_body_that_cannot_be_read_is_told(tmp_path: Path, head: str, problem: str) -> None:
    """A request whose body is no HTTP is answered all the same, and its fault is on record."""
    result = one_call(tmp_path, head)

    assert result.history.calls[0].requests[0].problem == problem


def test_a_request_without_its_path_is_known_by_its_token(tmp_path: Path) -> None:
    """A client that goes to a path of its own is found by the credentials it sends, and told where it went."""
    result = one_call(tmp_path, "POST /basix/api/call_user HTTP/1.1\n" + FIELDS + "Content-Length: {length}\n\n")

    assert {call.requests[0].place for call in result.history.calls if call.requests} == {"other"}


def test_requests_of_nobody_are_only_noted(tmp_path: Path) -> None:
    """What bears no path and no token of a call gets a 404, a browser's question a permission; neither is judged."""
    answers = []

    def place(call: dict[str, Any]) -> dict[str, Any]:
        answers.append(exchange(call["base_url"], "GET /favicon.ico HTTP/1.1\nHost: x\n\n"))
        answers.append(exchange(call["base_url"], "OPTIONS /call_user HTTP/1.1\nHost: x\nOrigin: null\n\n"))
        return {"outcome": "exception", "detail": "nothing was sent"}

    result = run_client(ClientOptions(call=place, report=tmp_path, only=("CU-301",)))

    assert answers[0].startswith(b"HTTP/1.1 404 ")
    assert answers[1].startswith(b"HTTP/1.1 204 ")
    assert b"Access-Control-Allow-Headers: authorization, content-type" in answers[1]
    assert {request.target for request in result.history.strays} == {"/favicon.ico", "/call_user"}
    assert not [call for call in result.history.calls if call.requests]


def test_a_client_that_never_stops_is_cut_off(tmp_path: Path) -> None:
    """Of one call's requests no more than a few dozen are answered and written down."""

    def place(call: dict[str, Any]) -> dict[str, Any]:
        for _ in range(40):
            exchange(call["base_url"], f"POST {urlsplit(call['base_url']).path}/call_user HTTP/1.1\nHost: x\n\n")
        return {"outcome": "unknown"}

    result = run_client(ClientOptions(call=place, report=tmp_path, only=("CU-301",)))

    assert {len(call.requests) for call in result.history.calls} == {25}


def test_a_run_leaves_no_thread_and_no_port(tmp_path: Path) -> None:
    """Once a run is over, nothing listens and nothing runs that was not there before."""
    before = set(threading.enumerate())
    places: list[str] = []

    def place(call: dict[str, Any]) -> dict[str, Any]:
        places.append(call["base_url"])
        return {"outcome": "exception"}

    run_client(ClientOptions(call=place, report=tmp_path, only=("CU-301",)))

    assert set(threading.enumerate()) <= before
    with pytest.raises(OSError, match="refused"):
        exchange(places[0], "GET / HTTP/1.1\n\n")
