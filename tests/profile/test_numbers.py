"""When two spellings are one number, and which numbers nobody may dial."""

from __future__ import annotations

import pytest

from basix_contract.profile import is_forbidden_number, normal_form
from basix_contract.profile._numbers import dials_forbidden_number, is_emergency_number, looks_diallable


@pytest.mark.parametrize(
    "spelling",
    [
        "0312341234",
        "03-1234-1234",
        "(03) 1234 1234",
        "+81 3 1234 1234",
        "+81-(0)3-1234-1234",
        "01081312341234",
        "０３−１２３４−１２３４",
        "03.1234.1234",
    ],
)
def test_spellings_of_one_number_meet(spelling: str) -> None:
    """Separators, full-width digits and the country code make no difference."""
    assert normal_form(spelling) == "0312341234"


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ("0081312341234", "0081312341234"),
        ("81312341234", "81312341234"),
        ("312341234", "312341234"),
        (312341234, "312341234"),
        ("+44 20 7946 0000", "010442079460000"),
        ("thomas", "thomas"),
        ("Room 2-1", "Room 2-1"),
        ("", ""),
        (2001.0, "2001.0"),
        (True, "True"),
        ("٠٣١٢٣٤١٢٣٤", "٠٣١٢٣٤١٢٣٤"),
        ("0\u200b3", "0\u200b3"),
        ("*31#03", "*31#03"),
        ("1" * 65, "1" * 65),
        ("+", "+"),
        ("-", "-"),
    ],
)
def test_everything_else_stays_what_it_is(value: object, form: str) -> None:
    """Carrier codes, missing zeros, fractions, other scripts and names make another value."""
    assert normal_form(value) == form


@pytest.mark.parametrize(
    "number",
    [
        "110",
        "118",
        "119",
        "112",
        "911",
        "999",
        "000",
        "171",
        "104",
        "１１０",
        "1-1-0",
        "1 1 0",
        "110#",
        "*110",
        "+81110",
        "+81 (0)110",
        "0081110",
        "01081119",
        "0110",
        "9110",
        "8119",
        "184110",
        "186-119",
        "0184110",
        "9184110",
        "0033110",
        "*31#110",
        "#31#119",
        "*67911",
        "+1911",
        "0044999",
        "0570123456",
        "+81570123456",
        "90570123456",
        "0033-0570-123456",
        "0990111222",
        "0180-99-1234",
        "0117",
        "110.",
        "١١٠",
        "①①⓪",
        "1\u200b1\u200b0",
        119,
    ],
)
def test_emergency_and_service_numbers_are_known_in_any_spelling(number: object) -> None:
    """Bare, spaced, in other digits, behind an outside line, caller-id codes, a carrier or a country code."""
    assert is_forbidden_number(number)


@pytest.mark.parametrize(
    "number",
    [
        "0312341234",
        "0377778888",
        "05068680000",
        "0506868002",
        "+81 3 1234 1234",
        "2003",
        "1001",
        "1101",
        "8101",
        "12",
        "0",
        "9",
        "0302",
        "011-911-1234",
        "0184221119",
        "0186-31-8211",
        "09014131110",
        "08018431110",
        "08018012345",
        "0120123456",
        "+12125551234",
        "0118119119",
        "0119111234",
        "thomas",
        "",
        None,
        1.5,
    ],
)
def test_ordinary_numbers_may_be_dialled(number: object) -> None:
    """Area codes, mobiles and extensions that hold such digits are none."""
    assert not is_forbidden_number(number)
    assert not dials_forbidden_number(number)


@pytest.mark.parametrize(
    "text",
    [
        "tel:110",
        "sip:110@pbx",
        "119@pbx",
        "0,119",
        "110;ext=1",
        "110p1",
        "sos",
        "SOS@pbx",
        "urn:service:sos.fire",
        "11012345",
        "911-0000",
        "1190000#",
        "room 110",
    ],
)
def test_a_place_that_could_come_out_as_such_a_number_is_known(text: str) -> None:
    """Within a dial string, before other digits, or as the word for distress."""
    assert dials_forbidden_number(text)


def test_an_extension_is_not_dialled_from_outside() -> None:
    """A three-digit extension is a service number where it is dialled, and nobody's emergency where it names a user."""
    assert is_forbidden_number("117")
    assert not is_emergency_number("117")
    assert is_emergency_number("119")


@pytest.mark.parametrize(
    ("value", "is_one"),
    [
        ("110", True),
        ("12", False),
        ("*31#", False),
        ("03-1", True),
        ("a123", False),
        (123, True),
        ("１２３", True),
        ("+", False),
    ],
)
def test_three_digits_can_be_dialled(value: object, is_one: bool) -> None:  # noqa: FBT001 - what is expected
    """Fewer are no number of any telephone system that matters here."""
    assert looks_diallable(value) is is_one
