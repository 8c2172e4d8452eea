"""`contract-diff`: who breaks, as text and as JSON, with an exit code to act on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from basix_contract.contract import load_document
from tests.cli.conftest import Command

SHIPPED = load_document().source


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """The shipped document with a shorter timeout, and a callback that need not name its channel."""
    text = SHIPPED.read_text("utf-8").replace("default: 180", "default: 60").replace("version: 1.0.0", "version: 2.0.0")
    path = tmp_path / "newer.yaml"
    path.write_text(
        text.replace("      required:\n      - result_code\n      - uuid\n", "      required: [result_code]\n")
    )
    return path


def test_who_breaks_is_told(command: Command, newer: Path) -> None:
    """The text says, for each of the three, what they must be changed for; the exit code is 1."""
    ended = command("contract-diff", str(SHIPPED), str(newer))

    assert (ended.code, ended.err) == (1, "")
    assert (
        ended.out
        == """\
contract 1.0.0 → 2.0.0

Breaks clients
  request body /answer_timeout: default 180 → 60

Breaks servers
  request body /answer_timeout: default 180 → 60

Breaks receivers
  callback body /uuid: no longer required

breaking: 1 for clients, 1 for servers, 1 for receivers
"""
    )


def test_who_breaks_is_json_too(command: Command, newer: Path) -> None:
    """With --json it is one JSON document."""
    document = json.loads(command("contract-diff", str(SHIPPED), str(newer), "--json").out)

    assert (document["is_breaking"], document["old"], document["new"]) == (True, "1.0.0", "2.0.0")
    assert document["breaks"] == {"clients": 1, "servers": 1, "receivers": 1}
    assert document["changes"][1] == {
        "message": "callback",
        "place": "body /uuid",
        "effect": "widened",
        "what": "no longer required",
        "breaks": ["receiver"],
    }


def test_what_breaks_nobody_is_told_apart(command: Command, tmp_path: Path) -> None:
    """A reply that says more, and a document that did not change, break nobody: exit code 0."""
    newer = tmp_path / "newer.yaml"
    head = "      properties:\n        result_code:\n          $ref: '#/components/schemas/SuccessCode'\n        uuids:"
    assert head in SHIPPED.read_text("utf-8")
    newer.write_text(
        SHIPPED.read_text("utf-8").replace(head, head.replace("uuids:", "call_id: {type: string}\n        uuids:")),
        "utf-8",
    )

    more = command("contract-diff", str(SHIPPED), str(newer))
    same = command("contract-diff", str(SHIPPED), str(SHIPPED))

    assert (more.code, same.code) == (0, 0)
    assert "\nBreaks nobody\n  reply HTTP 200 /call_id: new member\n" in more.out
    assert more.out.endswith("\nnothing breaks\n")
    assert same.out == "contract 1.0.0 → 1.0.0\n\nnothing changed\n"


def test_a_file_that_is_no_document_is_named(command: Command, tmp_path: Path) -> None:
    """What is no OpenAPI document ends with 2."""
    (tmp_path / "no.yaml").write_text("[]", "utf-8")

    for path in (tmp_path / "no.yaml", tmp_path / "missing.yaml"):
        ended = command("contract-diff", str(SHIPPED), str(path))
        assert (ended.code, ended.out) == (2, "")
        assert str(path) in ended.err
