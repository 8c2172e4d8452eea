"""Timelines: what happened to a call, in its order, and the edge that is not as it must be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from basix_contract.checks import Exchange, History
from basix_contract.report import timeline_text, timelines_of
from tests.report.runs import UUID, callback, exchange, run, write_journal

SUCCESS = {"result_code": 0, "uuids": [UUID]}
TOLD = {"result_code": 0, "uuid": UUID}


def hunt(id_: str, title: str, reply: object, **members: Any) -> Exchange:
    """A call whose user is declared to answer after 0.3 s."""
    plain = exchange(id_, title, reply)
    intent = type(plain.intent)(
        probe="callback/answered", expect="accept", asks_callback=True, hunt_s=0.3, result="answered"
    )
    return exchange(id_, title, reply, intent=intent, **members)


def told_of(tmp_path: Path, *exchanges: Exchange, **bodies: object) -> Any:
    """The timelines of a run of these exchanges."""
    journal = write_journal(tmp_path / "journal.ndjson", **bodies)
    return timelines_of(run(history=History(exchanges=exchanges, grace_s=0.5), journal=journal))


def test_a_call_and_its_callback(tmp_path: Path) -> None:
    """Request, reply, the declared hunt, callback and acknowledgement stand in the order of their times."""
    seen = callback(TOLD, id="received.1")
    told = told_of(tmp_path, hunt("callback.1", "the user answers", SUCCESS, callbacks=(seen,)),
                   **{"callback.1": {"text": "{}"}})  # fmt: skip

    assert (
        timeline_text(told.told[0])
        == """\
          client (this kit)                  PBX (the target)                   receiver (this kit)
   0.000  │─ POST call_user ────────────────▶│                                  │
   0.100  │◀─ 200 · 0 · 1 uuid ──────────────│                                  │
   0.400  │                                  ┄ rings, then answered (declared)
   0.500  │                                  │─ 0 · uuid ede7b23e… ────────────▶│
   0.500  │                                  │◀─ 200 ───────────────────────────│
   0.900  │                                  │                                  ┄ callback due
"""
    )


def test_the_broken_edge_is_marked(tmp_path: Path) -> None:
    """A callback that never came is an edge of its own, at its deadline, with the reason below."""
    told = told_of(tmp_path, hunt("callback.1", "the user answers", SUCCESS))
    spot = told.broken_at("callback/answered", "callback.1")

    text = timeline_text(told.told[spot.timeline], spot.mark, "missing, none by the hunt's end and the grace")

    assert "   0.900 ✗│" in text
    assert "╌ no callback came ╌" in text
    assert "          missing, none by the hunt's end and the grace\n" in text
    assert text.count("✗") == 1


EDGES: tuple[tuple[str, str, str], ...] = (
    ("reply/result-code", "callback.1", "reply"),
    ("callback/once", "callback.1", "callback"),
    ("callback/uuid", "received.2", "callback"),
    ("callback/answered", "callback.2", "missing"),
    ("callback/none-after-error", "callback.3", "reply"),
    ("reply/answered", "callback.4", "silence"),
    ("reply/answered", "callback.5", "withheld"),
)


@pytest.mark.parametrize(("check", "evidence", "kind"), EDGES)
def test_each_check_is_about_an_edge(tmp_path: Path, check: str, evidence: str, kind: str) -> None:
    """What a check judges decides which edge is broken; evidence that names a callback is that callback."""
    twice = (callback(TOLD, id="received.1"), callback(TOLD, id="received.2", at_s=1.7))
    told = told_of(
        tmp_path,
        hunt("callback.1", "twice", SUCCESS, callbacks=twice),
        hunt("callback.2", "never", SUCCESS),
        hunt("callback.3", "refused", {"result_code": 500, "error": {"id": "no"}}),
        hunt("callback.4", "silent", None, silence="the connection was closed"),
        hunt("callback.5", "held back", None, sent_at_s=None, withheld="gate[budget]: spent"),
    )
    spot = told.broken_at(check, evidence)
    mark = told.told[spot.timeline].marks[spot.mark]

    assert mark.kind == kind
    if evidence.startswith("received"):
        assert mark.name == evidence


def test_evidence_that_nobody_bears(tmp_path: Path) -> None:
    """A name that is in no journal is on no timeline."""
    assert told_of(tmp_path).broken_at("reply/answered", "reply/answered.9") is None


def test_what_was_sent_can_be_sent_again(tmp_path: Path) -> None:
    """A message is what the journal has of it: its place, its fields and its bytes."""
    told = told_of(tmp_path, hunt("callback.1", "a body", SUCCESS), **{"callback.1": {"base64": "/w=="}})
    message = told.told[0].marks[0].message

    assert (message.method, message.body, message.is_ours) == ("POST", b"\xff", True)
    assert ("Authorization", "redacted_credentials") in message.headers


def test_a_target_cannot_steer_a_terminal(tmp_path: Path) -> None:
    """What came over the wire is shown with its control characters written out."""
    odd = hunt("callback.1", "odd\x1b[2J", {"result_code": 500, "error": {"id": "\x1b[31m"}})
    told = told_of(tmp_path, odd, hunt("callback.2", "x", b"<html>"), hunt("callback.3", "x", [1]))

    text = "".join(timeline_text(each, 1, "said \x1b[0m") for each in told.told)

    assert "\x1b" not in text
    assert "\\x1b[31m" in text


@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_lines_fit(tmp_path: Path, width: int) -> None:
    """No line of a timeline is wider than it may be."""
    told = told_of(tmp_path, hunt("callback.1", "the user answers", SUCCESS, callbacks=(callback(TOLD),)))

    lines = timeline_text(told.told[0], 3, "word " * 90, width=width).splitlines()

    assert max(len(line) for line in lines) <= width


def test_a_reply_that_was_waited_for_in_vain(tmp_path: Path) -> None:
    """Where no reply came, the time in which it was due is a band on the client's lane."""
    journal = tmp_path / "journal.ndjson"
    journal.write_text(json.dumps({"event": "run", "reply_timeout_s": 2.0}) + "\n", "utf-8")
    history = History(exchanges=(hunt("callback.1", "silent", None, silence="no reply within 2 s"),))

    told = timelines_of(run(history=history, journal=journal)).told[0]

    assert [(band.to_s, band.lane, band.label) for band in told.bands] == [(2.0, "client", "reply due")]
