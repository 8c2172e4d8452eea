"""What a newer contract breaks: each kind of change in each kind of message, callbacks with their polarity turned."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest

from basix_contract.contract import load_document
from basix_contract.contract._tree import thawed
from basix_contract.contract.changes import (
    ENDS,
    Effect,
    Message,
    broken_by,
    contract_changes,
    read_contract,
)
from basix_contract.errors import UsageError

Tree = dict[str, Any]
MESSAGES: tuple[Message, ...] = get_args(Message)
EFFECTS: tuple[Effect, ...] = get_args(Effect)

# Every kind of change in every message that can have it, and whom it breaks.
TABLE: dict[tuple[Effect, Message], tuple[str, ...]] = {
    ("narrowed", "request"): ("client",),
    ("narrowed", "reply"): ("server",),
    ("narrowed", "callback"): ("server",),
    ("narrowed", "acknowledgement"): ("receiver",),
    ("widened", "request"): ("server",),
    ("widened", "reply"): ("client",),
    ("widened", "callback"): ("receiver",),
    ("widened", "acknowledgement"): ("server",),
    ("altered", "request"): ("client", "server"),
    ("altered", "reply"): ("server", "client"),
    ("altered", "callback"): ("server", "receiver"),
    ("altered", "acknowledgement"): ("receiver", "server"),
    ("member added", "request"): ("server",),
    ("member added", "reply"): (),
    ("member added", "callback"): (),
    ("member added", "acknowledgement"): (),
    ("member removed", "request"): ("client",),
    ("member removed", "reply"): (),
    ("member removed", "callback"): (),
    ("member removed", "acknowledgement"): (),
    ("default changed", "request"): ("client", "server"),
    ("default changed", "reply"): ("server", "client"),
    ("default changed", "callback"): ("server", "receiver"),
    ("default changed", "acknowledgement"): ("receiver", "server"),
    ("message added", "request"): ("server",),
    ("message added", "callback"): ("server", "receiver"),
    ("message removed", "request"): ("client",),
    ("message removed", "callback"): ("server", "receiver"),
}


@pytest.mark.parametrize(("row", "parties"), TABLE.items())
def test_who_breaks_by_what(row: tuple[Effect, Message], parties: tuple[str, ...]) -> None:
    """Who must be changed follows from who writes a message and who reads it."""
    assert broken_by(*row) == parties


def test_the_table_is_whole() -> None:
    """No kind of change and no message is left out, but that replies and acknowledgements come with their request."""
    never = {(effect, message) for effect in EFFECTS[-2:] for message in ("reply", "acknowledgement")}

    assert TABLE.keys() | never == {(effect, message) for effect in EFFECTS for message in MESSAGES}
    assert (ENDS["request"].writer, ENDS["callback"].writer) == ("client", "server")


@pytest.fixture
def shipped() -> Tree:
    """The shipped document, to be changed."""
    tree: Tree = thawed(load_document().raw)
    return tree


def told(old: Tree, new: Tree) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """What changed, each thing once: message, effect, words, whom it breaks."""
    found = contract_changes(old, new).changes
    return list(dict.fromkeys((change.message, change.effect, change.what, change.breaks) for change in found))


def schemas(tree: Tree) -> Tree:
    """The schemas of a document."""
    found: Tree = tree["components"]["schemas"]
    return found


def operation(tree: Tree) -> Tree:
    """The one operation of a document."""
    found: Tree = tree["paths"]["/call_user"]["post"]
    return found


def callback(tree: Tree) -> Tree:
    """The one callback of a document."""
    found: Tree = operation(tree)["callbacks"]["callFinished"]["{$request.body#/callback_url}"]
    return found


def changed(tree: Tree, change: Callable[[Tree], Any]) -> Tree:
    """A copy with one thing changed."""
    copied = copy.deepcopy(tree)
    change(copied)
    return copied


def request_of(tree: Tree) -> Tree:
    """The members of a request."""
    found: Tree = schemas(tree)["CallUserRequest"]["properties"]
    return found


Row = tuple[Callable[[Tree], Any], list[tuple[str, str, str, tuple[str, ...]]]]
CLIENT, SERVER, RECEIVER = ("client",), ("server",), ("receiver",)

ROWS: dict[str, Row] = {
    "a parameter is new": (
        lambda tree: request_of(tree).update(priority={"type": "integer"}),
        [("request", "member added", "new member", SERVER)],
    ),
    "a parameter is gone": (
        lambda tree: request_of(tree).pop("calling_name"),
        [("request", "member removed", "member gone", CLIENT)],
    ),
    "a parameter is required": (
        lambda tree: schemas(tree)["CallUserRequest"]["required"].append("callback_url"),
        [("request", "narrowed", "required now", CLIENT)],
    ),
    "a parameter is no longer required": (
        lambda tree: schemas(tree)["CallUserRequest"].pop("required"),
        [("request", "widened", "no longer required", SERVER)],
    ),
    "a default changes": (
        lambda tree: request_of(tree)["answer_timeout"].update(default=60),
        [("request", "default changed", "default 180 → 60", ("client", "server"))],
    ),
    "a minimum rises": (
        lambda tree: request_of(tree)["answer_timeout"].update(minimum=5),
        [("request", "narrowed", "minimum 1 → 5", CLIENT)],
    ),
    "a minimum falls": (
        lambda tree: request_of(tree)["answer_timeout"].update(minimum=0),
        [("request", "widened", "minimum 1 → 0", SERVER)],
    ),
    "a maximum comes": (
        lambda tree: request_of(tree)["answer_timeout"].update(maximum=180),
        [("request", "narrowed", "maximum (none) → 180", CLIENT)],
    ),
    "a type fewer": (
        lambda tree: schemas(tree)["DialCode"].update(type="string"),
        [("request", "narrowed", "type: integer no longer allowed", CLIENT)],
    ),
    "an enum value more": (
        lambda tree: request_of(tree)["group_resolver"]["enum"].append("any:HUNT"),
        [("request", "widened", 'enum: "any:HUNT" allowed now', SERVER)],
    ),
    "a pattern changes": (
        lambda tree: request_of(tree)["calling_name"].update(pattern="^[a-z]*$"),
        [("request", "altered", 'pattern "^[ -~]*(?!\\\\n)$" → "^[a-z]*$"', ("client", "server"))],
    ),
    "unknown members are refused": (
        lambda tree: schemas(tree)["DestinationObject"].update(additionalProperties=False),
        [("request", "narrowed", "additionalProperties (none) → false", CLIENT)],
    ),
    "a selector fewer": (
        lambda tree: schemas(tree)["CallUserRequest"]["anyOf"].pop(),
        [("request", "narrowed", "form gone: By e-mail address", CLIENT)],
    ),
    "a form of destination more": (
        lambda tree: schemas(tree)["Destination"]["oneOf"].append({"title": "A list", "type": "array"}),
        [("request", "widened", "new form: A list", SERVER)],
    ),
    "a reply says more": (
        lambda tree: schemas(tree)["CallUserSuccess"]["properties"].update(call_id={"type": "string"}),
        [("reply", "member added", "new member", ())],
    ),
    "a reply must say more": (
        lambda tree: schemas(tree)["CallUserError"]["required"].append("hint"),
        [("reply", "narrowed", "required now", SERVER)],
    ),
    "a reply may say less": (
        lambda tree: schemas(tree)["CallUserSuccess"]["required"].remove("uuids"),
        [("reply", "widened", "no longer required", CLIENT)],
    ),
    "a status is new": (
        lambda tree: operation(tree)["responses"].update({"202": {"description": "Later."}}),
        [("reply", "widened", "new status", CLIENT)],
    ),
    "a status is gone": (
        lambda tree: operation(tree)["responses"].pop("5XX"),
        [("reply", "narrowed", "status gone", SERVER)],
    ),
    "a media type is new": (
        lambda tree: operation(tree)["requestBody"]["content"].update({"application/cbor": {}}),
        [("request", "widened", "application/cbor is a media type now", SERVER)],
    ),
    "a media type is gone": (
        lambda tree: tree["components"]["responses"]["ReplyWithErrorStatus"]["content"].clear(),
        [("reply", "narrowed", "application/json is no longer a media type", SERVER)],
    ),
    "the body may be left out": (
        lambda tree: operation(tree)["requestBody"].update(required=False),
        [("request", "widened", "no longer required", SERVER)],
    ),
    "other credentials": (
        lambda tree: tree["components"]["securitySchemes"]["basicAuth"].update(scheme="bearer"),
        [("request", "altered", "http basic → http bearer", ("client", "server"))],
    ),
    "another place": (
        lambda tree: tree["servers"][0].update(url="https://other.example/api"),
        [
            (
                "request",
                "altered",
                "['https://bcs.brastel.com/basix/api'] → ['https://other.example/api']",
                ("client", "server"),
            )
        ],
    ),
    "a query parameter is asked for": (
        lambda tree: operation(tree).update(parameters=[{"in": "query", "name": "v", "required": True}]),
        [
            ("request", "member added", "new parameter", SERVER),
            ("request", "narrowed", "required now", CLIENT),
        ],
    ),
    "an operation is new": (
        lambda tree: tree["paths"].update({"/hang_up": {"post": {"responses": {}}}}),
        [("request", "message added", "is new", SERVER)],
    ),
    "an operation is gone": (
        lambda tree: tree["paths"].clear(),
        [("request", "message removed", "is gone", CLIENT)],
    ),
    "a callback says more": (
        lambda tree: schemas(tree)["CallNotAnswered"]["properties"].update(uuid={"type": "string"}),
        [("callback", "member added", "new member", ())],
    ),
    "a callback may say less": (
        lambda tree: schemas(tree)["CallAnswered"]["required"].remove("uuid"),
        [("callback", "widened", "no longer required", RECEIVER)],
    ),
    "a callback must say more": (
        lambda tree: schemas(tree)["CallNotAnswered"]["required"].append("uuid"),
        [("callback", "narrowed", "required now", SERVER)],
    ),
    "a callback has a third form": (
        lambda tree: schemas(tree)["CallResult"]["oneOf"].append({"title": "Ringing", "type": "object"}),
        [("callback", "widened", "new form: Ringing", RECEIVER)],
    ),
    "a callback may be answered in another way": (
        lambda tree: callback(tree)["post"]["responses"].update({"3XX": {"description": "Elsewhere."}}),
        [("acknowledgement", "widened", "new status", SERVER)],
    ),
    "a callback may no longer be refused": (
        lambda tree: callback(tree)["post"]["responses"].pop("4XX"),
        [("acknowledgement", "narrowed", "status gone", RECEIVER)],
    ),
    "a callback must be answered with a body": (
        lambda tree: callback(tree)["post"]["responses"]["2XX"].update(content={"application/json": {}}),
        [("acknowledgement", "widened", "application/json is a media type now", SERVER)],
    ),
    "a callback comes by PUT": (
        lambda tree: callback(tree).update(put=callback(tree).pop("post")),
        [
            ("callback", "message removed", "is gone", ("server", "receiver")),
            ("callback", "message added", "is new", ("server", "receiver")),
        ],
    ),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_change_is_found_and_told(shipped: Tree, name: str) -> None:
    """One thing changed in the shipped document is found, in the message it is in, and breaks whom it must."""
    change, expected = ROWS[name]

    assert told(shipped, changed(shipped, change)) == expected


OPPOSITES: dict[Effect, tuple[Effect, ...]] = {
    "narrowed": ("widened",),
    "widened": ("narrowed",),
    "member added": ("member removed",),
    "member removed": ("member added", "narrowed"),
    "message added": ("message removed",),
    "message removed": ("message added",),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_change_undone_is_its_opposite(shipped: Tree, name: str) -> None:
    """Going back from the newer document to the older is a change too, and in the same message."""
    there = contract_changes(shipped, changed(shipped, ROWS[name][0])).changes
    back = contract_changes(changed(shipped, ROWS[name][0]), shipped).changes

    assert {(one.message, one.place) for one in there} == {(one.message, one.place) for one in back}
    assert {one.effect for one in back} <= {
        turned for one in there for turned in OPPOSITES.get(one.effect, (one.effect,))
    }


def test_what_changes_nothing_for_programs_is_no_change(shipped: Tree) -> None:
    """Words, examples, extension keywords and the way references are laid out are not part of the contract."""

    def reword(tree: Tree) -> None:
        schemas(tree)["CallUserRequest"].update(description="Other words.", **{"x-basix-unknown": "ignore"})
        request_of(tree)["user_id"]["title"] = "Another"
        operation(tree)["requestBody"]["content"]["application/json"].pop("examples")
        schemas(tree)["Other"] = schemas(tree).pop("ChannelUuid")
        schemas(tree)["CallUserSuccess"]["properties"]["uuids"]["items"] = {"$ref": "#/components/schemas/Other"}
        schemas(tree)["CallAnswered"]["properties"]["uuid"]["$ref"] = "#/components/schemas/Other"

    assert told(shipped, changed(shipped, reword)) == []
    assert not contract_changes(shipped, shipped).is_breaking


KEYWORDS: list[tuple[Any, Any, list[str]]] = [
    ({"type": "integer"}, {"type": "number"}, ["widened"]),
    ({"type": "number"}, {"type": "integer"}, ["narrowed"]),
    ({}, {"type": "string"}, ["narrowed"]),
    (True, {"type": "string"}, ["narrowed"]),
    ({"type": "string"}, True, ["widened"]),
    ({"maxLength": 3}, {"maxLength": 2}, ["narrowed"]),
    ({"maxLength": 3}, {"maxLength": 4}, ["widened"]),
    ({"uniqueItems": False}, {"uniqueItems": True}, ["narrowed"]),
    ({"additionalProperties": False}, {"additionalProperties": True}, ["widened"]),
    ({"const": 0}, {"const": 1}, ["altered"]),
    ({"enum": [1, 2]}, {"enum": [2, 3]}, ["widened", "narrowed"]),
    ({"items": {"maximum": 3}}, {"items": {"maximum": 2}}, ["narrowed"]),
    ({}, {"items": {"type": "string"}}, ["narrowed"]),
    ({"allOf": [{"title": "A"}]}, {"allOf": [{"title": "A"}, {"title": "B", "type": "string"}]}, ["narrowed"]),
    ({"allOf": [{"title": "A", "maximum": 3}]}, {"allOf": [{"title": "A", "maximum": 4}]}, ["widened"]),
    ({}, {"oneOf": [{"type": "string"}]}, ["narrowed"]),
    ({"oneOf": [{"type": "string"}]}, {}, ["widened"]),
    (False, {}, ["widened"]),
]


@pytest.mark.parametrize(("old", "new", "effects"), KEYWORDS)
def test_a_keyword_allows_less_or_more(old: Any, new: Any, effects: list[str]) -> None:
    """Each keyword of a schema is read for what it does to the values that are allowed."""
    found = contract_changes(around(old), around(new)).changes

    assert [change.effect for change in found] == effects


def around(schema: Any) -> Tree:
    """A small document that is asked with this schema."""
    body = {"content": {"application/json": {"schema": schema}}}
    return {"openapi": "3.1.1", "paths": {"/a": {"post": {"requestBody": body, "responses": {}}}}}


def test_a_schema_that_contains_itself_is_compared_once() -> None:
    """References that go in a circle come to an end."""
    tree = around({"$ref": "#/node"}) | {"node": {"properties": {"next": {"$ref": "#/node"}}}}
    other = changed(tree, lambda found: found["node"].update(maxProperties=1))

    assert [change.place for change in contract_changes(tree, other).changes] == ["body"]


def test_a_query_parameter_that_changes_is_found() -> None:
    """Parameters outside the body are compared by name and place."""

    def with_parameter(**members: Any) -> Tree:
        tree = around({})
        tree["paths"]["/a"]["post"]["parameters"] = [{"in": "query", "name": "v", **members}]
        return tree

    assert told(with_parameter(schema={"maximum": 3}), with_parameter(schema={"maximum": 2})) == [
        ("request", "narrowed", "maximum 3 → 2", CLIENT)
    ]
    assert told(with_parameter(required=True), with_parameter()) == [
        ("request", "widened", "no longer required", SERVER)
    ]
    assert told(with_parameter(), around({})) == [("request", "member removed", "parameter gone", CLIENT)]


@pytest.mark.parametrize("text", ["", "[]", "openapi: 3.1.1", "a: [", "paths: {}"])
def test_what_is_no_document_is_named(tmp_path: Path, text: str) -> None:
    """A file that is no OpenAPI document is told as that."""
    path = tmp_path / "old.yaml"
    path.write_text(text, "utf-8")

    with pytest.raises(UsageError, match=r"old\.yaml"):
        read_contract(path)


def test_json_is_read_as_well(tmp_path: Path, shipped: Tree) -> None:
    """A document may be written as JSON."""
    path = tmp_path / "old.json"
    path.write_text(json.dumps(shipped), "utf-8")

    assert told(dict(read_contract(path)), shipped) == []
