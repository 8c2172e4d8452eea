"""basix_router: requests that keep the contract are answered by it, all others fail the test."""

from __future__ import annotations

import pytest

from tests.pytest_plugin.conftest import Project

pytest_plugins = ["pytester"]

POST = """
def post(body=None, **options):
    options.setdefault("auth", ("acme.example", "token"))
    return httpx.post("https://bcs.brastel.com/basix/api/call_user", json=body, **options)

GOOD = {"user_name": "jessica", "destination": "0312341234"}
"""


def test_a_good_request_gets_a_good_reply(project: Project) -> None:
    """At any host, sync and async, through our client and through bare httpx; uuids are new each time."""
    code, told = project(
        POST
        + """
import asyncio
from basix_contract.client import AsyncClient, Client

SETTINGS = {"domain": "acme.example", "token": "t", "base_url": "https://pbx.test/api"}

def test_one(basix_router):
    with Client(**SETTINGS) as basix:
        first = basix.call_user(user_name="jessica", destination="0312341234")
    async def run():
        async with AsyncClient(**SETTINGS) as basix:
            return await basix.call_user(user_name="bob", destination="0312341234")
    second = asyncio.run(run())
    third = post(GOOD).json()
    assert third["result_code"] == 0
    assert len({*first.uuids, *second.uuids, *third["uuids"]}) == 6
    assert [call["user_name"] for call in basix_router.calls] == ["jessica", "bob", "jessica"]
    basix_router.assert_called_with(**GOOD)
"""
    )

    assert code == 0, told


def test_replies_are_as_the_test_says(project: Project) -> None:
    """An error under any status, uuids of one's own, or no reply at all; after that the usual one."""
    code, told = project(
        POST
        + """
import pytest
from basix_contract.errors import UsageError

UUID = "ede7b23e-c172-445e-832e-963b11ba2b96"

def test_one(basix_router):
    basix_router.next_reply(error_id="channel_limit_reached", http_status=503)
    basix_router.next_reply(uuids=[UUID])
    basix_router.next_reply(raises=httpx.ReadTimeout("too late"))
    refused = post(GOOD)
    assert (refused.status_code, refused.json()["error"]["id"]) == (503, "channel_limit_reached")
    assert post(GOOD).json() == {"result_code": 0, "uuids": [UUID]}
    with pytest.raises(httpx.ReadTimeout):
        post(GOOD)
    assert post(GOOD).json()["result_code"] == 0

@pytest.mark.parametrize(
    "reply", [{"uuids": ["no uuid"]}, {"error_id": "x", "result_code": 0}, {"uuids": [UUID, UUID]}])
def test_no_such_reply(basix_router, reply):
    with pytest.raises(UsageError, match="the contract has no such reply"):
        basix_router.next_reply(**reply)
"""
    )

    assert code == 0, told


@pytest.mark.parametrize(
    ("request_text", "words"),
    [
        ("post({'destination': '1'})", "give at least one non-empty user selector"),
        ("post({**GOOD, 'answer_timeout': 'soon'})", "answer_timeout must be"),
        ("post({**GOOD, 'user_nmae': 'x'})", "no parameter 'user_nmae', did you mean 'user_name'?"),
        ("post(GOOD, auth=None)", "must carry domain and token"),
        ("post(GOOD, auth=None, headers={'Authorization': 'Basic ###'})", "must carry domain and token"),
        ("post(None, content=b'{')", "its body is no JSON"),
        ("post(None, content=b'{}', headers={'Content-Type': 'text/plain'})", "must be labelled application/json"),
        ("httpx.get('https://x.test/call_user', auth=('a', 'b'))", "must be a POST"),
    ],
)
def test_a_breach_fails_the_test(project: Project, request_text: str, words: str) -> None:
    """What is wrong is said where the request is sent, and again at the end of a test that swallowed it."""
    code, told = project(
        POST
        + f"""
import contextlib

def test_open(basix_router):
    {request_text}

def test_swallowed(basix_router):
    with contextlib.suppress(AssertionError):
        {request_text}
    assert basix_router.calls == ()
"""
    )

    assert code == 1
    assert "1 failed, 1 passed, 2 errors" in told
    assert words in told


def test_the_router_can_be_lenient(project: Project) -> None:
    """Unknown parameters, which the contract leaves open, pass where the marker says so."""
    code, told = project(
        POST
        + """
import pytest

@pytest.mark.basix(strict_unknown_parameters=False)
def test_one(basix_router):
    assert post({**GOOD, "colour": "red"}).json()["result_code"] == 0
"""
    )

    assert code == 0, told


def test_calls_are_asserted_and_other_routes_are_ones_own(project: Project) -> None:
    """The same assertions as on basix_pbx; what is not call_user goes to routes of one's own, or fails."""
    code, told = project(
        POST
        + """
import pytest
import respx

def test_one(basix_router):
    with pytest.raises(AssertionError, match="no call was asked for"):
        basix_router.assert_called_with(**GOOD)
    with pytest.raises(AssertionError, match="expected one call, and there were 0"):
        basix_router.assert_called_once_with(**GOOD)
    post(GOOD)
    basix_router.assert_called_once_with(**GOOD)
    with pytest.raises(AssertionError, match="user_name: expected 'bob', given 'jessica'"):
        basix_router.assert_called_with(**{**GOOD, "user_name": "bob"})
    basix_router.respx.get("https://crm.example/").respond(204)
    assert httpx.get("https://crm.example/").status_code == 204
    with pytest.raises(AssertionError):
        httpx.get("https://elsewhere.example/")
"""
    )

    assert code == 0, told
