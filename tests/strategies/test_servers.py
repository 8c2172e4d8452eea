"""Servers that keep the contract, the mock and others that know nothing of it, judge bodies as they are labelled."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from basix_contract.mock import Directory, MockServer
from basix_contract.strategies import covering, invalid_requests, open_requests, requests, sample
from tests.servers.family import serve
from tests.strategies.judging import MOCK, PLACE

# Those that answer at once, to everybody, and do not mind who is in a call already.
SERVERS = ("mock", "strict", "lenient", "talkative", "pedantic")
# A URL that is none may be taken, as long as it is never called.
SILENT_URLS = "CU-109"

Ask = Callable[[Any], dict[str, Any]]


@pytest.fixture(scope="module", params=SERVERS)
def ask(request: pytest.FixtureRequest) -> Iterator[Ask]:
    """Sends a body to one of the servers, and returns the reply."""
    with started(request.param) as base_url, httpx.Client(trust_env=False, timeout=10) as client:
        auth = (MOCK.target.domain, MOCK.target.token)

        def send(body: Any) -> dict[str, Any]:
            raw = json.dumps(body).encode()
            fields = {"Content-Type": "application/json"}
            reply: dict[str, Any] = client.post(f"{base_url}/call_user", content=raw, headers=fields, auth=auth).json()
            return reply

        yield send


@contextmanager
def started(name: str) -> Iterator[str]:
    """A server of this name at the base URL yielded."""
    if name == "mock":
        with MockServer(Directory.from_profile(MOCK)) as server:
            yield server.base_url
    else:
        with serve(name, MOCK) as base_url:
            yield base_url


def test_what_must_be_accepted_is(ask: Ask) -> None:
    """Each of them accepts the covering set and random bodies, freely invented texts in them."""
    bodies = [*covering(MOCK, allows_invention=True), *sample(requests(MOCK, allows_invention=True), 60, 21)]

    assert [body for body in bodies if ask(body)["result_code"] != 0] == []


def test_what_is_invalid_is_refused(ask: Ask) -> None:
    """Each of them refuses every body with a defect, a callback_url that is no URL apart."""
    strategy = invalid_requests(MOCK, callback_place=PLACE, allows_invention=True)
    taken = [
        (defect.label, body)
        for body, defect in sample(strategy, 160, 21)
        if defect.requirement != SILENT_URLS and ask(body)["result_code"] == 0
    ]

    assert taken == []


def test_what_is_open_gets_an_answer_and_what_should_be_taken_is(ask: Ask) -> None:
    """Each of them answers every open body in the envelope, and accepts where the ledger says SHOULD."""
    for body, opening in sample(open_requests(MOCK, allows_invention=True), 130, 21):
        reply = ask(body)
        assert reply["uuids"] if reply["result_code"] == 0 else reply["error"]["id"]
        assert opening.level != "SHOULD" or reply["result_code"] == 0, (opening.label, body)
