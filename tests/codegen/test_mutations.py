"""A change of the document changes the client, its types and the strategies, and nothing else has to be touched."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from basix_contract.client import ApiError, Client, InvalidRequest, UnreadableReply
from basix_contract.codegen import generate
from basix_contract.contract import load_document
from basix_contract.errors import SpecError
from basix_contract.strategies import covering, invalid_requests, requests, sample
from tests.client.recording import Recorder
from tests.codegen.regenerating import (
    NAME,
    Regenerated,
    calling_name_removed,
    priority_added,
    regenerated,
    request_of,
    resolver_widened,
)
from tests.contract.variants import Tree, operation_of, variant
from tests.strategies.judging import conforms_to

ROOT = Path(__file__).parents[2]
BOB: dict[str, Any] = {"user_name": "bob", "destination": "0312341234"}


@pytest.fixture
def changed(tmp_path: Path) -> Iterator[Regenerated]:
    """A client of a document to which a parameter was added, from which one was removed, and whose enum was widened."""
    with regenerated(tmp_path, priority_added, calling_name_removed, resolver_widened) as other:
        yield other


def test_an_added_parameter_can_be_given(changed: Regenerated) -> None:
    """A parameter that is new in the document is an argument of the client, typed, explained, checked and sent."""
    client = changed.client()
    client.call_user(**BOB, call_priority=2)

    assert changed.pbx.bodies == [{**BOB, "call_priority": 2}]
    assert typing.get_type_hints(client.call_user)["call_priority"] == int | None
    assert "call_priority: How urgent the call is, from 1 up. The PBX takes 5" in client.call_user.__doc__
    with pytest.raises(InvalidRequest, match="call_priority must be a whole number from 1 up"):
        client.call_user(**BOB, call_priority=0)
    shipped: Any = Recorder().client()
    with pytest.raises(TypeError, match="call_priority"):
        shipped.call_user(**BOB, call_priority=2)


def test_a_removed_parameter_is_gone(changed: Regenerated) -> None:
    """A parameter that the document no longer has is no argument any more."""
    with pytest.raises(TypeError, match="calling_name"):
        changed.client().call_user(**BOB, calling_name="Tom")

    assert "calling_name" not in "".join(generate(changed.document).values())
    Recorder().client().call_user(**BOB, calling_name="Tom")


def test_a_widened_enum_lets_its_value_through(changed: Regenerated) -> None:
    """A value that the document now allows is part of the type and is sent; the shipped client still refuses it."""
    client = changed.client()
    client.call_user(**BOB, group_resolver="any:HUNT")

    assert changed.pbx.bodies == [{**BOB, "group_resolver": "any:HUNT"}]
    hint = typing.get_type_hints(client.call_user)["group_resolver"]
    assert hint == typing.Literal["*", "any:CALL_CENTER", "any:HUNT"] | None
    shipped: Any = Recorder().client().call_user
    with pytest.raises(InvalidRequest, match="group_resolver"):
        shipped(**BOB, group_resolver="any:HUNT")


def test_the_overloads_follow(changed: Regenerated) -> None:
    """Each way to name a user has its overload, with the arguments of the changed document."""
    ours = typing.get_overloads(changed.module("sync_client").Client.call_user)

    assert len(ours) == len(typing.get_overloads(Client.call_user)) == len(load_document().user_selectors)
    for overload in ours:
        assert "call_priority" in overload.__annotations__
        assert "calling_name" not in overload.__annotations__


def test_the_strategies_follow(changed: Regenerated) -> None:
    """What is drawn from the changed document has the new parameter and value, never the old one, and can be placed."""
    document = changed.document
    drawn = [*covering(document=document), *sample(requests(document=document), 50, seed=1)]

    assert all(conforms_to(document, body) for body in drawn)
    assert any("call_priority" in body for body in drawn)
    assert any(body.get("group_resolver") == "any:HUNT" for body in drawn)
    assert not any("calling_name" in body for body in drawn)
    client = changed.client()
    for body in drawn:
        client.call_user(**body)
    assert changed.pbx.bodies == drawn


def test_the_breaches_follow(changed: Regenerated) -> None:
    """What is drawn to break the changed document breaks its new parameter too, and its client refuses that."""
    bodies = [body for body, _ in sample(invalid_requests(document=changed.document), 300, seed=2)]
    broken = [body for body in bodies if isinstance(body, dict) and body.get("call_priority") is not None]

    assert broken
    for body in broken:
        with pytest.raises((InvalidRequest, TypeError)):
            changed.client().call_user(**body)
    assert changed.pbx.requests == []


def test_the_types_follow_under_mypy(changed: Regenerated) -> None:
    """Mypy --strict takes the new parameter and value, and no longer takes the old parameter."""
    user = changed.folder.parent / "user.py"
    user.write_text(
        f"from {NAME}.async_client import AsyncClient\n"
        f"from {NAME}.sync_client import Client\n"
        "def place(client: Client) -> None:\n"
        "    client.call_user(user_name='bob', destination='1', call_priority=2, group_resolver='any:HUNT')\n"
        "    client.call_user(user_name='bob', destination='1', calling_name='Tom')\n"
        "    client.call_user(user_name='bob', destination='1', call_priority='2')\n"
        "async def await_it(client: AsyncClient) -> None:\n"
        "    await client.call_user(user_name='bob', destination='1', call_priority=2, group_resolver='any:HUNT')\n"
    )
    options = ["--strict", "--no-incremental", "--no-pretty", "--hide-error-context", "--no-error-summary"]
    command = [sys.executable, "-m", "mypy", *options, f"--cache-dir={ROOT / 'build/cache/mypy-examples'}", "user.py"]
    environment = {"MYPYPATH": f"{ROOT}", "PATH": ""}
    run = subprocess.run(
        command, cwd=user.parent, env=environment, capture_output=True, text=True, timeout=300, check=False
    )

    errors = {line.split(":")[1] for line in run.stdout.splitlines() if ": error:" in line}
    assert errors == {"5", "6"}, run.stdout + run.stderr


def test_what_is_generated_stays_laid_out(changed: Regenerated) -> None:
    """The files of a changed document too are laid out and written as ruff wants them."""
    for command in (("format", "--check", "--diff"), ("check", "--no-fix")):
        options = ["--config", str(ROOT / "pyproject.toml"), "--no-cache"]
        run = subprocess.run(
            [sys.executable, "-m", "ruff", *command, *options, changed.folder],
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert run.returncode == 0, run.stdout + run.stderr


def test_another_error_id_gets_its_class(tmp_path: Path) -> None:
    """An error id that an example of the document shows is a class of its own."""

    def known(tree: Tree) -> None:
        content = operation_of(tree)["responses"]["200"]["content"]["application/json"]
        content["examples"]["busy-line"] = {
            "summary": "The user is talking",
            "value": {"result_code": 500, "error": {"id": "user_busy"}},
        }

    with regenerated(tmp_path, known) as other:
        other.pbx.reply = b'{"result_code": 500, "error": {"id": "user_busy"}}'
        with pytest.raises(other.module("errors").UserBusy) as refused:
            other.client().call_user(**BOB)

    assert isinstance(refused.value, ApiError)
    assert "The user is talking." in (type(refused.value).__doc__ or "")


def test_another_member_of_the_end_user_can_be_given(tmp_path: Path) -> None:
    """A member that is new in an object is an attribute of its class, and of the typed dict beside it."""

    def taller(tree: Tree) -> None:
        tree["components"]["schemas"]["EndUser"]["properties"]["title"] = {"type": "string", "description": "Mr or Ms."}

    with regenerated(tmp_path, taller) as other:
        models = other.module("models")
        place = models.Destination(called_number="03", end_user=models.EndUser(title="Ms"))
        other.client().call_user(user_name="bob", destination=place)

    assert other.pbx.bodies[0]["destination"] == {"called_number": "03", "end_user": {"title": "Ms"}}
    assert "title" in models.EndUserFields.__annotations__


def test_what_a_reply_has_to_hold_follows(tmp_path: Path) -> None:
    """A member that a success has to hold, or may hold, is read; where it has to and does not, the reply is refused."""

    def fuller(tree: Tree) -> None:
        schema = tree["components"]["schemas"]["CallUserSuccess"]
        schema["required"].append("queue")
        schema["properties"]["queue"] = {"type": "integer", "description": "Its place in the queue."}
        schema["properties"]["note"] = {"type": "string", "description": "For people."}
        examples = operation_of(tree)["responses"]["200"]["content"]["application/json"]["examples"]
        for example in examples.values():
            if example["value"]["result_code"] == 0:
                example["value"]["queue"] = 1

    with regenerated(tmp_path, fuller) as other:
        other.pbx.reply = b'{"result_code": 0, "uuids": ["a"], "queue": 3}'
        reply = other.client().call_user(**BOB)
        other.pbx.reply = b'{"result_code": 0, "uuids": ["a"]}'
        with pytest.raises(UnreadableReply, match="queue is missing"):
            other.client().call_user(**BOB)

    assert dataclasses.asdict(reply) == {"uuids": ("a",), "queue": 3, "note": None}


def test_a_document_with_one_selector_requires_it(tmp_path: Path) -> None:
    """Where there is no choice of selectors there are no overloads: the only one has to be given."""

    def single(tree: Tree) -> None:
        request = request_of(tree)
        names = [name for name, part in request["properties"].items() if part["x-basix-role"] == "user-selector"]
        for name in names:
            if name != "user_id":
                del request["properties"][name]
        request["anyOf"] = [part for part in request["anyOf"] if part["required"] == ["user_id"]]
        operation_of(tree)["requestBody"]["content"]["application/json"]["examples"] = {}

    with regenerated(tmp_path, single) as other:
        other.client().call_user(user_id=1, destination="1")
        with pytest.raises(TypeError, match="user_id"):
            other.client().call_user(destination="1")

    assert other.pbx.bodies == [{"user_id": 1, "destination": "1"}]


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("class", {"type": "string"}),
        ("with space", {"type": "string"}),
        ("_hidden", {"type": "string"}),
        ("listed", {"type": "array", "items": {"type": "string"}}),
        ("typeless", {}),
    ],
)
def test_what_no_client_can_be_written_for_is_named(tmp_path: Path, name: str, schema: dict[str, Any]) -> None:
    """A parameter that cannot be an argument ends the generation, and is named."""
    added = {**schema, "description": "Something.", "x-basix-role": "option"}
    document = variant(tmp_path, lambda tree: request_of(tree)["properties"].update({name: added}))

    with pytest.raises(SpecError, match=name):
        generate(document)


def test_a_document_without_the_inline_form_does_without_its_builder(tmp_path: Path) -> None:
    """Where the document knows no text form with an identity, no function for it is written."""
    document = variant(tmp_path, lambda tree: tree["components"]["schemas"]["DestinationText"].pop("x-basix-inline"))

    assert set(generate(load_document())) - set(generate(document)) == {"inline.py"}


def nothing_decides(tree: Tree) -> None:
    """No member tells a success from an error."""
    del tree["components"]["schemas"]["SuccessCode"]["const"]


def errors_have_no_id(tree: Tree) -> None:
    """An error says nothing that programs could act on."""
    tree["components"]["schemas"]["ErrorDetail"].update(properties={}, required=[])


def a_reference_to_itself(tree: Tree) -> None:
    """A schema leads back to itself."""
    tree["components"]["schemas"]["EndUser"] = {"$ref": "#/components/schemas/EndUser"}


def an_object_in_itself(tree: Tree) -> None:
    """An object holds another of its kind."""
    tree["components"]["schemas"]["EndUser"]["properties"]["boss"] = {"$ref": "#/components/schemas/EndUser"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (nothing_decides, "one success"),
        (errors_have_no_id, "must hold error.id"),
        (a_reference_to_itself, "holds itself"),
        (an_object_in_itself, "holds itself"),
    ],
)
def test_a_document_no_client_can_be_made_of_is_named(
    tmp_path: Path, change: Callable[[Tree], None], said: str
) -> None:
    """Where no client could tell how a call ended, or no class would be finite, the generation ends and says so."""
    with pytest.raises(SpecError, match=said):
        generate(variant(tmp_path, change))
