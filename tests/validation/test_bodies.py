"""What is said of a body: the place, the rule, and a sentence to act on."""

from __future__ import annotations

import pytest

from basix_contract.contract import load_document
from basix_contract.errors import ContractError
from basix_contract.messages import Violation
from basix_contract.validation import (
    ensure_request_body,
    validate_callback_body,
    validate_reply_body,
    validate_request_body,
)
from tests.validation.bodies import ANSWERED, BROKEN, CALL, ERROR, KINDS, SUCCESS, UUID, to
from tests.validation.wire import by_jsonschema_rs

SELECTORS = ", ".join(load_document().user_selectors)


def said(violations: tuple[Violation, ...]) -> list[tuple[str, str, str]]:
    """Pointer, rule and text of each violation."""
    return [(violation.pointer, violation.rule, violation.text) for violation in violations]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            {"destination": "x"},
            ("", "user-selector", f"give at least one non-empty user selector: {SELECTORS}"),
        ),
        (
            {"destination": "x", "user_email": ""},
            (
                "",
                "user-selector",
                f"give at least one non-empty user selector: {SELECTORS} (user_email is empty)",
            ),
        ),
        (
            {"destination": "x", "user_id": "", "user_name": ""},
            (
                "",
                "user-selector",
                f"give at least one non-empty user selector: {SELECTORS} (user_id, user_name are empty)",
            ),
        ),
        (
            {"user_name": "bob"},
            (
                "/destination",
                "required",
                "destination is missing: give text, or an object with called_number",
            ),
        ),
        (
            CALL | {"answer_timeout": 0},
            ("/answer_timeout", "minimum", "answer_timeout must be a positive integer (seconds), not 0"),
        ),
        (
            CALL | {"answer_timeout": "30"},
            ("/answer_timeout", "type", 'answer_timeout must be a positive integer (seconds), not "30"'),
        ),
        (
            CALL | {"destination": 5},
            (
                "/destination",
                "type",
                "destination must be text that is not empty, or an object with called_number, not 5",
            ),
        ),
        (
            CALL | {"destination": ""},
            (
                "/destination",
                "minLength",
                'destination must be text that is not empty, or an object with called_number, not ""',
            ),
        ),
        (
            CALL | {"destination": {"calling_number": "1"}},
            (
                "/destination/called_number",
                "required",
                "destination.called_number is missing: an object names the number to call",
            ),
        ),
        (
            to(end_user={"name": 5}),
            ("/destination/end_user/name", "type", "destination.end_user.name must be text, not 5"),
        ),
        (
            CALL | {"callback_url": "ftp://x"},
            (
                "/callback_url",
                "pattern",
                'callback_url must be an absolute http or https URL with a host and no spaces, not "ftp://x"',
            ),
        ),
        (
            CALL | {"calling_name": "é"},
            ("/calling_name", "pattern", 'calling_name must be printable ASCII text, not "é"'),
        ),
        (
            CALL | {"user_id": "x"},
            ("/user_id", "pattern", 'user_id must be a positive integer or digits as text, not "x"'),
        ),
        (
            CALL | {"user_extension": -1},
            ("/user_extension", "minimum", "user_extension must be text or an integer from 0 up, not -1"),
        ),
        (
            CALL | {"group_resolver": "any"},
            ("/group_resolver", "enum", 'group_resolver must be one of "*", "any:CALL_CENTER", not "any"'),
        ),
        (
            CALL | {"auto_answer": "true"},
            ("/auto_answer", "type", 'auto_answer must be true or false, not "true"'),
        ),
        (
            CALL | {"group_name": None},
            ("/group_name", "type", "group_name must be text, not null; leave it out instead"),
        ),
        ([1], ("", "type", "the request body must be a JSON object, not [1]")),
    ],
)
def test_what_is_wrong_with_a_request_is_said(body: object, expected: tuple[str, str, str]) -> None:
    """One breach is one violation: where it is, which rule, and what to change."""
    assert said(validate_request_body(body)) == [expected]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            {"result_code": 0},
            ("/uuids", "required", "uuids is missing: a success names one uuid per originating leg"),
        ),
        (
            SUCCESS | {"result_code": "0"},
            ("/result_code", "type", 'result_code must be an integer, not "0"'),
        ),
        (
            SUCCESS | {"result_code": False},
            ("/result_code", "type", "result_code must be an integer, not false"),
        ),
        (
            SUCCESS | {"result_code": 0.0},
            ("/result_code", "const", "result_code must be the integer 0, not 0.0"),
        ),
        (
            {"uuids": [UUID]},
            (
                "/result_code",
                "required",
                "result_code is missing: 0 tells a success, any other integer an error",
            ),
        ),
        (
            {"result_code": 0, "uuids": []},
            ("/uuids", "minItems", "uuids must be a list of at least one uuid, not []"),
        ),
        (
            {"result_code": 0, "uuids": [UUID, UUID]},
            ("/uuids", "uniqueItems", f'uuids must not name one twice: "{UUID}" stands in it more than once'),
        ),
        (
            {"result_code": 0, "uuids": [UUID, "x"]},
            ("/uuids/1", "pattern", 'uuids[1] must be a uuid (8-4-4-4-12 hexadecimal digits), not "x"'),
        ),
        (
            {"result_code": 500, "uuids": [UUID]},
            ("/error", "required", "error is missing: an error says what went wrong in error.id"),
        ),
        (
            {"result_code": 500, "error": {"text": "no"}},
            ("/error/id", "required", "error.id is missing: it is the word that programs act on"),
        ),
        (
            {"result_code": 500, "error": "busy"},
            ("/error", "type", 'error must be an object with an id, not "busy"'),
        ),
        (
            {"result_code": 500, "error": {"id": ""}},
            ("/error/id", "minLength", 'error.id must be text that is not empty, not ""'),
        ),
        ("ok", ("", "type", 'the reply body must be a JSON object, not "ok"')),
    ],
)
def test_what_is_wrong_with_a_reply_is_said(body: object, expected: tuple[str, str, str]) -> None:
    """A reply is judged as what its result_code says it is, and only as that."""
    assert said(validate_reply_body(body)) == [expected]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            {"result_code": 0},
            ("/uuid", "required", "uuid is missing: a success names the channel that answered"),
        ),
        (
            ANSWERED | {"uuid": "x"},
            ("/uuid", "pattern", 'uuid must be a uuid (8-4-4-4-12 hexadecimal digits), not "x"'),
        ),
        (
            ANSWERED | {"result_code": 500},
            ("/error", "required", "error is missing: an error says what went wrong in error.id"),
        ),
    ],
)
def test_what_is_wrong_with_a_callback_is_said(body: object, expected: tuple[str, str, str]) -> None:
    """A callback is judged as what its result_code says it is."""
    assert said(validate_callback_body(body)) == [expected]


