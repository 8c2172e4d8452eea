"""Schemas that stand alone."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import pytest

from basix_contract.contract import load_document
from basix_contract.errors import SpecError, UsageError
from tests.contract.variants import Tree, variant

DOCUMENT = load_document()


@pytest.mark.parametrize("name", sorted(DOCUMENT.raw["components"]["schemas"]))
def test_every_component_stands_alone(name: str) -> None:
    """Each component compiles by itself, and nothing in it points outside."""
    schema = DOCUMENT.schema(name)
    jsonschema_rs.Draft202012Validator(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert "#/components" not in json.dumps(schema)


def test_a_schema_carries_what_it_reaches_and_no_more() -> None:
    """The destination brings its two forms and the end user, not the replies."""
    assert set(DOCUMENT.schema("Destination")["$defs"]) == {"DestinationText", "DestinationObject", "EndUser"}
    assert "$defs" not in DOCUMENT.schema("EndUser")


@pytest.mark.parametrize(
    "pointer",
    ["/components/schemas/EndUser", "#/components/schemas/EndUser"],
)
def test_a_pointer_says_the_same_as_a_name(pointer: str) -> None:
    """A component may be asked for by name or by where it stands."""
    assert DOCUMENT.schema(pointer) == DOCUMENT.schema("EndUser")


def test_the_three_bodies_are_reachable() -> None:
    """Request, reply and callback take their own examples."""
    bodies = (
        (DOCUMENT.request_pointer, DOCUMENT.request_examples),
        (DOCUMENT.reply_pointer, DOCUMENT.reply_examples),
        (DOCUMENT.callback_pointer, DOCUMENT.callback_examples),
    )
    for pointer, examples in bodies:
        validator = jsonschema_rs.Draft202012Validator(DOCUMENT.schema(pointer))
        assert all(validator.is_valid(example.value) for example in examples.values())
        assert not validator.is_valid({})


def test_the_caller_may_change_what_it_gets() -> None:
    """A change to one copy of a schema is not seen in the next."""
    DOCUMENT.schema("EndUser")["properties"].clear()
    assert DOCUMENT.schema("EndUser")["properties"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("CallUserRequst", "did you mean CallUserRequest?"),
        (
            "/components/schemas/Destinaton",
            "no schema /components/schemas/Destinaton (did you mean Destination?)",
        ),
        ("zzzzzz", "known here: CallUserRequest, "),
        ("/info/title", "no schema /info/title"),
        ("/no/such/place", "no schema /no/such/place"),
    ],
)
def test_an_unknown_schema_names_the_nearest(asked: str, said: str) -> None:
    """A name that is mistyped, or a place without a schema, is a UsageError that helps."""
    with pytest.raises(UsageError) as caught:
        DOCUMENT.schema(asked)
    assert said in str(caught.value)


def test_a_document_without_components_has_no_named_schema(tmp_path: Path) -> None:
    """Without components there is nothing to suggest, and still a clear answer."""

    def change(tree: Tree) -> None:
        request = tree["components"]["schemas"]["CallUserRequest"]
        user_name = request["properties"]["user_name"]
        inline = {"type": "object", "properties": {"user_name": user_name}}
        operation = tree["paths"]["/call_user"]["post"]
        expressions = operation["callbacks"]["callFinished"]
        told = expressions["{$request.body#/callback_url}"]["post"]
        for body in (operation["requestBody"], operation["responses"]["200"], told["requestBody"]):
            body["content"]["application/json"] = {"schema": inline}
        operation["responses"] = {"200": operation["responses"]["200"]}
        del tree["components"], tree["security"]

    document = variant(tmp_path, change)
    with pytest.raises(UsageError, match="no schema EndUser"):
        document.schema("EndUser")
    assert "$defs" not in document.schema(document.request_pointer)


def test_names_and_values_are_not_taken_for_keywords(tmp_path: Path) -> None:
    """A property called `$ref` or `default`, and a reference inside an example, stay as they are."""
    odd = {
        "properties": {"default": {"$ref": "#/components/schemas/EndUser"}, "const": {"type": "string"}},
        "examples": [{"$ref": "#/components/schemas/Nowhere"}],
        "dependentSchemas": {"enum": {"$ref": "#/components/schemas/Identifier"}},
        "prefixItems": [{"$ref": "#/components/schemas/DialCode"}],
        "not": False,
    }
    document = variant(tmp_path, lambda tree: tree["components"]["schemas"].update(Odd=odd))
    schema = document.schema("Odd")
    assert schema["properties"]["default"] == {"$ref": "#/$defs/EndUser"}
    assert schema["examples"] == odd["examples"]
    assert set(schema["$defs"]) == {"EndUser", "Identifier", "DialCode"}
    assert schema["not"] is False


def test_a_schema_may_be_true_or_false(tmp_path: Path) -> None:
    """JSON Schema's two boolean schemas stand alone as well."""
    document = variant(tmp_path, lambda tree: tree["components"]["schemas"].update(Never=False))
    assert not jsonschema_rs.Draft202012Validator(document.schema("Never")).is_valid({})


def test_a_schema_may_hold_itself(tmp_path: Path) -> None:
    """A component that refers to itself is carried once."""
    loop = {"type": "object", "properties": {"more": {"$ref": "#/components/schemas/Loop"}}}
    document = variant(tmp_path, lambda tree: tree["components"]["schemas"].update(Loop=loop))
    validator = jsonschema_rs.Draft202012Validator(document.schema("Loop"))
    assert validator.is_valid({"more": {"more": {}}})
    assert not validator.is_valid({"more": {"more": 5}})


@pytest.mark.parametrize(
    ("ref", "said"),
    [
        ("#/info", "$ref must point to #/components/schemas/…, not to #/info"),
        ("#", "$ref must point to #/components/schemas/…, not to #"),
        ("https://example.com/schema", "$ref must point into this file"),
        ("#/components/schemas/Nowhere", "Nowhere is missing"),
    ],
)
def test_a_reference_to_elsewhere_is_refused(tmp_path: Path, ref: str, said: str) -> None:
    """Only components can be carried along: any other reference is a SpecError that says where it stands."""
    stray = {"properties": {"a": {"$ref": ref}}}
    document = variant(tmp_path, lambda tree: tree["components"]["schemas"].update(Stray=stray))
    with pytest.raises(SpecError) as caught:
        document.schema("Stray")
    assert said in str(caught.value)
