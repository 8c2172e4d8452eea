"""What a callback is answered, first by its head and then by its body: nothing is read, kept or run here."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TypeAlias

from basix_contract.client._generated.models import Answered, NotAnswered
from basix_contract.client.callbacks._parsing import parse_callback
from basix_contract.client.callbacks._tokens import CallbackUrl
from basix_contract.errors import ContractError, ForgedCallback
from basix_contract.messages import Headers, Request, Response, field_value

Result: TypeAlias = Answered | NotAnswered

# More digits than any body has, and few enough to compute with.
_MOST_LENGTH_DIGITS = 20

TAKEN = Response(HTTPStatus.NO_CONTENT, ())


class Judge:
    """Tells good callbacks from all else. Whatever comes is answered 2xx or 4xx, never 5xx.

    Only what says which call it is of, and how that ended, is asked for: no content type, no other field (A44).
    """

    def __init__(self, urls: CallbackUrl, max_body_bytes: int) -> None:
        self._urls = urls
        self.max_body_bytes = max_body_bytes

    def judge_head(self, head: Request) -> str | Response:
        """Return which call this is the callback of, or the refusal to send without reading a body."""
        if head.method != "POST":
            return refusal(HTTPStatus.METHOD_NOT_ALLOWED, "a callback is a POST", ("Allow", "POST"))
        try:
            call = self._urls.call_of(head.target)
        except ForgedCallback:
            return refusal(HTTPStatus.NOT_FOUND, "this URL was not given out for any call")
        length = field_value(head.headers, "content-length") or "0"
        if not (length.isascii() and length.isdigit() and len(length) <= _MOST_LENGTH_DIGITS):
            return refusal(HTTPStatus.BAD_REQUEST, "Content-Length is no length")
        return self.too_large() if int(length) > self.max_body_bytes else call

    def judge_body(self, body: bytes) -> Result | Response:
        """Return the result a body tells, or the refusal to send."""
        if len(body) > self.max_body_bytes:
            return self.too_large()
        try:
            return parse_callback(body)
        except ContractError as error:
            return refusal(HTTPStatus.BAD_REQUEST, str(error))

    def too_large(self) -> Response:
        """Return the refusal of a body that is longer than is read."""
        return refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a callback has at most {self.max_body_bytes} bytes")


def refusal(status: HTTPStatus, reason: str, *fields: tuple[str, str]) -> Response:
    """Return an answer that says why a callback was not taken."""
    headers: Headers = (("Content-Type", "application/json"), *fields)
    return Response(status, headers, json.dumps({"error": reason}).encode("ascii"))
