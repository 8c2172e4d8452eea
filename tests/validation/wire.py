"""Messages as they go over the wire, right in all but what a test changes."""

from __future__ import annotations

import base64
import json
from typing import Any

from basix_contract.messages import Headers, Request, Response, Violation
from basix_contract.validation import (
    validate_callback,
    validate_callback_body,
    validate_reply,
    validate_reply_body,
    validate_request,
    validate_request_body,
)

JSON = ("Content-Type", "application/json")


def basic(credentials: str) -> tuple[str, str]:
    """An Authorization field with these credentials."""
    return ("Authorization", "Basic " + base64.b64encode(credentials.encode()).decode())


BASIC = basic("acme.example:api-token")


def call(body: bytes, headers: Headers = (BASIC, JSON), *, method: str = "POST", target: str = "/call_user") -> Request:
    """A call request."""
    return Request(method, target, headers, body)


def reply(body: bytes, status: int = 200, headers: Headers = (JSON,)) -> Response:
    """A reply."""
    return Response(status, headers, body)


def callback(body: bytes, headers: Headers = (JSON,), *, method: str = "POST") -> Request:
    """A callback."""
    return Request(method, "/somewhere?call=1", headers, body)


def encoded(value: object) -> bytes:
    """A value as JSON."""
    return json.dumps(value).encode()


def by_openapi_core(kind: str, body: bytes) -> tuple[Violation, ...]:
    """What the reference judge says of a body, inside a message that is right otherwise."""
    return {
        "request": lambda: validate_request(call(body)),
        "reply": lambda: validate_reply(reply(body)),
        "callback": lambda: validate_callback(callback(body)),
    }[kind]()


def by_jsonschema_rs(kind: str, value: Any) -> tuple[Violation, ...]:
    """What the quick judge says of a body."""
    return {
        "request": validate_request_body,
        "reply": validate_reply_body,
        "callback": validate_callback_body,
    }[kind](value)
