"""Progress: a journal that is still being written tells how far the run is, and what is awaited."""

from __future__ import annotations

from typing import Any

from basix_contract.report import Progress

ACCEPTED = {"text": '{"result_code": 0, "uuids": []}'}


def line_after(*events: dict[str, Any]) -> str:
    """Where a run stands once these events are in its journal."""
    progress = Progress()
    for event in events:
        progress.take(event)
    return progress.line()


RUN = {"event": "run", "grace_s": 0.5}
PLANNED = (
    {"event": "scenario", "scenario": "a"},
    {"event": "scenario", "scenario": "b"},
    {"event": "planned", "exchange": "a.1", "intent": {"asks_callback": True, "hunt_s": 3.0}},
)
SENT = {"event": "about-to-send", "exchange": "a.1", "t": 1.0}
REPLY = {"event": "reply", "exchange": "a.1", "t": 1.1, "body": ACCEPTED}


def test_a_reply_is_awaited() -> None:
    """Between a request and its reply the reply is awaited."""
    assert line_after(RUN, *PLANNED, SENT) == "0 of 2 scenarios · 1 request · awaiting 1 reply"


def test_a_callback_is_awaited_until_it_is_due() -> None:
    """The callback of an accepted call is awaited, and for how long at most; not once it came, nor for ever."""
    began = (RUN, *PLANNED, SENT, REPLY)

    assert line_after(*began).endswith("awaiting 1 callback, 4 s at most")
    assert "awaiting" not in line_after(*began, {"event": "callback", "exchange": "a.1", "t": 2.0})
    assert "awaiting" not in line_after(*began, {"event": "about-to-send", "exchange": "b.1", "t": 9.0},
                                        {"event": "silence", "exchange": "b.1", "t": 9.1})  # fmt: skip


def test_a_refused_call_owes_nothing() -> None:
    """Nobody waits for the callback of a call that was refused."""
    refused = {**REPLY, "body": {"text": '{"result_code": 500}'}}

    assert line_after(RUN, *PLANNED, SENT, refused) == "0 of 2 scenarios · 1 request"


def test_the_quiet_end() -> None:
    """When every scenario has ended, late callbacks are all that is listened for."""
    ends = ({"event": "scenario-end", "t": 2.0}, {"event": "scenario-end", "t": 2.1})

    assert line_after(RUN, *PLANNED, *ends).endswith(
        "2 of 2 scenarios · 0 requests · listening for what may still come"
    )


def test_a_client_s_reports() -> None:
    """What a client is to report is awaited until it does, or cannot any more."""
    given = tuple({"event": "given", "case": f"a.{number}", "t": 1.0} for number in (1, 2, 3))
    request = {"event": "request", "case": "a.1", "t": 1.1}
    heard = ({"event": "answer", "case": "a.1", "t": 1.2}, {"event": "lack", "case": "a.2", "t": 1.2})

    assert line_after(*PLANNED, *given, request).endswith("1 request · awaiting 3 reports of the client")
    assert line_after(*PLANNED, *given, *heard).endswith("awaiting 1 report of the client")
