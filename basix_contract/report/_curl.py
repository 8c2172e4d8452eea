"""A journaled request as a curl line to paste, with the credentials to be put in."""

from __future__ import annotations

import base64
import dataclasses
import shlex

from basix_contract.messages import field_value
from basix_contract.report._journaled import SentRequest, sent_requests
from basix_contract.suite import RunResult

_PLACEHOLDER = "DOMAIN:TOKEN"
# What curl says by itself, or what makes no difference to the answer.
_LEFT_OUT = ("authorization", "accept", "accept-encoding")


def curl_of(result: RunResult, exchange: str) -> str:
    """Return the curl line for an exchange of a run, of its smallest form where one was found; empty for none sent."""
    sent = sent_requests(result.journal).get(exchange)
    if sent is None:
        return ""
    body = result.shrunk.get(exchange, sent.body)
    return curl_line(dataclasses.replace(sent, body=body, whole_length=len(body)))


def curl_line(request: SentRequest) -> str:
    """Return the shell command that sends this request again; it holds no credentials, only where they go.

    A body that is no printable text goes through base64. Of a body that the journal has cut, the line sends what
    the journal has.
    """
    parts = ["curl", "-sS", "-X", request.method, shlex.quote(request.url)]
    if field_value(request.headers, "Authorization") is not None:
        parts += ["-u", _PLACEHOLDER]
    for name, value in request.headers:
        if name.lower() not in _LEFT_OUT:
            parts += ["-H", shlex.quote(f"{name}: {value}")]
    text = _text(request.body)
    if not request.body:
        return " ".join(parts)
    if text is not None:
        return " ".join([*parts, "--data-binary", shlex.quote(text)])
    packed = base64.b64encode(request.body).decode("ascii")
    return f"printf %s {packed} | base64 -d | {' '.join([*parts, '--data-binary', '@-'])}"


def _text(body: bytes) -> str | None:
    """Return a body that a shell takes as it is; a leading @ would name a file to curl."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return text if text.isprintable() and not text.startswith("@") else None
