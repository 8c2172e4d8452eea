"""What stands in the journal beyond the history: the requests, as they were about to be sent."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from basix_contract.messages import Headers

Event = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SentRequest:
    """A request as the journal has it; of a body longer than `body`, `whole_length` tells how many bytes it has."""

    method: str = ""
    url: str = ""
    headers: Headers = ()
    body: bytes = b""
    whole_length: int = 0


def sent_requests(journal: Path) -> Mapping[str, SentRequest]:
    """Return the request of each exchange by its id; empty where there is no journal to read."""
    return sent_in(journal_events(journal))


def sent_in(events: Iterable[Event]) -> Mapping[str, SentRequest]:
    """Return the request of each exchange by its id."""
    return {
        event["exchange"]: _request(event.get("request", {}))
        for event in events
        if event.get("event") == "about-to-send"
    }


def _request(told: Mapping[str, Any]) -> SentRequest:
    body = unpacked(told.get("body", {}))
    return SentRequest(
        method=told.get("method", ""),
        url=told.get("url", ""),
        headers=tuple((name, value) for name, value in told.get("headers", ())),
        body=body,
        whole_length=told.get("cut_from", len(body)),
    )


def journal_events(journal: Path) -> Iterator[Event]:
    """Yield what a journal holds; nothing where there is none to read."""
    try:
        lines = journal.read_bytes().splitlines()
    except OSError:
        return
    for line in lines:
        try:
            event = json.loads(line)
        except (ValueError, RecursionError):
            continue  # the last line of a run that was cut short
        if isinstance(event, dict):
            yield event


def unpacked(body: Mapping[str, str]) -> bytes:
    """Return the bytes of a body as the journal wrote them down."""
    if "base64" in body:
        return base64.b64decode(body["base64"])
    return body.get("text", "").encode("utf-8", "surrogatepass")
