"""The reply: how its body, fields and uuids may vary."""

from __future__ import annotations

import re
from typing import Any

import pytest

from basix_contract.mock import ERROR_IDS
from tests.mock.conftest import Ask, Start
from tests.mock.listener import Listener


@pytest.mark.parametrize(
    ("switches", "body"),
    [
        ({}, {"result_code": 500, "error": {"id": "user_not_found"}}),
        ({"error_result_code": 404}, {"result_code": 404, "error": {"id": "user_not_found"}}),
        ({"error_ids": "generic"}, {"result_code": 500, "error": {"id": "call_failed"}}),
        (
            {"has_error_text": True},
            {"result_code": 500, "error": {"id": "user_not_found", "description": "no user has this selector"}},
        ),
        (
            {"has_extra_fields": True},
            {"result_code": 500, "error": {"id": "user_not_found"}, "api_version": "3"},
        ),
    ],
)
def test_the_error_envelope_varies_with_its_switches(
    start: Start, ask: Ask, switches: dict[str, Any], body: dict[str, Any]
) -> None:
    """The document gives the shape; code, id and what else stands there are open."""
    assert ask(start(**switches), user_name="nobody-here").json() == body


def test_documented_ids_stay_even_where_others_are_generic(start: Start, ask: Ask) -> None:
    """A PBX with one id for everything still has the documented one for the channel limit."""
    server = start(error_ids="generic", has_error_text=True)
    error = ask(server, user_extension="1001").json()["error"]
    assert error == {"id": "channel_limit_reached", "description": "no channel is free"}


def test_every_error_text_has_a_default(start: Start, ask: Ask, listener: Listener) -> None:
    """A callback's error has no text of its own, so the id's summary stands there."""
    server = start(has_error_text=True)
    ask(server, user_name="bert", callback_url=listener.url())
    assert listener.wait_for()[0].json["error"] == {"id": "busy", "description": ERROR_IDS["busy"].summary}


@pytest.mark.parametrize(
    ("switches", "pattern"),
    [
        ({}, r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"),
        ({"uuid_case": "upper"}, r"[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}"),
        ({"uuid_version": 3}, r"[0-9a-f]{8}-[0-9a-f]{4}-3[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"),
    ],
)
def test_uuids_are_spelled_as_set_and_alike_in_reply_and_callback(
    start: Start, ask: Ask, listener: Listener, switches: dict[str, Any], pattern: str
) -> None:
    """Case and version are open (A57); the callback repeats what the reply said."""
    uuids = ask(start(**switches), user_name="james", callback_url=listener.url()).json()["uuids"]
    assert all(re.fullmatch(pattern, uuid) for uuid in uuids)
    assert listener.wait_for()[0].json["uuid"] in uuids


def test_the_order_of_uuids_is_open(start: Start, ask: Ask) -> None:
    """The reply may list the channels in any order (A56)."""
    orders = {}
    for order in ("ringing", "reversed", "sorted"):
        server = start(seed=3, uuid_order=order)
        orders[order] = tuple(ask(server, user_name="james").json()["uuids"])
        assert sorted(orders[order]) == sorted(server.calls[0].uuids)
    assert orders["reversed"] == orders["ringing"][::-1]
    assert orders["sorted"] == tuple(sorted(orders["ringing"])) != orders["ringing"]


def test_the_media_type_may_name_its_charset(start: Start, ask: Ask, listener: Listener) -> None:
    """Replies and callbacks are JSON, with or without a charset (A20)."""
    server = start(json_content_type="application/json; charset=utf-8")
    reply = ask(server, user_name="bob", callback_url=listener.url())
    assert reply.headers["content-type"] == "application/json; charset=utf-8"
    assert listener.wait_for()[0].headers["content-type"] == "application/json; charset=utf-8"


def test_extra_fields_stand_in_successes_and_callbacks_too(start: Start, ask: Ask, listener: Listener) -> None:
    """A PBX may say more than the document (A55)."""
    server = start(has_extra_fields=True)
    assert ask(server, user_name="bob", callback_url=listener.url()).json()["api_version"] == "3"
    assert listener.wait_for()[0].json["api_version"] == "3"
