"""The document as the other rooms see it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from basix_contract.contract import load_document
from basix_contract.errors import SpecError
from tests.contract.variants import Tree, callback_of, operation_of, plain_document, variant

DOCUMENT = load_document()


def test_the_document_is_read_once() -> None:
    """Everybody gets the same object, which nobody can change."""
    assert load_document() is DOCUMENT
    with pytest.raises(TypeError):
        DOCUMENT.raw["info"]["version"] = "2"
    with pytest.raises(AttributeError):
        DOCUMENT.version = "2"  # type: ignore[misc] # the point of the test


def test_a_named_file_is_read_anew(tmp_path: Path) -> None:
    """A path gives that file, not the shipped one, and a later change to it is seen."""
    first = variant(tmp_path, lambda tree: tree["info"].update(version="7.0.0"))
    second = variant(tmp_path, lambda tree: tree["info"].update(version="8.0.0"))
    assert (first.version, second.version) == ("7.0.0", "8.0.0")
    assert first.source == tmp_path / "variant.yaml"


def test_the_operation_is_call_user() -> None:
    """Path, method and media type are those of the document's curl examples."""
    found = (DOCUMENT.operation_id, DOCUMENT.operation_method, DOCUMENT.operation_path, DOCUMENT.media_type)
    assert found == ("call_user", "POST", "/call_user", "application/json")
    assert DOCUMENT.callback_name == "callFinished"


def test_every_parameter_of_the_table_is_there() -> None:
    """The 17 parameters stand in the order of the spec, each with its role and a description."""
    names = [parameter.name for parameter in DOCUMENT.parameters]
    assert names == list(plain_document()["components"]["schemas"]["CallUserRequest"]["properties"])
    assert len(names) == 17
    assert all(parameter.description for parameter in DOCUMENT.parameters)
    assert [parameter.name for parameter in DOCUMENT.parameters if parameter.is_required] == ["destination"]


def test_selectors_are_told_by_their_role() -> None:
    """Six ways to name the user and six to name the group, read from the spec."""
    assert DOCUMENT.user_selectors == (
        "user_id",
        "user_name",
        "user_label",
        "user_extension",
        "user_did",
        "user_email",
    )
    assert DOCUMENT.group_selectors == (
        "group_id",
        "group_name",
        "group_label",
        "group_extension",
        "group_did",
        "group_resolver",
    )


def test_a_parameter_carries_default_and_unit() -> None:
    """The timeout is in seconds and 180 unless given; auto_answer is false unless given; others have none."""
    by_name = {parameter.name: parameter for parameter in DOCUMENT.parameters}
    assert (by_name["answer_timeout"].default, by_name["answer_timeout"].unit) == (180, "s")
    assert by_name["auto_answer"].default is False
    assert (by_name["user_name"].default, by_name["user_name"].unit) == (None, "")


def test_a_parameter_shows_its_type_beside_its_own_description() -> None:
    """A $ref is resolved, and what stands beside it wins."""
    user_id = DOCUMENT.parameters[0]
    assert user_id.schema["type"] == ("integer", "string")
    assert user_id.schema["minimum"] == 1
    assert user_id.description.startswith("The user to ring first, by id")
    assert "$ref" not in user_id.schema


def test_a_parameter_leads_to_its_own_schema() -> None:
    """The pointer of a parameter gives the same schema, standing alone."""
    timeout = next(item for item in DOCUMENT.parameters if item.name == "answer_timeout")
    schema = DOCUMENT.schema(timeout.pointer)
    assert (schema["type"], schema["minimum"]) == ("integer", 1)


def test_every_example_of_the_document_is_there() -> None:
    """Six requests with their replies, and both callbacks of Example 5."""
    six = {f"example-{number}" for number in range(1, 7)}
    assert six <= DOCUMENT.request_examples.keys()
    assert six <= DOCUMENT.reply_examples.keys()
    assert set(DOCUMENT.callback_examples) == {"example-5-answered", "example-5-not-answered"}
    assert DOCUMENT.request_examples["example-1"].value == {"user_id": 10001001, "destination": "0312341234"}
    assert DOCUMENT.request_examples["example-1"].status is None
    assert DOCUMENT.request_examples["example-1"].summary


def test_a_reply_example_has_the_status_it_stands_under() -> None:
    """Of one name under several statuses, the first keeps the name; a range is stood for by its first."""
    statuses = {name: item.status for name, item in DOCUMENT.reply_examples.items() if "example-4" in name}
    assert statuses == {"example-4": 200, "example-4@4XX": 400, "example-4@5XX": 500}


def test_an_example_can_be_written_as_json_and_changed() -> None:
    """Each reading of an example's value is a copy of its own."""
    example = DOCUMENT.request_examples["example-3"]
    value = example.value
    value["destination"]["called_number"] = "changed"
    assert json.loads(json.dumps(example.value))["destination"]["called_number"] == "0312341234"


def test_a_default_response_names_no_status(tmp_path: Path) -> None:
    """Examples under `default` are there, without a status; a response without a body has none."""

    def change(tree: Tree) -> None:
        responses = operation_of(tree)["responses"]
        responses["default"] = responses.pop("5XX")

    document = variant(tmp_path, change)
    assert document.reply_examples["example-4@default"].status is None


