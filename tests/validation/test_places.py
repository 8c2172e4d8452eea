"""The places of a body in words, and what becomes of findings nobody foresaw."""

from __future__ import annotations

import pytest

from basix_contract.validation import _places, _sentences
from basix_contract.validation._places import Place, places_of
from basix_contract.validation._schema import body_judge
from basix_contract.validation._sentences import Finding, Subject, violations
from tests.validation.bodies import KINDS

KNOWN = {"".join(f"/{step}" for step in path) for kind in KINDS for path in body_judge(kind).subject.places}


@pytest.mark.parametrize("table", [_places._WORDS, _sentences._MISSING])
def test_no_words_are_kept_for_a_place_that_is_gone(table: dict[str, str]) -> None:
    """Every place that has words of its own exists in one of the three bodies."""
    assert set(table) <= KNOWN


def test_a_place_is_required_where_the_schema_says_so() -> None:
    """The called number must be there once there is an object; the end user need not."""
    places = body_judge("request").subject.places
    assert places["destination",].is_required
    assert places["destination", "called_number"].is_required
    assert not places["destination", "end_user"].is_required
    assert not places["user_id",].is_required


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string"}, "text"),
        ({"type": "string", "minLength": 1}, "text that is not empty"),
        ({"type": "integer"}, "an integer"),
        ({"type": "integer", "minimum": 1, "x-unit": "s"}, "a positive integer (seconds)"),
        ({"type": ["number", "null"]}, "a number or null"),
        ({"type": "array"}, "a list"),
        ({"enum": [1, "x"]}, 'one of 1, "x"'),
        ({}, "as the contract has it"),
        (True, "as the contract has it"),
    ],
)
def test_a_schema_is_put_into_words(schema: object, words: str) -> None:
    """A place without words of its own is described by its type, limits and unit."""
    assert places_of({"properties": {"new": schema}})["new",] == Place(words, is_required=False)


SUBJECT = Subject(name="body", places={(): Place("an object", is_required=True)})


def test_a_place_nobody_foresaw_still_gets_a_sentence() -> None:
    """What the tables do not know is named by place and keyword."""
    (wrong, absent) = violations(
        SUBJECT, {"new": {"a": 5}}, [Finding(("new", "a"), "multipleOf"), Finding(("new", "b"), "required")]
    )
    assert wrong.text == "new.a must be as the contract has it (multipleOf), not 5"
    assert absent.text == "new.b is missing: it must be as the contract has it (required)"


def test_alternatives_that_all_fit_are_one_violation() -> None:
    """A oneOf that is broken because two branches hold is not passed over."""
    (violation,) = violations(SUBJECT, {"a": 1}, [Finding(("a",), "oneOf", ((), ()))])
    assert (violation.pointer, violation.rule) == ("/a", "oneOf")


def test_a_repetition_that_json_sees_and_python_does_not_is_shown_whole() -> None:
    """Where no single item can be pointed at, the list itself is shown."""
    (violation,) = violations(SUBJECT, {"a": [1, 2]}, [Finding(("a",), "uniqueItems")])
    assert violation.text == "a must not name one twice: [1, 2] stands in it more than once"


def test_pointers_are_escaped() -> None:
    """A name with a slash or a tilde is one step of the pointer (RFC 6901)."""
    (violation,) = violations(SUBJECT, {"a/b~c": 1}, [Finding(("a/b~c",), "type")])
    assert violation.pointer == "/a~1b~0c"