def test_everything_wrong_is_named_in_the_order_of_the_spec() -> None:
    """Several breaches are several violations, one for each place, whatever their order in the body."""
    body = {
        "auto_answer": 1,
        "destination": {"end_user": {"name": None}},
        "answer_timeout": True,
        "user_id": -1,
    }
    assert [violation.pointer for violation in validate_request_body(body)] == [
        "/user_id",
        "/answer_timeout",
        "/destination/called_number",
        "/destination/end_user/name",
        "/auto_answer",
    ]


def test_items_of_a_list_keep_their_order() -> None:
    """The second item comes before the eleventh."""
    body = {"result_code": 0, "uuids": [f"{number}" for number in range(12)]}
    assert [item.pointer for item in validate_reply_body(body)] == [f"/uuids/{number}" for number in range(12)]


def test_a_zero_of_the_wrong_type_hides_nothing_else() -> None:
    """A body with 0.0 is judged as the success it means to be."""
    found = validate_reply_body({"result_code": -0.0, "uuids": []})
    assert [violation.pointer for violation in found] == ["/result_code", "/uuids"]
    assert validate_reply_body(ERROR | {"result_code": 500.0}) == ()


def test_a_violation_carries_the_value() -> None:
    """The value found stands in the violation as it is, however long; what is absent is None."""
    (too_long,) = validate_request_body(CALL | {"answer_timeout": "x" * 500})
    assert too_long.value == "x" * 500
    (empty,) = validate_request_body({"destination": "x", "user_name": ""})
    assert empty.value == {"user_name": ""}
    (absent,) = validate_request_body({"user_name": "bob"})
    assert absent.value is None


@pytest.mark.parametrize("kind", KINDS)
def test_no_sentence_is_a_dump(kind: str) -> None:
    """Every text is one short line that names no schema keyword of its own."""
    long = {"a": "b" * 1000}
    for body in [*BROKEN[kind], *({"result_code": 0, "uuids": it, "uuid": it} for it in (long, [long]))]:
        for violation in by_jsonschema_rs(kind, body):
            assert "\n" not in violation.text
            assert len(violation.text) < 250
            assert "$ref" not in violation.text
            assert "anyOf" not in violation.text


def test_a_bad_request_body_can_be_an_exception() -> None:
    """The one function that raises carries all violations and says them in its text."""
    with pytest.raises(ContractError) as caught:
        ensure_request_body({"answer_timeout": 0, "user_name": "bob"})
    assert [violation.pointer for violation in caught.value.violations] == ["/answer_timeout", "/destination"]
    assert str(caught.value).startswith("request body: answer_timeout must be a positive integer (seconds), not 0; ")


def test_a_good_request_body_raises_nothing() -> None:
    """What conforms passes in silence."""
    ensure_request_body(CALL)
