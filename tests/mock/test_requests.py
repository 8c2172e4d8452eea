"""Credentials, methods, media types and bodies: what stands before the parameters."""

from __future__ import annotations

import base64
import json
import socket
from typing import Any

import httpx
import pytest

from basix_contract.mock import Directory, MockServer
from basix_contract.profile import User
from tests.mock.conftest import CREDENTIALS, Ask, Start, error_of

GOOD = {"user_name": "bob", "destination": "0312341234"}


def basic(text: bytes, scheme: str = "Basic") -> dict[str, str]:
    """The Authorization field with these credentials."""
    return {"Authorization": f"{scheme} {base64.b64encode(text).decode()}"}


REFUSED_SIGN_INS: list[dict[str, str]] = [
    {},
    {"Authorization": ""},
    {"Authorization": "Basic"},
    {"Authorization": "Basic !!!"},
    {"Authorization": "Basic ü"},
    basic(b"acme.example"),
    basic(b"acme.example:"),
    basic(b":mock-token-3fK9"),
    basic(b"acme.example:mock-token-3fK9 "),
    basic(b"acme.example:mock-token-3fk9"),
    basic(b"acme.example:mock-token-3fK9:"),
    basic(b"Acme.example:mock-token-3fK9"),
    basic(b"other.example:mock-token-3fK9"),
    basic(b"mock-token-3fK9:acme.example"),
    basic(b"acme.example:mock-token-3fK9", "Bearer"),
    basic(b"\xff\xfe:\xff"),
]


def test_absent_and_wrong_credentials_ring_nobody(start: Start, http: httpx.Client) -> None:
    """Anything but the domain and its token is refused, whatever the body."""
    server = start()
    for headers in REFUSED_SIGN_INS:
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        for body in (json.dumps(GOOD), "{", ""):
            reply = http.post(f"{server.base_url}/call_user", content=body, headers=raw)
            assert (reply.status_code, error_of(reply)) == (200, "authentication_required"), headers
    assert server.calls == ()


def test_the_scheme_may_be_written_in_any_case(start: Start, http: httpx.Client) -> None:
    """RFC 7617 leaves the case of `Basic` open."""
    server = start()
    headers = basic(b"acme.example:mock-token-3fK9", "bASIC")
    assert error_of(http.post(f"{server.base_url}/call_user", json=GOOD, headers=headers)) is None


@pytest.mark.parametrize(("token", "given"), [("pä", "pä".encode()), ("pä", b"p\xe4"), ("ключ", "ключ".encode())])
def test_credentials_may_be_in_utf_8_or_latin_1(start: Start, http: httpx.Client, token: str, given: bytes) -> None:
    """Clients differ in how they write what is not ASCII; a token beyond Latin-1 has one spelling only."""
    server = start(Directory(domain="d", token=token, users=(User(name="bob"),)))
    url = f"{server.base_url}/call_user"
    assert error_of(http.post(url, json=GOOD, headers=basic(b"d:" + given))) is None
    assert error_of(http.post(url, json=GOOD, headers=basic(b"d:????"))) == "authentication_required"
    assert error_of(http.post(url, json=GOOD, headers=basic(b"d:"))) == "authentication_required"


@pytest.mark.parametrize("style", ["401", "403"])
def test_bad_credentials_may_get_a_bare_page(start: Start, http: httpx.Client, style: str) -> None:
    """A web server in front of the PBX answers in its own way (A18)."""
    server = start(auth_style=style)
    reply = http.post(f"{server.base_url}/call_user", json=GOOD)
    assert reply.status_code == int(style)
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    assert ("www-authenticate" in reply.headers) == (style == "401")


STATUS = {
    "authentication_required": 401,
    "invalid_json": 400,
    "missing_parameter": 400,
    "user_not_found": 404,
    "channel_limit_reached": 503,
}


