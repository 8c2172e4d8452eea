"""Who may ask: HTTP Basic authentication with the domain as user name and an API token as password."""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass, field

from basix_contract.messages import Request, field_value
from basix_contract.mock._behaviour._rules import Rules
from basix_contract.mock._exchange import Refusal


@dataclass(frozen=True, slots=True)
class Credentials:
    """A domain and a token, as the bytes they came in."""

    domain: bytes
    token: bytes = field(repr=False)


class SignInRules(Rules):
    """Decisions about credentials (document, examples: `-u DOMAIN_NAME:API_TOKEN`; A18)."""

    def check_credentials(self, request: Request) -> Refusal | None:
        """Refuse a request whose credentials are absent or not this domain's."""
        credentials = self.read_credentials(request)
        if credentials is not None and self.allows_credentials(credentials):
            return None
        return Refusal("authentication_required", "sign in with the domain name and an API token")

    def read_credentials(self, request: Request) -> Credentials | None:
        """Return what the Authorization field holds; None when it is absent or not well-formed Basic."""
        scheme, _, text = (field_value(request.headers, "authorization") or "").strip().partition(" ")
        decoded = self.decode_credentials(text.strip()) if self.allows_scheme(scheme) else None
        if decoded is None or b":" not in decoded:
            return None
        domain, _, token = decoded.partition(b":")
        return Credentials(domain, token)

    def allows_scheme(self, scheme: str) -> bool:
        """Whether this authentication scheme is the one in use; its case does not matter (RFC 7617)."""
        return scheme.lower() == "basic"

    def decode_credentials(self, text: str) -> bytes | None:
        """Return the bytes behind this base64 text; None when it is not base64."""
        try:
            return base64.b64decode(text.encode("ascii"), validate=True)
        except (binascii.Error, ValueError):
            return None

    def allows_credentials(self, credentials: Credentials) -> bool:
        """Whether domain and token are both right; both are always compared, in constant time."""
        return self.matches_domain(credentials.domain) & self.matches_token(credentials.token)

    def matches_domain(self, given: bytes) -> bool:
        """Whether this is the mock's domain name."""
        return self.is_same_secret(given, self.directory.domain)

    def matches_token(self, given: bytes) -> bool:
        """Whether this is the mock's API token."""
        return self.is_same_secret(given, self.directory.token)

    def is_same_secret(self, given: bytes, expected: str) -> bool:
        """Whether the bytes are this text in UTF-8 or in Latin-1: RFC 7617 leaves the encoding open."""
        utf_8 = hmac.compare_digest(given, expected.encode("utf-8", "surrogatepass"))
        latin_1 = expected.encode("latin-1", "ignore")
        return utf_8 | (hmac.compare_digest(given, latin_1) & (len(latin_1) == len(expected)))
