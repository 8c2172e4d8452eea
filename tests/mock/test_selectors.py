"""Which user is rung, and on whose behalf: selectors and the switches about them."""

from __future__ import annotations

from typing import Any

import pytest

from basix_contract.mock import Directory
from basix_contract.profile import Group, User
from tests.mock.conftest import Ask, Start, error_of

THOMAS = {
    "user_id": 10001002,
    "user_name": "thomas",
    "user_label": "ユーザ・トーマス",
    "user_extension": "0202",
    "user_did": "05011113333",
    "user_email": "thomas@acme.example",
}
SUPPORT = {
    "group_id": 502,
    "group_name": "support",
    "group_label": "サポート窓口",
    "group_extension": "0302",
    "group_did": "05033335555",
}


@pytest.mark.parametrize("selector", THOMAS)
def test_every_user_selector_leads_to_the_user(start: Start, ask: Ask, selector: str) -> None:
    """Each of the six names the same user, and the number of uuids is that of his terminals."""
    server = start()
    assert len(ask(server, **{selector: THOMAS[selector]}).json()["uuids"]) == 3
    assert server.calls[0].user == "thomas"


@pytest.mark.parametrize("selector", SUPPORT)
def test_every_group_selector_leads_to_the_group(start: Start, ask: Ask, selector: str) -> None:
    """Each of the five that name a group gives the same context."""
    server = start()
    ask(server, user_name="thomas", **{selector: SUPPORT[selector]})
    assert server.calls[0].group == "support"


@pytest.mark.parametrize(
    ("user", "rule", "groups"),
    [
        ("jessica", "*", {"sales", "support"}),
        ("jessica", "any:CALL_CENTER", {"support"}),
        ("james", "*", {"sales"}),
        ("james", "any:CALL_CENTER", {None}),
        ("bob", "*", {None}),
    ],
)
def test_a_resolver_takes_a_group_of_the_users_own(
    start: Start, ask: Ask, user: str, rule: str, groups: set[str | None]
) -> None:
    """`*` takes any of the user's groups, `any:CALL_CENTER` any of that kind, and none where there is none."""
    server = start(seed=1)
    for _ in range(12):
        assert error_of(ask(server, user_name=user, group_resolver=rule)) is None
    assert {call.group for call in server.calls} == groups


NOBODY: list[tuple[dict[str, Any], str]] = [
    ({}, "missing_parameter"),
    ({"user_email": ""}, "missing_parameter"),
    ({"user_name": None}, "missing_parameter"),
    ({"name_name": "bob"}, "missing_parameter"),
    ({"user_name": "nobody-here"}, "user_not_found"),
    ({"user_name": "Bob"}, "user_not_found"),
    ({"user_name": " bob"}, "user_not_found"),
    ({"user_id": 19999999}, "user_not_found"),
    ({"user_extension": "202"}, "user_not_found"),
    ({"user_extension": 202}, "user_not_found"),
    ({"user_did": "bob"}, "user_not_found"),
    ({"user_name": "x", "user_id": 5}, "user_not_found"),
    ({"user_id": True}, "invalid_parameter"),
    ({"user_id": 1.5}, "invalid_parameter"),
    ({"user_id": 0}, "invalid_parameter"),
    ({"user_id": -10001001}, "invalid_parameter"),
    ({"user_id": "jessica"}, "invalid_parameter"),
    ({"user_id": "１２３"}, "invalid_parameter"),
    ({"user_id": "9" * 5000}, "invalid_parameter"),
    ({"user_id": []}, "invalid_parameter"),
    ({"user_name": 10001001}, "invalid_parameter"),
    ({"user_name": ["bob"]}, "invalid_parameter"),
    ({"user_extension": 2003.0}, "invalid_parameter"),
    ({"user_extension": True}, "invalid_parameter"),
    ({"user_extension": 10**400}, "invalid_parameter"),
    ({"user_did": -1}, "invalid_parameter"),
    ({"user_name": "bob", "user_id": {}}, "invalid_parameter"),
    ({"user_name": "bob", "group_name": "no-such-group"}, "group_not_found"),
    ({"user_name": "bob", "group_id": 999}, "group_not_found"),
    ({"user_name": "bob", "group_id": "sales"}, "invalid_parameter"),
    ({"user_name": "bob", "group_name": 5}, "invalid_parameter"),
    ({"user_name": "bob", "group_resolver": "any:CALL_CENTRE"}, "invalid_parameter"),
    ({"user_name": "bob", "group_resolver": 1}, "invalid_parameter"),
]


def test_what_leads_to_nobody_is_an_error_and_rings_nobody(start: Start, ask: Ask) -> None:
    """A request without a user, with an unknown one, or with a selector of another type places no call."""
    server = start()
    for parameters, error_id in NOBODY:
        assert error_of(ask(server, **parameters)) == error_id, parameters
    assert server.calls == ()


