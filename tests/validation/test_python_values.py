"""Bodies that only Python can say: the quick judge takes any value and gives its verdict."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import pytest

from basix_contract.contract import load_document
from basix_contract.validation import validate_request_body
from tests.validation.bodies import CALL


class Name(StrEnum):
    """A text of a type of its own."""

    JESSICA = "jessica"


@pytest.mark.parametrize(
    "body",
    [
        {"user_name": Name.JESSICA, "destination": "x"},
        {"user_name": "bob", "destination": "\ud800"},
        {"user_name": "bob", "destination": "x", 5: {1, 2}, "more": b"bytes"},
        {"user_name": "bob", "destination": "x", "more": [[[]]] * 3},
    ],
)
def test_what_only_python_can_say_is_judged_by_what_it_would_be(body: dict[Any, Any]) -> None:
    """Values that JSON has no word for do no harm where the contract asks nothing of them."""
    assert validate_request_body(body) == ()


def test_what_python_alone_can_say_is_refused_where_it_matters() -> None:
    """A value that is no JSON is wrong at its place, and named by its type."""
    (violation,) = validate_request_body(CALL | {"user_label": b"x"})
    assert violation.text == "user_label must be text, not a value of Python type bytes"
    assert violation.pointer == "/user_label"


def test_a_read_only_mapping_is_a_body_too() -> None:
    """The document's own frozen values can be judged as they are."""
    media_type = load_document().raw["paths"]["/call_user"]["post"]["requestBody"]["content"]["application/json"]
    assert validate_request_body(media_type["examples"]["destination-object"]["value"]) == ()


def test_endless_depth_is_survived() -> None:
    """A body nested without end, or in itself, gets its verdict."""
    endless: dict[str, Any] = {"user_name": "bob"}
    endless["destination"] = endless
    (violation,) = validate_request_body(endless)
    assert violation.pointer == "/destination/called_number"
