"""What of a request needs the raw credentials to be told, told as facts: the credentials themselves are not kept."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from basix_contract.messages import field_value
from basix_contract.suite._redact import spellings

if TYPE_CHECKING:
    from basix_contract.messages import Request

_BASIC = "basic"
_ENCODINGS = ("utf-8", "latin-1")
_AUTHORIZATION = "authorization"


def credentials_of(request: Request) -> tuple[bytes, bytes] | None:
    """Return the two halves of a request's Basic credentials; None where there are none to be read."""
    scheme, _, packed = (field_value(request.headers, _AUTHORIZATION) or "").partition(" ")
    if scheme.lower() != _BASIC:
        return None
    try:
        raw = base64.b64decode(packed.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None
    domain, colon, token = raw.partition(b":")
    return (domain, token) if colon else None


def sign_in_facts(request: Request, domain: str, token: str) -> dict[str, Any]:
    """Return how a request signs in, beside the domain and token it was to sign in with."""
    field = field_value(request.headers, _AUTHORIZATION) or ""
    halves = credentials_of(request)
    return {
        "scheme": field.partition(" ")[0].lower(),
        "is_readable": halves is not None,
        "domain": _encoding(halves[0], domain) if halves else "",
        "token": _encoding(halves[1], token) if halves else "",
        "has_cookie": field_value(request.headers, "cookie") is not None,
    }


def _encoding(found: bytes, wanted: str) -> str:
    """Return the encoding in which this is the text that was wanted; empty where it is in none."""
    for encoding in _ENCODINGS:
        try:
            if found == wanted.encode(encoding):
                return encoding
        except UnicodeEncodeError:
            continue
    return ""


def token_places(request: Request, token: str) -> tuple[str, ...]:
    """Return where in a request the token stands, in any spelling, beside its Authorization field."""
    words = [word.lower() for word in spellings(token)]
    parts = [("the URL", request.target.encode("latin-1", "replace")), ("the body", request.body)]
    parts += [
        (f"the field {name}", value.encode("latin-1", "replace"))
        for name, value in request.headers
        if name.lower() != _AUTHORIZATION
    ]
    return tuple(place for place, raw in parts if any(word in raw.lower() for word in words))


def recorded_sign_in(request: Request) -> dict[str, Any]:
    """Return how a request of a recording signs in, where nobody knows the right domain and token."""
    halves = credentials_of(request)
    return {
        **sign_in_facts(request, "", ""),
        "domain": "utf-8" if halves and halves[0] else "",
        "token": "utf-8" if halves and halves[1] else "",
    }
