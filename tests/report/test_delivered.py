"""Callbacks as a reader of the document knows them, and plans of them."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

from basix_contract.checks import Delivery, ReceiverHistory, Reply
from basix_contract.report import deliveries_json, deliveries_text, summary_text
from basix_contract.suite import DeliveryPreview, PlannedDelivery
from tests.report.runs import requirement, run, write_journal

BODY = {"text": '{"result_code": 0, "uuid": "ede7b23e-c172-445e-832e-963b11ba2b96"}'}


def delivered(id_: str, check: str, **members: Any) -> Delivery:
    """A callback that was sent at second 1."""
    return Delivery(id=id_, scenario="s", title=id_, call="s/a", expects={check: "2xx"}, sent_at_s=1.0, **members)


def told(folder: Path, *deliveries: Delivery) -> str:
    """The summary of a run in which these were delivered."""
    journal = write_journal(folder / "journal.ndjson", **{delivery.id: BODY for delivery in deliveries})
    result = run(
        requirement("CU-401", "pass"),
        role="receiver",
        history=ReceiverHistory(deliveries=deliveries),
        journal=journal,
        calls_placed=0,
    )
    return summary_text(result)


def test_the_documents_two_callbacks_are_told(tmp_path: Path) -> None:
    """The first of each kind: what was sent, what came back, and after how long."""
    answer = Reply(status=202, headers=(), body=b"noted \x1b[31m", at_s=1.0123)
    text = told(
        tmp_path,
        delivered("a", "acknowledge/answered", reply=answer),
        delivered("b", "acknowledge/answered", reply=answer),
        delivered("c", "acknowledge/not-answered", silence="no connection"),
    )

    assert "(→ callback  ← answer)" in text
    assert '  answered      → {"result_code": 0, "uuid": "ede7b23e…"}' in text
    assert "← 202 noted \\x1b[31m (after 0.012 s)" in text
    assert "  not answered  →" in text
    assert "← no answer: no connection" in text
    assert text.count("← 202") == 1
    assert "calls placed" not in text


def test_what_was_not_sent_is_not_told(tmp_path: Path) -> None:
    """A run that ended before shows no example it did not get to."""
    text = told(tmp_path, dataclasses.replace(delivered("a", "acknowledge/answered"), sent_at_s=None))

    assert "callback" not in text


def planned(id_: str, **members: Any) -> PlannedDelivery:
    """A planned callback of thirty bytes."""
    plain: dict[str, Any] = {
        "id": id_,
        "scenario": id_.partition(".")[0],
        "title": f"about {id_}",
        "method": "POST",
        "body_bytes": 30,
        "lasts_s": 0.0,
        "is_cut": False,
        "allowed": {"acknowledge/answered": "2xx"},
    }
    return PlannedDelivery(**{**plain, **members})


PLAN = DeliveryPreview(
    target="http://127.0.0.1:8000/hook/{case}",
    calls=3,
    deliveries=(
        planned("answered.1"),
        planned("slow.1", lasts_s=1.0),
        planned("slow.2", method="PUT", allowed={"odd/junk": "no-5xx", "odd/junk-refused": "4xx"}),
        planned("huge.1", body_bytes=8_000_000, allowed={"odd/huge-body": "cut-or-no-5xx"}),
        planned("gone.1", is_cut=True, allowed={}, title="gone \x1b[2J"),
    ),
)


def test_a_plan_tells_every_delivery() -> None:
    """By scenario, with its method, the answers it allows, and what makes it long."""
    text = deliveries_text(PLAN)

    assert text.startswith("Nothing has been sent. This is what would be, to http://127.0.0.1:8000/hook/{case}:\n")
    assert "\nslow\n    2  POST    2xx               about slow.1 (30 bytes, over 1 s)\n" in text
    assert "    3  PUT     no 5xx, 4xx       about slow.2\n" in text
    assert "    4  POST    no 5xx, or none   about huge.1 (8000 kB)\n" in text
    assert "    5  POST    no answer         gone \\x1b[2J\n" in text
    assert text.endswith("\n5 requests about 3 calls, 8000 kB in all\n")


def test_a_plan_is_json_too() -> None:
    """Everything the text has, for programs."""
    members = json.loads(deliveries_json(PLAN))

    assert (members["requests"], members["calls"], members["bytes"]) == (5, 3, 8_000_120)
    assert members["steps"][2]["allowed"] == {"odd/junk": "no-5xx", "odd/junk-refused": "4xx"}
    assert [step["id"] for step in members["steps"]] == [delivery.id for delivery in PLAN.deliveries]