def test_errors_may_show_in_the_http_status(start: Start, ask: Ask, http: httpx.Client) -> None:
    """In the 4xx style the status follows the kind of error, and the envelope stays the same (A19)."""
    server = start(error_style="4xx")
    url = f"{server.base_url}/call_user"
    replies = {
        "authentication_required": http.post(url, json=GOOD),
        "invalid_json": http.post(url, content="{", auth=CREDENTIALS),
        "missing_parameter": ask(server),
        "user_not_found": ask(server, user_name="nobody-here"),
        "channel_limit_reached": ask(server, user_extension="1001"),
    }
    for error_id, reply in replies.items():
        assert reply.json() == {"result_code": 500, "error": {"id": error_id}}
        assert reply.status_code == STATUS[error_id]
    assert replies["authentication_required"].headers["www-authenticate"].startswith("Basic ")
    assert ask(server, user_name="bob").status_code == 200


@pytest.mark.parametrize(
    ("switches", "status", "allow"), [({}, 405, "POST"), ({"other_methods": "envelope"}, 200, None)]
)
def test_other_methods_place_no_call(
    start: Start, http: httpx.Client, switches: dict[str, Any], status: int, allow: str | None
) -> None:
    """Only POST is the method; all others are refused, whatever they carry (A17)."""
    server = start(**switches)
    for method in ("GET", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "QUERY"):
        reply = http.request(method, f"{server.base_url}/call_user", json=GOOD, auth=CREDENTIALS)
        assert (reply.status_code, reply.headers.get("allow")) == (status, allow)
        assert method == "HEAD" or error_of(reply) == "method_not_allowed"
    assert server.calls == ()


@pytest.mark.parametrize("path", ["/call_user/", "/Call_User", "/call_group", "", "/call_user%00"])
def test_another_path_is_no_method(start: Start, http: httpx.Client, path: str) -> None:
    """A path that is not the method's is not found, and a trailing slash is another path."""
    server = start()
    reply = http.post(server.base_url + path, json=GOOD, auth=CREDENTIALS)
    assert (reply.status_code, error_of(reply)) == (404, "method_not_found")


@pytest.mark.parametrize(
    ("media_type", "strictly"),
    [
        ("application/json", None),
        ("application/json; charset=utf-8", None),
        ("APPLICATION/JSON", None),
        ("text/plain", "unsupported_media_type"),
        ("", "unsupported_media_type"),
    ],
)
def test_json_counts_under_any_label_unless_strict(
    start: Start, http: httpx.Client, media_type: str, strictly: str | None
) -> None:
    """The vendor's own page labels its JSON as a form, so any label will do by default (A16)."""
    for switches, expected in (({}, None), ({"other_media_types": "error"}, strictly)):
        server = start(**switches)
        headers = {"Content-Type": media_type} if media_type else {}
        reply = http.post(f"{server.base_url}/call_user", content=json.dumps(GOOD), headers=headers, auth=CREDENTIALS)
        assert error_of(reply) == expected


HOSTILE = [
    b"",
    b" ",
    b"{",
    b"null",
    b"[]",
    b"5",
    b'"text"',
    b"[" * 200_000,
    b'{"a":' * 100_000,
    b"\xff\xfe\x00",
    b"\x00",
    json.dumps(GOOD).encode("utf-16"),
    b'{"user_name": "bob", "destination": "0312341234", "answer_timeout": NaN}',
    b'{"user_name": "bob", "destination": "0312341234", "answer_timeout": -Infinity}',
    b'{"user_name": "bob", "destination": "0312341234", "answer_timeout": ' + b"9" * 5000 + b"}",
    b'{"user_name": "bob", "destination": "0312341234",}',
    b"{'user_name': 'bob', 'destination': '0312341234'}",
    b"user_name=bob&destination=0312341234",
]


def test_a_body_that_is_no_json_object_gets_an_answer_and_harms_nothing(
    start: Start, ask: Ask, http: httpx.Client
) -> None:
    """Whatever the bytes, there is an error in the envelope, and the next good call works."""
    server = start()
    for body in HOSTILE:
        reply = http.post(f"{server.base_url}/call_user", content=body, auth=CREDENTIALS)
        assert error_of(reply) == "invalid_json", body[:80]
        assert error_of(ask(server, user_name="bob")) is None
    assert not [event for event in server.app.state.events if event.kind == "crash"]


