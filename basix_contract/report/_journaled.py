"""What stands in the journal beyond the history: the bodies of the requests, as they were about to be sent."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any


def sent_bodies(journal: Path) -> Mapping[str, bytes]:
    """Return the request body of each exchange by its id; empty where there is no journal to read."""
    return {
        event["exchange"]: _unpacked(event.get("request", {}).get("body", {}))
        for event in _events(journal)
        if event.get("event") == "about-to-send"
    }


def _events(journal: Path) -> Iterator[dict[str, Any]]:
    try:
        lines = journal.read_bytes().splitlines()
    except OSError:
        return
    for line in lines:
        try:
            event = json.loads(line)
        except ValueError:
            continue  # the last line of a run that was cut short
        if isinstance(event, dict):
            yield event


def _unpacked(body: Mapping[str, str]) -> bytes:
    if "base64" in body:
        return base64.b64decode(body["base64"])
    return body.get("text", "").encode("utf-8", "surrogatepass")
