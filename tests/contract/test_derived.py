"""The documents made from the document."""

from __future__ import annotations

from pathlib import Path

import pytest
from openapi_spec_validator import validate

from basix_contract.contract import load_document
from basix_contract.contract._derived import webhooks_document
from basix_contract.contract._tree import root_of
from basix_contract.errors import SpecError, UsageError
from tests.contract.variants import callback_of, operation_of, plain_document, variant

DOCUMENT = load_document()


def test_the_callback_becomes_a_webhook() -> None:
    """The callback moves to top-level webhooks under its own name; nothing else changes."""
    derived = DOCUMENT.webhooks_document()
    original = plain_document()
    assert derived.pop("webhooks") == {"callFinished": callback_of(original)}
    del operation_of(original)["callbacks"]
    assert derived == original


def test_webhooks_already_there_stay(tmp_path: Path) -> None:
    """A webhook of the document's own is kept beside the callback."""
    document = variant(tmp_path, lambda tree: tree.update(webhooks={"other": {"post": {"responses": {}}}}))
    assert set(document.webhooks_document()["webhooks"]) == {"other", "callFinished"}


def test_one_name_cannot_be_two_webhooks() -> None:
    """A callback with two URL expressions has no single webhook to become."""
    tree = plain_document()
    expressions = operation_of(tree)["callbacks"]["callFinished"]
    expressions["{$request.query.url}"] = callback_of(tree)
    root = root_of("file.yaml", tree)
    with pytest.raises(SpecError, match="callFinished has more than one URL expression"):
        webhooks_document(root, "/call_user", root.at("paths", "/call_user", "post"))


def test_the_receiver_has_the_callback_at_its_path() -> None:
    """The one operation of the receiver's document is the callback, at the path of Example 5 unless told."""
    derived = DOCUMENT.receiver_document()
    assert derived["paths"] == {"/result_receiver": callback_of(plain_document())}
    assert list(DOCUMENT.receiver_document("/hooks/basix")["paths"]) == ["/hooks/basix"]
    assert derived["servers"] == [{"url": "/"}]
    assert "security" not in derived
    assert derived["info"]["title"] != DOCUMENT.raw["info"]["title"]


def test_derived_documents_are_documents() -> None:
    """Both are valid OpenAPI."""
    validate(DOCUMENT.webhooks_document())
    validate(DOCUMENT.receiver_document())


def test_each_derived_document_is_the_callers_own() -> None:
    """A change to one copy is not seen in the next."""
    DOCUMENT.receiver_document()["components"].clear()
    DOCUMENT.webhooks_document()["webhooks"].clear()
    assert DOCUMENT.receiver_document()["components"]["schemas"]
    assert DOCUMENT.webhooks_document()["webhooks"]


def test_a_receivers_path_begins_with_a_slash() -> None:
    """Anything else is a UsageError that shows what was given."""
    with pytest.raises(UsageError, match="must begin with a slash, not 'hooks'"):
        DOCUMENT.receiver_document("hooks")


def test_shared_parts_may_be_absent(tmp_path: Path) -> None:
    """A document without tags gives a receiver without tags."""
    assert "tags" not in variant(tmp_path, lambda tree: tree.pop("tags")).receiver_document()
