"""What an answered call is connected to, and the switches about it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mock.conftest import Ask, Start, error_of

REACHED: list[tuple[Any, str, str]] = [
    ("0312341234", "pstn", "0312341234"),
    ("03-1234-1234", "pstn", "0312341234"),
    ("05068680000", "pstn", "05068680000"),
    ("+81312341234", "pstn", "+81312341234"),
    ("01081312341234", "pstn", "01081312341234"),
    ("thomas", "user", "thomas"),
    ("sales", "group", "sales"),
    ("2003", "extension", "2003"),
    ("3001", "extension", "3001"),
    ("media_plug", "media_plug", "media_plug"),
    ("uservoicemail,bob", "voicemail", "uservoicemail,bob"),
    ("groupvoicemail,sales", "voicemail", "groupvoicemail,sales"),
    ("magic-line-busy", "pstn", "magic-line-busy"),
    ("magic-busy", "user", "magic-busy"),
    ("{name=A}0312341234", "pstn", "0312341234"),
    ("{}0312341234", "pstn", "0312341234"),
    ({"called_number": "0312341234"}, "pstn", "0312341234"),
    ({"called_number": "thomas"}, "user", "thomas"),
]


def test_every_form_of_destination_leads_somewhere(start: Start, ask: Ask) -> None:
    """Text, inline identity and object name telephone numbers, users, groups and extensions."""
    server = start()
    for destination, kind, value in REACHED:
        assert error_of(ask(server, user_name="bob", destination=destination)) is None, destination
        reached = server.calls[-1].destination
        assert (reached["kind"], reached["value"]) == (kind, value), destination


REFUSED: list[tuple[Any, str]] = [
    (None, "missing_parameter"),
    ("", "missing_parameter"),
    ({"calling_number": "05068680000"}, "missing_parameter"),
    ({"called_number": ""}, "missing_parameter"),
    ({}, "missing_parameter"),
    (312341234, "invalid_parameter"),
    (True, "invalid_parameter"),
    (["0312341234"], "invalid_parameter"),
    ({"called_number": 312341234}, "invalid_parameter"),
    ({"called_number": "0312341234", "calling_number": 5}, "invalid_parameter"),
    ({"called_number": "0312341234", "end_user": "Popeye"}, "invalid_parameter"),
    ({"called_number": "0312341234", "end_user": {"name": 5}}, "invalid_parameter"),
    ({"called_number": "0312341234", "end_user": {"id": True}}, "invalid_parameter"),
    ("{name=A0312341234", "invalid_parameter"),
    ("{name}0312341234", "invalid_parameter"),
    ("{name=A}", "invalid_parameter"),
    ("{name=A}{name=B}0312341234", "invalid_parameter"),
    ("nobody-here", "destination_not_found"),
    ("9998", "destination_not_found"),
    ("110", "destination_not_found"),
    ("uservoicemail,nobody-here", "destination_not_found"),
    ("fax,bob", "destination_not_found"),
    ("magic-nowhere", "destination_not_found"),
    ("{name=A}nobody-here", "destination_not_found"),
]


def test_what_is_no_destination_is_an_error_and_rings_nobody(start: Start, ask: Ask) -> None:
    """An absent, malformed or unreachable destination places no call."""
    server = start()
    for destination, error_id in REFUSED:
        assert error_of(ask(server, user_name="bob", destination=destination)) == error_id, destination
    assert server.calls == ()


READINGS: list[tuple[dict[str, Any], Any, str | None, str | None]] = [
    ({"international_numbers": "error"}, "+81312341234", "destination_not_found", None),
    ({"punctuated_numbers": "error"}, "03-1234-1234", "destination_not_found", None),
    ({"star_codes": "accept"}, "*86", None, "destination_not_found"),
    ({"voicemail_destinations": "error"}, "uservoicemail,bob", "destination_not_found", None),
    ({"media_plug": "error"}, "media_plug", "destination_not_found", None),
    ({"unresolvable_destination": "after-answer"}, "nobody-here", None, "destination_not_found"),
    ({"details_for_internal": "error"}, {"called_number": "thomas"}, "invalid_parameter", None),
    ({"details_for_internal": "error"}, {"called_number": "0312341234"}, None, None),
    (
        {"foreign_calling_number": "error"},
        {"called_number": "0312341234", "calling_number": "0399999999"},
        "invalid_parameter",
        None,
    ),
    (
        {"foreign_calling_number": "error"},
        {"called_number": "0312341234", "calling_number": "05011112222"},
        None,
        None,
    ),
    ({"inline_calling_number": "error"}, "{calling_number=05068680000}0312341234", "invalid_parameter", None),
    ({"strict_unknown_parameters": True}, "{colour=red}0312341234", "unknown_parameter", None),
    (
        {"strict_unknown_parameters": True},
        {"called_number": "0312341234", "colour": "red"},
        "unknown_parameter",
        None,
    ),
    (
        {"strict_unknown_parameters": True},
        {"called_number": "0312341234", "end_user": {"colour": "red"}},
        "unknown_parameter",
        None,
    ),
    (
        {"strict_unknown_parameters": True},
        {"called_number": "0312341234", "end_user": {"id": 7, "name": "ポパイ", "avatar": "x", "prefecture": ""}},
        None,
        None,
    ),
]


@pytest.mark.parametrize(("switch", "destination", "switched", "usual"), READINGS)
def test_each_switch_changes_its_reading(
    start: Start, ask: Ask, switch: dict[str, Any], destination: Any, switched: str | None, usual: str | None
) -> None:
    """With the switch the other reading is taken."""
    assert error_of(ask(start(**switch), user_name="bob", destination=destination)) == switched
    assert error_of(ask(start(), user_name="bob", destination=destination)) == usual


@pytest.mark.parametrize(("reading", "shown"), [("accept", "0399999999"), ("default", None)])
def test_a_foreign_calling_number_is_shown_or_replaced(start: Start, ask: Ask, reading: str, shown: str | None) -> None:
    """A calling number that is not the PBX's own goes out as it is, or as the default (A28)."""
    server = start(foreign_calling_number=reading)
    ask(server, user_name="bob", destination={"called_number": "0312341234", "calling_number": "0399999999"})
    assert server.calls[0].destination["calling_number"] == shown


def test_an_inline_identity_is_kept_part_by_part(start: Start, ask: Ask) -> None:
    """Keys may stand apart by blanks, values are kept as they are, and calling_number is no identity."""
    server = start()
    text = "{name=Charles Xavier, organization=X-Men,calling_number=05068680000}0312341234"
    ask(server, user_name="bob", destination=text)
    destination = server.calls[0].destination
    assert destination["end_user"] == {"name": "Charles Xavier", "organization": "X-Men"}
    assert destination["calling_number"] == "05068680000"
