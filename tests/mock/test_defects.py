"""Defects: one fault each, hung on the seam, and nothing else changed."""

from __future__ import annotations

import re

import httpx
import pytest

from basix_contract.errors import UsageError
from basix_contract.mock import DEFECTS, Behaviour, Directory, MockServer, find_defects
from basix_contract.mock._defects import FAMILIES
from tests.mock.conftest import Ask, Start, error_of
from tests.mock.listener import Listener


def test_every_defect_is_well_described() -> None:
    """Kebab-case id, known family, a check it must be caught by, and a reason for every other."""
    for id_, defect in DEFECTS.items():
        assert defect.id == id_
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", id_), id_
        assert defect.family in FAMILIES, id_
        assert defect.summary, id_
        assert re.fullmatch(r"[a-z0-9-]+(/[a-z0-9-]+)+", defect.kills), id_
        assert len(defect.also) <= 3, id_
        assert all(check and reason for check, reason in defect.also), id_
        assert (defect.behaviour is not Behaviour) != bool(defect.settings), id_


def test_every_defect_can_be_started_and_stopped(directory: Directory) -> None:
    """A mock with any of the faults comes up, shows which it has, and goes down."""
    for id_ in DEFECTS:
        with MockServer(directory, defects=[id_]) as server:
            assert [defect.id for defect in server.app.defects] == [id_]


@pytest.mark.parametrize(("id_", "fix"), [("calback-missing", "did you mean 'callback-missing'"), ("zzz", "list them")])
def test_an_unknown_defect_names_the_nearest(id_: str, fix: str) -> None:
    """A typing error is answered with what was probably meant."""
    with pytest.raises(UsageError, match=fix):
        find_defects([id_])


def test_the_page_in_place_of_json(start: Start, ask: Ask) -> None:
    """`answers-html` wraps every reply."""
    reply = ask(start(defects=["answers-html"]), user_name="bob")
    assert reply.headers["content-type"] == "text/html"
    assert reply.text.startswith("<html>")


def test_the_reply_that_does_not_come(start: Start, ask: Ask) -> None:
    """`closes-without-reply` loses the reply to a call that rings; refusals are answered."""
    server = start(defects=["closes-without-reply"])
    with pytest.raises(httpx.RemoteProtocolError):
        ask(server, user_name="bob")
    assert len(server.calls) == 1
    assert error_of(ask(server, user_name="nobody-here")) == "user_not_found"


def test_the_uuids_that_come_back(start: Start, ask: Ask) -> None:
    """`same-uuids-every-call` is a canned reply for each number of terminals."""
    server = start(defects=["same-uuids-every-call"])
    first, second = (ask(server, user_name="jessica").json()["uuids"] for _ in range(2))
    assert first == second
    assert len(ask(server, user_name="james").json()["uuids"]) == 4


def test_the_callback_that_never_comes(start: Start, ask: Ask) -> None:
    """`callback-missing` reads the URL and forgets it."""
    server = start(defects=["callback-missing"])
    ask(server, user_name="bob", callback_url="http://127.0.0.1:9/")
    assert server.wait_until(lambda calls: bool(calls[0].second_leg))[0].callbacks == ()


def test_several_defects_add_up(start: Start, ask: Ask, listener: Listener) -> None:
    """Behaviours combine, settings as well, and what neither touches stays correct."""
    server = start(defects=["same-uuids-every-call", "callback-missing", "callback-after-refusal"])
    first, second = (ask(server, user_name="bob", callback_url=listener.url("/x")) for _ in range(2))
    assert first.json() == second.json()
    ask(server, user_name="nobody-here", callback_url=listener.url("/refused"))
    assert [request.target for request in listener.wait_for()] == ["/refused"]
    assert [defect.id for defect in server.app.defects] == [
        "same-uuids-every-call",
        "callback-missing",
        "callback-after-refusal",
    ]
