"""A message goes in, what is wrong with it comes out: nothing is raised, nothing sent, nothing remembered."""

from __future__ import annotations

from basix_contract.validation._http import (
    validate_callback,
    validate_callback_reply,
    validate_reply,
    validate_request,
)
from basix_contract.validation._json import ParsedJson, parse_json
from basix_contract.validation._schema import (
    ensure_request_body,
    validate_callback_body,
    validate_reply_body,
    validate_request_body,
)

__all__ = [
    "ParsedJson",
    "ensure_request_body",
    "parse_json",
    "validate_callback",
    "validate_callback_body",
    "validate_callback_reply",
    "validate_reply",
    "validate_reply_body",
    "validate_request",
    "validate_request_body",
]
