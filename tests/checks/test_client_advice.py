"""Advice to clients: what each piece of it says, and when it is silent."""

from __future__ import annotations

from typing import Any

import pytest

from basix_contract.checks import CLIENT_CHECKS, ClientCall, ClientHistory, ClientRequest

CALL: dict[str, Any] = {"user_name": "jessica", "destination": "0312341234"}


def history_of(*bodies: dict[str, Any], params: dict[str, Any] | None = None) -> ClientHistory:
    """A run in which these bodies came; in a recording nobody knows what was to be sent."""
    return ClientHistory(calls=tuple(_call(number, body, params) for number, body in enumerate(bodies, 1)))


def _call(number: int, body: dict[str, Any], params: dict[str, Any] | None) -> ClientCall:
    request = ClientRequest(
        id=f"r{number}", at_s=1.0, method="POST", target="/x", place="call", headers=(), has_body=True, value=body
    )
    return ClientCall(id=f"c{number}", title="a call", params=params, given_at_s=0.5, requests=(request,))


ADVISED: dict[str, list[tuple[dict[str, Any], str]]] = {
    "advice/one-user": [
        ({"user_email": "j@acme.example"}, "user_name and user_email together"),
        ({"user_email": ""}, ""),
    ],
    "advice/exact-text": [({"user_name": " jessica"}, "user_name has blanks around it"), ({"user_label": "a b"}, "")],
    "advice/types": [
        ({"user_id": "1"}, "user_id is best sent as a whole number"),
        ({"answer_timeout": 30.0}, "answer_timeout is best sent as a whole number"),
        ({"user_extension": 2001}, "user_extension is best sent as text"),
        ({"user_id": 1, "user_did": "05011112222", "answer_timeout": 30}, ""),
    ],
    "advice/boolean": [
        ({"auto_answer": "true"}, "auto_answer is best sent as a boolean"),
        ({"auto_answer": False}, ""),
    ],
    "advice/one-group": [
        ({"group_id": 1, "group_name": "sales"}, "group_id and group_name together"),
        ({"group_name": "sales"}, ""),
    ],
    "advice/resolver-alone": [
        ({"group_resolver": "*", "group_name": "sales"}, "group_name and group_resolver together"),
        ({"group_resolver": "*"}, ""),
    ],
    "advice/known-resolver": [
        ({"group_resolver": "any"}, "group_resolver 'any' is not documented"),
        ({"group_resolver": "any:CALL_CENTER"}, ""),
    ],
    "advice/leave-out": [({"group_name": None}, "group_name is sent as None"), ({"group_name": "x"}, "")],
    "advice/known-members": [
        ({"name_name": "x"}, "name_name is not documented"),
        ({"destination": {"called_number": "1", "note": ""}}, "note is not documented"),
        ({"destination": {"called_number": "1", "end_user": {"phone": "2"}}}, "phone is not documented"),
        ({"destination": {"called_number": "1", "end_user": {"name": "2"}}}, ""),
    ],
    "advice/domestic-digits": [
        ({"destination": "+81312341234"}, "the number …234 is not written in digits alone"),
        ({"destination": {"called_number": "03-1234-1234"}}, "the number …234 is not written in digits alone"),
        ({"destination": "{name=x}0312341234"}, ""),
        ({"destination": "thomas"}, ""),
    ],
    "advice/called-number": [
        ({"destination": {"end_user": {}}}, "a destination object without called_number"),
        ({"destination": {"called_number": "1"}}, ""),
    ],
    "advice/object-for-numbers": [
        ({"destination": {"called_number": "thomas"}}, "a destination object for what is no telephone number"),
        ({"destination": {"called_number": "0312341234"}}, ""),
    ],
    "advice/object-form": [
        ({"destination": "{name=x}0312341234"}, "a destination in the inline form"),
        ({"destination": "0312341234"}, ""),
    ],
    "advice/plain-inline-values": [
        ({"destination": "{name=a, b}0312341234"}, "an inline value with a comma, an equals sign, a brace, a quote"),
        ({"destination": "{name=O'Neil}0312341234"}, "an inline value with a comma, an equals sign, a brace, a quote"),
        ({"destination": "{name=Charles Xavier,organization=X-Men}0312341234"}, ""),
    ],
    "advice/end-user": [
        ({"destination": {"called_number": "1", "end_user": {"id": 7}}}, "end_user.id is best sent as text"),
        (
            {"destination": {"called_number": "1", "end_user": {"avatar": "x.png"}}},
            "end_user.avatar is no http or https URL",
        ),
        ({"destination": {"called_number": "1", "end_user": {"id": "7", "avatar": "https://a/b"}}}, ""),
    ],
    "advice/ascii-name": [
        ({"calling_name": "Zoë"}, "calling_name is not printable ASCII"),
        ({"calling_name": "a\nb"}, "calling_name is not printable ASCII"),
        ({"calling_name": "Zoe"}, ""),
    ],
    "advice/single-url": [
        ({"callback_url": "https://u:p@a.example/"}, "callback_url with user info"),
        ({"callback_url": "https://a.example/#x"}, "callback_url with a fragment"),
        ({"callback_url": "https://(timeout=5)a.example/"}, "callback_url with a (timeout=…) part"),
        ({"callback_url": "https://a.example/,https://b.example/"}, "callback_url with a list"),
        ({"callback_url": "https://a.example/?b=c,d"}, ""),
    ],
}


@pytest.mark.parametrize(
    ("check", "more", "said"), [(check, *case) for check, cases in ADVISED.items() for case in cases]
)
def test_a_piece_of_advice_is_given_where_it_applies(check: str, more: dict[str, Any], said: str) -> None:
    """Each piece of advice looks at one thing, and is silent where that is as it is best."""
    finding = CLIENT_CHECKS[check](history_of({**CALL, **more}))

    assert finding.status == ("broken" if said else "held")
    assert said in finding.detail


@pytest.mark.parametrize("check", ADVISED)
def test_nothing_is_advised_on_what_was_given(check: str) -> None:
    """What a client was told to send is not its choice."""
    for more, _ in ADVISED[check]:
        body = {**CALL, **more}
        assert CLIENT_CHECKS[check](history_of(body, params=body)).status == "held"


def test_every_piece_of_advice_is_seen_given() -> None:
    """No advice is there that was never given."""
    advice = {check for check in CLIENT_CHECKS if check.startswith("advice/")}

    assert advice == {*ADVISED, "advice/nonce"}


def test_calls_are_best_told_apart_by_their_callback_url() -> None:
    """Two calls that share a callback_url are told of; one call alone, or two with their own, are not."""
    shared = {**CALL, "callback_url": "https://a.example/r"}
    own = {**CALL, "callback_url": "https://a.example/r?call=2"}
    check = CLIENT_CHECKS["advice/nonce"]

    assert check(history_of(shared, shared)).detail == (
        "2 calls share one callback_url: an error cannot be tied to its call"
    )
    assert check(history_of(shared, own)).status == check(history_of(shared)).status == "held"
    assert check(history_of(shared, shared, params=shared)).status == "held"
