"""What the mock's HTTP side speaks of: a refusal, a reply as it goes out, and a callback to be sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from basix_contract.messages import Headers

Ending = Literal["complete", "close", "reset", "stall"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request places no call: one of `ERROR_IDS`, and a sentence that is sent only when asked for."""

    error_id: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A reply as it goes out.

    `raw` stands in place of status, headers and body: these pieces are written to the connection as they
    are, `pause_s` apart. `ending` says what follows: nothing (`complete`), the connection is closed or
    reset, or it stays open and silent (`stall`). Only `complete` without `raw` is proper HTTP.
    """

    status: int
    headers: Headers
    body: bytes
    delay_s: float = 0.0
    raw: tuple[bytes, ...] | None = None
    pause_s: float = 0.0
    ending: Ending = "complete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One callback to be sent, `after_s` seconds after the hunt's end."""

    url: str
    headers: Headers
    body: bytes
    method: str = "POST"
    after_s: float = 0.0
    timeout_s: float = 10.0


@dataclass(frozen=True, slots=True)
class ErrorId:
    """An error id the mock may use: its HTTP status in the 4xx style, and whether the document has it."""

    http_status: int
    is_documented: bool
    summary: str


# The document publishes one id and the vendor's clients know another; the rest are invented here, in the
# same manner, and must never be asserted of a PBX (A12, A49).
ERROR_IDS: dict[str, ErrorId] = {
    "channel_limit_reached": ErrorId(503, is_documented=True, summary="no channel is free"),
    "authentication_required": ErrorId(401, is_documented=True, summary="credentials are absent or wrong"),
    "method_not_found": ErrorId(404, is_documented=False, summary="nothing is served at this path"),
    "method_not_allowed": ErrorId(405, is_documented=False, summary="the HTTP method is not POST"),
    "unsupported_media_type": ErrorId(415, is_documented=False, summary="the body is not labelled as JSON"),
    "request_too_large": ErrorId(413, is_documented=False, summary="the body is larger than is read"),
    "invalid_json": ErrorId(400, is_documented=False, summary="the body is not a JSON object"),
    "invalid_parameter": ErrorId(400, is_documented=False, summary="a parameter has a value it cannot have"),
    "unknown_parameter": ErrorId(400, is_documented=False, summary="a parameter is not one of the method's"),
    "missing_parameter": ErrorId(400, is_documented=False, summary="no user, or no destination, is given"),
    "user_not_found": ErrorId(404, is_documented=False, summary="no user has this selector"),
    "group_not_found": ErrorId(404, is_documented=False, summary="no group has this selector"),
    "destination_not_found": ErrorId(404, is_documented=False, summary="the destination leads nowhere"),
    "no_answer": ErrorId(504, is_documented=False, summary="nobody picked up in time"),
    "busy": ErrorId(503, is_documented=False, summary="every terminal is in use"),
    "rejected": ErrorId(503, is_documented=False, summary="the call was turned down"),
    "user_unavailable": ErrorId(503, is_documented=False, summary="the user has no terminal to ring"),
    "internal_error": ErrorId(500, is_documented=False, summary="the PBX itself went wrong"),
}
