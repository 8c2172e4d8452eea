"""The shape of HTTP Basic credentials (RFC 7617); what they are is never repeated in a message."""

from __future__ import annotations

import base64
import binascii

_SEND = "send HTTP Basic with the domain name as user name and an API token as password"


def credentials_problem(value: str | None) -> str:
    """Return what is wrong with an Authorization field, as a sentence; empty when its shape is right."""
    if value is None:
        return f"Authorization is missing: {_SEND}"
    scheme, _, encoded = value.partition(" ")
    if scheme.lower() != "basic":
        return f"Authorization must begin with the word Basic and a space: {_SEND}"
    try:
        decoded = base64.b64decode(encoded.strip(" "), validate=True)
    except (binascii.Error, ValueError):
        return "Authorization must hold base64 of domain:token after the word Basic"
    domain, colon, token = decoded.partition(b":")
    if not colon:
        return "Authorization must hold a colon between domain name and token, before base64 is applied"
    missing = [name for name, part in (("domain name", domain), ("API token", token)) if not part]
    return f"Authorization holds no {' and no '.join(missing)}: {_SEND}" if missing else ""