# Switch, value, request, outcome with the switch, outcome by default.
READINGS: list[tuple[dict[str, Any], dict[str, Any], str | None, str | None]] = [
    ({"strict_empty_selectors": True}, {"user_name": "bob", "user_email": ""}, "invalid_parameter", None),
    ({"strict_empty_selectors": True}, {"user_name": "bob", "group_id": None}, "invalid_parameter", None),
    (
        {"accepts_several_selectors": False},
        {"user_name": "bob", "user_id": 10001003},
        "invalid_parameter",
        None,
    ),
    (
        {"selector_precedence": "first-given"},
        {"user_name": "bob", "user_id": 19999999},
        "user_not_found",
        None,
    ),
    ({"selector_precedence": "first-given"}, {"user_name": "x", "user_id": 10001003}, None, None),
    (
        {"selector_precedence": "all-must-agree"},
        {"user_name": "bob", "user_email": "nobody@acme.example"},
        "user_not_found",
        None,
    ),
    (
        {"selector_precedence": "all-must-agree"},
        {"user_name": "bob", "user_extension": "2004"},
        "user_not_found",
        None,
    ),
    ({"selector_precedence": "all-must-agree"}, {"user_name": "bob", "user_extension": "2003"}, None, None),
    ({"id_digit_strings": "error"}, {"user_id": "10001003"}, "invalid_parameter", None),
    ({"id_digit_strings": "error"}, {"user_name": "bob", "group_id": "501"}, "invalid_parameter", None),
    ({"number_extensions": "error"}, {"user_extension": 2003}, "invalid_parameter", None),
    ({"whole_floats": "error"}, {"user_id": 10001003.0}, "invalid_parameter", None),
    ({"ignores_case": True}, {"user_name": "BOB"}, None, "user_not_found"),
    ({"ignores_case": True}, {"user_id": 10001003}, None, None),
    ({"trims_text": True}, {"user_email": " bob@acme.example "}, None, "user_not_found"),
    (
        {"several_groups": "error"},
        {"user_name": "bob", "group_name": "sales", "group_resolver": "*"},
        "invalid_parameter",
        None,
    ),
    ({"group_membership_enforced": True}, {"user_name": "bob", "group_name": "sales"}, "group_not_found", None),
    ({"group_membership_enforced": True}, {"user_name": "james", "group_name": "sales"}, None, None),
    ({"resolver_without_group": "error"}, {"user_name": "bob", "group_resolver": "*"}, "group_not_found", None),
    (
        {"unknown_resolver": "plain"},
        {"user_name": "bob", "group_resolver": "all"},
        None,
        "invalid_parameter",
    ),
    (
        {"unknown_resolver": "plain"},
        {"user_name": "bob", "group_resolver": 1},
        "invalid_parameter",
        "invalid_parameter",
    ),
    ({"unknown_group": "ignored"}, {"user_name": "bob", "group_name": "none"}, None, "group_not_found"),
]


@pytest.mark.parametrize(("switch", "parameters", "switched", "usual"), READINGS)
def test_each_switch_changes_its_reading_and_nothing_by_default(
    start: Start, ask: Ask, switch: dict[str, Any], parameters: dict[str, Any], switched: str | None, usual: str | None
) -> None:
    """With the switch the other reading is taken."""
    assert error_of(ask(start(**switch), **parameters)) == switched
    assert error_of(ask(start(), **parameters)) == usual


@pytest.mark.parametrize(("reading", "error_id"), [("first", None), ("error", "user_not_found")])
def test_a_label_may_be_shared(start: Start, ask: Ask, reading: str, error_id: str | None) -> None:
    """A selector that fits two users takes the first, or is refused: the document does not say (A05)."""
    shared = Directory(
        domain="acme.example",
        token="mock-token-3fK9",
        users=(User(id=1, name="a", label="Desk"), User(id=2, name="b", label="Desk")),
    )
    server = start(shared, shared_label=reading)
    assert error_of(ask(server, user_label="Desk")) == error_id


def test_several_selectors_take_the_first_of_the_table_that_resolves(start: Start, ask: Ask) -> None:
    """The order is that of the document's table, not that of the request (A02)."""
    server = start()
    ask(server, user_email="bob@acme.example", user_name="james")
    ask(server, user_name="nobody-here", user_email="bob@acme.example")
    assert [call.user for call in server.calls] == ["james", "bob"]


def test_the_first_of_several_group_selectors_counts(start: Start, ask: Ask) -> None:
    """By default the table's order decides among group selectors as well (A07)."""
    server = start()
    ask(server, user_name="bob", group_resolver="*", group_extension="0302", group_id=501)
    assert server.calls[0].group == "sales"


def test_an_attribute_that_is_empty_in_the_directory_matches_nothing(start: Start, ask: Ask) -> None:
    """A user without an e-mail address is not found by an absent one."""
    bare = Directory(domain="acme.example", token="mock-token-3fK9", users=(User(name="a"),), groups=(Group(),))
    server = start(bare)
    assert error_of(ask(server, user_id=1)) == "user_not_found"
    assert error_of(ask(server, user_name="a", group_did="0")) == "group_not_found"
    assert len(ask(server, user_name="a").json()["uuids"]) == 2
