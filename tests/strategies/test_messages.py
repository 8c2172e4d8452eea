"""Replies and callbacks conform, and are as odd as the document allows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from basix_contract.contract import load_document
from basix_contract.strategies import callbacks, responses, sample
from tests.contract.variants import Tree, variant
from tests.validation.wire import by_jsonschema_rs, by_openapi_core, encoded

REPLIES = sample(responses(), 700, 1)
CALLBACKS = sample(callbacks(), 700, 1)
KINDS = {"reply": REPLIES, "callback": CALLBACKS}


@pytest.mark.parametrize("kind", KINDS)
def test_every_body_conforms_for_both_judges(kind: str) -> None:
    """openapi-core and jsonschema-rs find nothing in any body."""
    for body in KINDS[kind]:
        assert by_jsonschema_rs(kind, body) == by_openapi_core(kind, encoded(body)) == ()


@pytest.mark.parametrize("kind", KINDS)
def test_successes_and_errors_are_drawn(kind: str) -> None:
    """About half of the bodies tell a success; other codes than 500 occur, below zero and beyond 31 bits too."""
    codes = [body["result_code"] for body in KINDS[kind]]

    assert 200 < codes.count(0) < 500
    assert 500 in codes
    assert any(code < 0 for code in codes)
    assert any(code > 2**31 for code in codes)


def test_replies_name_one_to_eight_uuids() -> None:
    """A success names one uuid or several, no two alike but for their case."""
    uuids = [body["uuids"] for body in REPLIES if body["result_code"] == 0]

    assert {len(listed) for listed in uuids} == set(range(1, 9))
    assert all(len({uuid.lower() for uuid in listed}) == len(listed) for listed in uuids)


@pytest.mark.parametrize("kind", KINDS)
def test_uuids_are_of_any_version_and_case(kind: str) -> None:
    """Upper and lower case, versions of all kinds and the nil uuid occur."""
    uuids = {
        uuid for body in KINDS[kind] for uuid in [*body.get("uuids", ()), *([body["uuid"]] if "uuid" in body else [])]
    }

    assert {uuid[14].lower() for uuid in uuids} >= {"0", "1", "3", "4", "7", "f"}
    assert any(uuid.isupper() for uuid in uuids)
    assert "00000000-0000-0000-0000-000000000000" in uuids


@pytest.mark.parametrize("kind", KINDS)
def test_error_ids_are_known_and_odd_ones(kind: str) -> None:
    """The examples' ids come often, others of any script and length beside them."""
    ids = [body["error"]["id"] for body in KINDS[kind] if "error" in body]
    examples = load_document().reply_examples if kind == "reply" else load_document().callback_examples
    shown = {example.value["error"]["id"] for example in examples.values() if "error" in example.value}

    assert sum(id_ in shown for id_ in ids) > len(ids) / 5
    assert any(not id_.isascii() for id_ in ids)
    assert any(len(id_) > 1000 for id_ in ids)


@pytest.mark.parametrize("kind", KINDS)
def test_undocumented_members_stand_on_every_level(kind: str) -> None:
    """Members nobody documents occur beside the others and within the error; none is a documented one elsewhere."""
    documented = {"result_code", "uuids", "uuid", "error"}
    beside = {name for body in KINDS[kind] for name in body} - documented
    within = {name for body in KINDS[kind] for name in body.get("error", ())} - {"id"}

    assert len(beside) > 4
    assert len(within) > 4
    for body in KINDS[kind]:
        assert ("error" in body) == (body["result_code"] != 0)


@pytest.mark.parametrize("kind", KINDS)
def test_members_come_in_every_order(kind: str) -> None:
    """result_code is first in some bodies, last in others."""
    assert {next(iter(body)) for body in KINDS[kind]} >= {"result_code", "error"}
    assert {list(body)[-1] for body in KINDS[kind]} >= {"result_code", "error"}


def test_other_documents_are_followed(tmp_path: Path) -> None:
    """Members a document has anew are drawn, optional ones not always."""

    def change(tree: Tree) -> None:
        schemas = tree["components"]["schemas"]
        schemas["CallUserSuccess"]["properties"]["queue"] = {"type": "string", "enum": ["a", "b"]}
        schemas["CallAnswered"]["properties"]["legs"] = {"type": "array", "items": {"type": "boolean"}}
        schemas["CallAnswered"]["required"].append("legs")

    other = variant(tmp_path, change)
    queues = {body.get("queue") for body in sample(responses(other), 200, 1) if body["result_code"] == 0}
    legs = [body["legs"] for body in sample(callbacks(other), 200, 1) if body["result_code"] == 0]

    assert queues == {None, "a", "b"}
    assert [] in legs
    assert max(len(listed) for listed in legs) == 8


def test_a_drawn_body_is_the_callers_own() -> None:
    """Changing a body that was drawn changes no later one."""

    def spoil(value: Any) -> None:
        if isinstance(value, dict):
            for member in value.values():
                spoil(member)
            value.clear()

    before = json.dumps(sample(responses(), 200, 3))
    for body in sample(responses(), 200, 3):
        spoil(body)
    assert json.dumps(sample(responses(), 200, 3)) == before
