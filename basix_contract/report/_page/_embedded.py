"""What the page draws from: a run as one JSON value, each text that comes often written once.

A timeline is `[id, scenario, title, expects, began_s, marks, bands]`, a mark `[ms, kind, label, message]`, a band
`[from ms, to ms, lane, label]`, a message `[method, place, headers, body, whole length, curl]`: `scenario`,
`expects`, `method`, `place`, `headers` and `curl` are numbers into `texts`, and `curl` is the beginning of a line
to which the body is put, 0 where there is none. A body is text, or `[base64]`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any

from basix_contract.contract import Requirement
from basix_contract.report._curl import curl_line
from basix_contract.report._journaled import SentRequest
from basix_contract.report._marks import DASHED, LANES, ROUTES, Message, Timeline
from basix_contract.report._timelines import Timelines
from basix_contract.suite import SMALLEST, CheckVerdict, RunResult

_LEFT_OUT = ("connection", "content-length", "date", "server")
_FINE = ("pass", "observed", "not-applicable", "disabled")


class _Texts:
    """Texts by their number; the first is empty."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {"": 0}

    def number(self, text: str) -> int:
        """Return the number of a text."""
        return self.numbers.setdefault(text, len(self.numbers))


def embedded(result: RunResult, timelines: Timelines, rows: Mapping[str, Requirement], command: str) -> str:
    """Return the run as JSON that may stand in a script element."""
    texts = _Texts()
    members = {
        "role": result.role,
        "target": result.target,
        "command": command,
        "journal": result.journal.name,
        "smallest": SMALLEST,
        "lanes": list(LANES[result.role].items()),
        "routes": {kind: [*route, kind in DASHED] for kind, route in ROUTES.items()},
        "timelines": [_timeline(told, texts) for told in timelines.told],
        "requirements": {row.id: _requirement(row, rows.get(row.id), timelines) for row in result.requirements},
        "shrunk": {name: body.decode("utf-8", "replace") for name, body in result.shrunk.items()},
        "texts": list(texts.numbers),
    }
    text = json.dumps(members, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").encode("utf-8", "backslashreplace").decode("utf-8")


# ── calls ──


def _timeline(told: Timeline, texts: _Texts) -> list[Any]:
    marks = [
        [_ms(mark.at_s), mark.kind, mark.label, _message(mark.message, texts) if mark.message else 0]
        for mark in told.marks
    ]
    bands = [[_ms(band.from_s), _ms(band.to_s), band.lane, band.label] for band in told.bands]
    began_s = None if told.began_s is None else round(told.began_s, 3)
    return [told.id, texts.number(told.scenario), told.title, texts.number(told.expects), began_s, marks, bands]


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)


def _message(message: Message, texts: _Texts) -> list[Any]:
    shown = "\n".join(f"{name}: {value}" for name, value in message.headers if name.lower() not in _LEFT_OUT)
    return [
        texts.number(message.method),
        texts.number(message.place),
        texts.number(shown),
        _body(message.body),
        message.whole_length,
        texts.number(_curl(message)) if message.is_ours else 0,
    ]


def _curl(message: Message) -> str:
    return curl_line(SentRequest(method=message.method, url=message.place, headers=message.headers))


def _body(body: bytes) -> Any:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return [base64.b64encode(body).decode("ascii")]


# ── requirements ──


def _requirement(row: Any, known: Requirement | None, timelines: Timelines) -> dict[str, Any]:
    told: dict[str, Any] = {"checks": [_check(check, timelines) for check in row.checks]}
    if known is not None:
        told["source"] = "; ".join(known.source)
        told["readings"] = [[reading.reading, reading.is_allowed] for reading in known.readings]
        told["needs"] = list(known.needs)
    return told


def _check(check: CheckVerdict, timelines: Timelines) -> list[Any]:
    return [check.id, check.verdict, check.detail, list(_evidence(check, timelines))]


def _evidence(check: CheckVerdict, timelines: Timelines) -> Iterator[int | tuple[int, int]]:
    """Yield the numbers of timelines, each once; with the mark that is not as it must be, where one is not."""
    is_fine = check.verdict in _FINE
    seen: set[int] = set()
    for name in check.evidence:
        spot = timelines.spot_of(name) if is_fine else timelines.broken_at(check.id, name)
        if spot is not None and spot.timeline not in seen:
            seen.add(spot.timeline)
            yield spot.timeline if is_fine else (spot.timeline, spot.mark)