@pytest.mark.parametrize("size", [1_048_577, 5_000_000, 20_000_000])
def test_a_body_that_is_too_large_gets_an_answer(start: Start, ask: Ask, size: int) -> None:
    """Beyond 1 MiB a body is dropped unread; the answer says so, or the connection ends."""
    server = start()
    with httpx.Client(trust_env=False) as client:
        try:
            reply = client.post(f"{server.base_url}/call_user", content=b" " * size, auth=CREDENTIALS)
        except httpx.TransportError:
            assert size > 16 * 1_048_576
        else:
            assert error_of(reply) == "request_too_large"
    assert error_of(ask(server, user_name="bob")) is None


def test_a_body_of_the_largest_size_is_read(start: Start, http: httpx.Client) -> None:
    """Exactly 1 MiB is still read to its end, also in pieces."""
    server = start()
    text = json.dumps({**GOOD, "note": ""}).encode()
    body = text[:-2] + b" " * (1_048_576 - len(text)) + text[-2:]
    pieces = (body[at : at + 50_000] for at in range(0, len(body), 50_000))
    reply = http.post(f"{server.base_url}/call_user", content=pieces, auth=CREDENTIALS)
    assert error_of(reply) is None


def test_a_byte_order_mark_is_skipped_unless_refused(start: Start, http: httpx.Client) -> None:
    """Both readings are open (A15)."""
    body = b"\xef\xbb\xbf" + json.dumps(GOOD).encode()
    for switches, expected in (({}, None), ({"byte_order_mark": "error"}, "invalid_json")):
        server = start(**switches)
        assert error_of(http.post(f"{server.base_url}/call_user", content=body, auth=CREDENTIALS)) == expected


@pytest.mark.parametrize(("reading", "user"), [("last", "james"), ("first", "bob"), ("error", None)])
def test_of_two_equal_keys_one_counts_or_none(start: Start, http: httpx.Client, reading: str, user: str | None) -> None:
    """JSON leaves it open which of two equal keys counts (A15)."""
    server = start(duplicate_keys=reading)
    body = b'{"user_name": "bob", "user_name": "james", "destination": "0312341234"}'
    reply = http.post(f"{server.base_url}/call_user", content=body, auth=CREDENTIALS)
    assert error_of(reply) == (None if user else "invalid_json")
    assert [call.user for call in server.calls] == ([user] if user else [])


def test_lone_surrogates_never_stop_the_mock(start: Start, http: httpx.Client) -> None:
    """Half a character in any value is refused or kept, and the read-out still answers."""
    server = start()
    half = "\ud800"
    bodies = (
        {**GOOD, "user_name": half},
        {**GOOD, "destination": half},
        {**GOOD, "callback_url": f"http://h/{half}"},
        {**GOOD, "destination": {"called_number": "0312341234", "end_user": {"name": half}}},
        {**GOOD, half: half},
    )
    results = [
        error_of(http.post(f"{server.base_url}/call_user", content=json.dumps(body), auth=CREDENTIALS))
        for body in bodies
    ]
    assert results == ["user_not_found", "destination_not_found", "invalid_parameter", None, None]
    assert len(http.get(f"{server.admin_url}/calls").json()["calls"]) == 2


def raw_exchange(server: MockServer, data: bytes) -> bytes:
    """Send bytes to the mock, and return all it answers until it closes."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65_536), b""))


@pytest.mark.parametrize("data", [b"", b"\x16\x03\x01\x02", b"GET\r\n\r\n", b"POST /call_user HTTP/1.1\r\n"])
def test_bytes_that_are_no_http_end_the_connection_and_nothing_more(
    start: Start, ask: Ask, capfd: pytest.CaptureFixture[str], data: bytes
) -> None:
    """Junk on the socket is answered 400 or not at all, prints nothing, and the next good call works."""
    server = start()
    assert raw_exchange(server, data)[:12] in (b"", b"HTTP/1.1 400")
    assert error_of(ask(server, user_name="bob")) is None
    assert capfd.readouterr() == ("", "")


def test_a_client_that_leaves_before_its_body_is_through_rings_nobody(start: Start, ask: Ask) -> None:
    """Half a request is no request."""
    server = start()
    half = b'POST /call_user HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"user_name"'
    assert raw_exchange(server, half) == b""
    ask(server, user_name="bob")
    assert len(server.calls) == 1
