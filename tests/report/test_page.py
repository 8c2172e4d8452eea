"""report.html as text: complete, one file, and nothing of what the journal may not hold. A browser looks at it too."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from basix_contract.report import render_page
from tests.report.runs import UUID, callback, exchange, requirement, run, write_journal

FAILED = requirement(
    "CU-148",
    "fail",
    check="callback/uuid",
    statement="The callback names one of the uuids of the call's own reply.",
    detail="foreign",
    evidence=("callback.1",),
)


def page_of(tmp_path: Path, *rows: Any, **members: Any) -> str:
    """The page of a run of one call."""
    journal = write_journal(tmp_path / "journal.ndjson", **{"callback.1": {"text": '{"user_id": 1}'}})
    call = exchange(
        "callback.1", "the user answers", {"result_code": 0, "uuids": [UUID]}, callbacks=(callback({"result_code": 0}),)
    )
    return render_page(run(*rows, exchanges=(call,), journal=journal, **members)).decode()


def data_of(page: str) -> Any:
    """What the page draws from."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def test_nothing_comes_from_elsewhere(tmp_path: Path) -> None:
    """No element names a place outside the file, and the page forbids itself to ask for any."""
    page = page_of(tmp_path, FAILED)

    assert re.findall(r'(?:src|href)="(?!#|data:)[^"]*"', page) == []
    assert "default-src 'none'" in page


def test_what_can_be_read_without_a_script(tmp_path: Path) -> None:
    """Verdict, provenance, every requirement, what is to be looked at and its call as text stand in the page itself."""
    page = page_of(tmp_path, FAILED, requirement("CU-001", "pass"), verdict="does-not-conform", exit_code=1)
    plain = page[: page.index("<script")]

    assert "does not conform" in plain
    assert "basix-contract conformance server --target http://127.0.0.1:8090/basix/api --seed 7" in plain
    assert 'id="CU-148"' in plain
    assert 'id="CU-001"' in plain
    assert "basix-contract replay callback.1" in plain
    assert "POST call_user" in plain


def test_the_broken_edge_is_embedded(tmp_path: Path) -> None:
    """A check that does not hold names the mark; one that holds names the call only."""
    held = requirement("CU-001", "pass", evidence=("callback.1",))
    told = data_of(page_of(tmp_path, FAILED, held))

    kinds = [mark[1] for mark in told["timelines"][0][5]]
    assert told["requirements"]["CU-148"]["checks"][0][3] == [[0, kinds.index("callback")]]
    assert told["requirements"]["CU-001"]["checks"][0][3] == [0]


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"verdict": "hollow", "exit_code": 6}, "Nothing was proven."),
        ({"verdict": "partial", "exit_code": 6}, "Only a part was tested."),
        ({"verdict": "harness-error", "exit_code": 5}, "The kit itself went wrong."),
        ({"verdict": "partial", "ending": "interrupted", "exit_code": 130}, "The run ended early (interrupted)."),
    ],
)
def test_a_run_that_proves_little_says_so(tmp_path: Path, members: dict[str, Any], said: str) -> None:
    """Hollow, partial and interrupted runs are warned of above all else; a whole one is not."""
    page = page_of(tmp_path, requirement("CU-001", "pass"), **members)

    assert page.index(said) < page.index("<h2")
    assert said not in page_of(tmp_path, requirement("CU-001", "pass"))


def test_what_a_target_sent_stays_text() -> None:
    """Whatever the other side says, it neither ends a script nor begins an element."""
    odd = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    row = requirement("CU-148", "fail", detail=odd, evidence=("callback.1",))
    call = exchange("callback.1", odd, {"result_code": 500, "error": {"id": odd + "\udc80"}})

    page = render_page(run(row, exchanges=(call,), reason=odd, target=odd)).decode()

    assert "<script>alert" not in page
    assert "<img" not in page
    assert page.count("<script") == 2


def test_a_body_that_is_no_text_is_kept(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 are embedded as base64, as the journal has them."""
    journal = write_journal(tmp_path / "journal.ndjson", **{"callback.1": {"base64": "/w=="}})
    page = render_page(run(exchanges=(exchange("callback.1", "bytes", None),), journal=journal))

    assert data_of(page.decode())["timelines"][0][5][0][3][3] == ["/w=="]


ROLES = (
    ({"role": "client", "target": "node my-adapter.mjs"}, "conformance client --seed 7 -- node my-adapter.mjs"),
    (
        {"role": "receiver", "target": "http://127.0.0.1:1/hook"},
        "conformance receiver --url http://127.0.0.1:1/hook --seed 7",
    ),
    ({"role": "server", "target": "the embedded mock PBX"}, "conformance server --seed 7"),
)


@pytest.mark.parametrize(("members", "command"), ROLES)
def test_the_command_of_a_run(tmp_path: Path, members: dict[str, Any], command: str) -> None:
    """The command that plays a run again says what it was played against, with which seed."""
    history = type("Empty", (), {"calls": (), "deliveries": (), "exchanges": ()})()

    page = render_page(run(history=history, journal=tmp_path / "none", **members)).decode()

    assert f"<code>basix-contract {command}</code>" in page
