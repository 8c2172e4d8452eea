"""answer_timeout, auto_answer, calling_name and callback_url, and the switches about them."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.mock.conftest import CREDENTIALS, Ask, Start, error_of

ACCEPTED: list[tuple[str, Any, Any]] = [
    ("answer_timeout", 1, 1),
    ("answer_timeout", 180, 180),
    ("answer_timeout", 10**400, 10**400),
    ("answer_timeout", 30.0, 30),
    ("answer_timeout", "30", 30),
    ("answer_timeout", None, 180),
    ("auto_answer", True, True),
    ("auto_answer", False, False),
    ("auto_answer", None, False),
    ("calling_name", "Thomas Jenkins", "Thomas Jenkins"),
    ("calling_name", "", None),
    ("calling_name", "トーマス　太郎", "トーマス　太郎"),
    ("callback_url", "", None),
    ("callback_url", "http://127.0.0.1:9/x?y=%2F", "http://127.0.0.1:9/x?y=%2F"),
    ("callback_url", "HTTPS://user:pw@[::1]:9/x#part", "HTTPS://user:pw@[::1]:9/x#part"),
    ("callback_url", "https://receiver.example", "https://receiver.example"),
]
KEPT = {"answer_timeout": "answer_timeout_s"}


def test_options_are_taken_as_given_or_by_default(start: Start, ask: Ask) -> None:
    """What is given is kept, and the document's defaults stand for what is not."""
    server = start()
    for name, value, kept in ACCEPTED:
        assert error_of(ask(server, user_name="bob", **{name: value})) is None, (name, value)
        assert getattr(server.calls[-1], KEPT.get(name, name)) == kept, (name, value)


REFUSED: dict[str, tuple[Any, ...]] = {
    "answer_timeout": (0, -1, 1.5, 1e999, "abc", "-3", "1" * 5000, True, [], {}),
    "auto_answer": ("true", 1, 0, [], "yes"),
    "calling_name": ("a\r\nb", "a\x00", "\ud800", 5, ["a"], True),
    "callback_url": (
        *(5, True, "x", "ftp://h/", "http:/h/x", "http://", "http:///x", "//h/", " http://h/", "http://h/\n"),
        *("http://h:99999/", "http://h:0/", "http://h /", "http://h/ü", "http://h:" + "9" * 5000),
        *("http://a b@h/", "http://a@b@h/", ["http://h/"]),
    ),
}


def test_options_of_another_type_or_value_are_errors(start: Start, http: httpx.Client) -> None:
    """A value an option cannot have places no call."""
    server = start()
    for name, values in REFUSED.items():
        for value in values:
            body = json.dumps({"user_name": "bob", "destination": "0312341234", name: value})
            body = body.replace("Infinity", "1e999")
            reply = http.post(f"{server.base_url}/call_user", content=body, auth=CREDENTIALS)
            assert error_of(reply) == "invalid_parameter", body[:200]
    assert server.calls == ()


READINGS: list[tuple[dict[str, Any], dict[str, Any], str | None, str | None]] = [
    ({"whole_floats": "error"}, {"answer_timeout": 30.0}, "invalid_parameter", None),
    ({"numeric_strings": "error"}, {"answer_timeout": "30"}, "invalid_parameter", None),
    ({"bool_strings": "accept"}, {"auto_answer": "true"}, None, "invalid_parameter"),
    ({"bool_strings": "accept"}, {"auto_answer": 0}, None, "invalid_parameter"),
    ({"bool_strings": "accept"}, {"auto_answer": "maybe"}, "invalid_parameter", "invalid_parameter"),
    ({"bool_strings": "accept"}, {"auto_answer": []}, "invalid_parameter", "invalid_parameter"),
    ({"strict_null_options": True}, {"calling_name": None}, "invalid_parameter", None),
    ({"strict_null_options": True}, {"calling_name": ""}, None, None),
    ({"non_ascii_calling_name": "error"}, {"calling_name": "トーマス"}, "invalid_parameter", None),
    ({"non_ascii_calling_name": "error"}, {"calling_name": "Thomas"}, None, None),
    ({"invalid_callback_url": "ignored"}, {"callback_url": "nonsense"}, None, "invalid_parameter"),
    ({"callback_userinfo": "error"}, {"callback_url": "http://a:b@127.0.0.1:9/"}, "invalid_parameter", None),
    ({"private_callback_hosts": "error"}, {"callback_url": "http://127.0.0.1:9/"}, "invalid_parameter", None),
    ({"private_callback_hosts": "error"}, {"callback_url": "http://[fd00::1]/"}, "invalid_parameter", None),
    ({"private_callback_hosts": "error"}, {"callback_url": "http://10.0.0.1/"}, "invalid_parameter", None),
    ({"private_callback_hosts": "error"}, {"callback_url": "http://LOCALHOST:9/"}, "invalid_parameter", None),
    ({"private_callback_hosts": "error"}, {"callback_url": "http://receiver.example/"}, None, None),
    ({"private_callback_hosts": "silent"}, {"callback_url": "http://127.0.0.1:9/"}, None, None),
    ({"strict_unknown_parameters": True}, {"colour": "red"}, "unknown_parameter", None),
    ({"strict_unknown_parameters": True}, {"auto_answer": True}, None, None),
]


@pytest.mark.parametrize(("switch", "parameters", "switched", "usual"), READINGS)
def test_each_switch_changes_its_reading(
    start: Start,
    ask: Ask,
    switch: dict[str, Any],
    parameters: dict[str, Any],
    switched: str | None,
    usual: str | None,
) -> None:
    """With the switch the other reading is taken."""
    assert error_of(ask(start(**switch), user_name="bob", **parameters)) == switched
    assert error_of(ask(start(), user_name="bob", **parameters)) == usual


@pytest.mark.parametrize(
    ("switch", "parameters", "name", "kept"),
    [
        ({"timeout_above_180": "clamp"}, {"answer_timeout": 3600}, "answer_timeout_s", 180),
        ({"timeout_above_180": "accept"}, {"answer_timeout": 3600}, "answer_timeout_s", 3600),
        ({"non_ascii_calling_name": "dropped"}, {"calling_name": "Tüm"}, "calling_name", "Tm"),
        ({"non_ascii_calling_name": "dropped"}, {"calling_name": "トーマス"}, "calling_name", None),
        ({"private_callback_hosts": "silent"}, {"callback_url": "http://127.1.2.3/"}, "callback_url", None),
        ({"invalid_callback_url": "ignored"}, {"callback_url": "nonsense"}, "callback_url", None),
    ],
)
def test_an_option_may_be_bent_where_the_document_leaves_it_open(
    start: Start, ask: Ask, switch: dict[str, Any], parameters: dict[str, Any], name: str, kept: object
) -> None:
    """What is clamped or dropped shows in the call."""
    server = start(**switch)
    ask(server, user_name="bob", **parameters)
    assert getattr(server.calls[0], name) == kept


def test_auto_answer_reaches_only_terminals_that_support_it(start: Start, ask: Ask) -> None:
    """Jessica's terminals take the instruction, Bob's do not, and without it nobody gets one."""
    server = start()
    ask(server, user_name="jessica", auto_answer=True)
    ask(server, user_name="bob", auto_answer=True)
    ask(server, user_name="jessica")
    assert [{leg.auto_answers for leg in call.legs} for call in server.calls] == [{True}, {False}, {False}]