def test_descriptions_summaries_and_required_may_be_absent(tmp_path: Path) -> None:
    """What OpenAPI lets an author leave out may be left out."""

    def change(tree: Tree) -> None:
        request = tree["components"]["schemas"]["CallUserRequest"]
        del request["required"]
        del request["properties"]["user_name"]["description"]
        body = operation_of(tree)["requestBody"]["content"]["application/json"]
        body["examples"] = {"bare": {"value": {"user_name": "bob"}}}

    document = variant(tmp_path, change)
    assert not any(parameter.is_required for parameter in document.parameters)
    assert document.parameters[1].description == ""
    assert document.request_examples["bare"].summary == ""


def test_a_reply_without_examples_is_no_fault(tmp_path: Path) -> None:
    """Examples are read where there are some."""
    document = variant(
        tmp_path,
        lambda tree: callback_of(tree)["post"]["requestBody"]["content"]["application/json"].pop("examples"),
    )
    assert document.callback_examples == {}


def put_operation_behind_a_reference(tree: Tree) -> None:
    """Move the path item and the callback to components."""
    callbacks = operation_of(tree)["callbacks"]
    tree["components"]["callbacks"] = {"Finished": callbacks["callFinished"]}
    callbacks["callFinished"] = {"$ref": "#/components/callbacks/Finished"}
    tree["components"]["pathItems"] = {"Call": tree["paths"]["/call_user"]}
    tree["paths"]["/call_user"] = {"$ref": "#/components/pathItems/Call"}


def test_references_change_nothing(tmp_path: Path) -> None:
    """A document whose path item and callback stand under components is the same document."""
    document = variant(tmp_path, put_operation_behind_a_reference)
    assert document.operation_path == DOCUMENT.operation_path
    assert document.callback_name == DOCUMENT.callback_name
    assert document.webhooks_document()["webhooks"] == DOCUMENT.webhooks_document()["webhooks"]
    assert "callbacks" not in document.webhooks_document()["paths"]["/call_user"]["post"]


def second_callback(tree: Tree) -> None:
    """Give the operation another callback."""
    operation_of(tree)["callbacks"]["other"] = operation_of(tree)["callbacks"]["callFinished"]


def role_of_user_id(role: str | None) -> Callable[[Tree], object]:
    """Give the first parameter another role."""
    return lambda tree: tree["components"]["schemas"]["CallUserRequest"]["properties"]["user_id"].update(
        {"x-basix-role": role}
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda tree: tree.update(openapi="3.0.3"), "#: openapi must be 3.1, not 3.0.3"),
        (lambda tree: tree.pop("openapi"), "#: openapi is missing"),
        (lambda tree: tree.pop("paths"), "#: paths is missing"),
        (lambda tree: tree["info"].update(version=1), "#/info/version: must be a text"),
        (lambda tree: tree.update(paths={}), "#/paths: exactly one path is expected, found 0"),
        (lambda tree: tree.update(paths=[]), "#/paths: must be a mapping"),
        (
            lambda tree: tree["paths"]["/call_user"].update(get={}),
            "#/paths/~1call_user: exactly one operation is expected, found 2",
        ),
        (lambda tree: operation_of(tree).pop("operationId"), "post: operationId is missing"),
        (lambda tree: operation_of(tree).pop("callbacks"), "post: exactly one callback is expected, found 0"),
        (second_callback, "post: exactly one callback is expected, found 2"),
        (lambda tree: operation_of(tree)["responses"].pop("200"), "responses: 200 is missing"),
        (lambda tree: operation_of(tree).pop("requestBody"), "post: requestBody is missing"),
        (role_of_user_id("selector"), "user_id: x-basix-role must be one of user-selector"),
        (role_of_user_id(None), "user_id: x-basix-role must be one of user-selector"),
        (
            lambda tree: tree["components"]["schemas"].pop("CallUserRequest"),
            "$ref points to #/components/schemas/CallUserRequest, which does not exist",
        ),
    ],
)
def test_a_broken_document_is_located(tmp_path: Path, change: Callable[[Tree], object], said: str) -> None:
    """What does not hold together is a SpecError with file, pointer and reason."""
    with pytest.raises(SpecError) as caught:
        variant(tmp_path, change)
    assert said in str(caught.value)
    assert str(caught.value).startswith(f"{tmp_path / 'variant.yaml'}#")


def test_an_empty_file_is_no_document(tmp_path: Path) -> None:
    """A file without anything in it is refused like any other broken one."""
    path = tmp_path / "empty.yaml"
    path.touch()
    with pytest.raises(SpecError, match="openapi is missing"):
        load_document(path)


def test_reading_the_contract_loads_no_suite_library() -> None:
    """The document and the ledger cost PyYAML and nothing else."""
    code = (
        "import sys; from basix_contract.contract import load_document, load_ledger;"
        "load_document(); load_ledger(); heavy = {'openapi_core', 'jsonschema_rs', 'hypothesis', 'httpx'};"
        "print(sorted(heavy & sys.modules.keys()))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300, check=True)
    assert run.stdout.strip() == "[]"
