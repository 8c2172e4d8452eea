"""The client and the mock PBX understand each other, as two programs that know only the document."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from basix_contract.client import (
    ApiError,
    AuthenticationRequired,
    ChannelLimitReached,
    Client,
    CredentialsRefused,
    SuccessReply,
)
from basix_contract.contract import load_document
from basix_contract.mock import Directory, MockServer, Settings
from basix_contract.profile import load_profile
from tests.client.flavours import FLAVOURS, Flavour

PROFILE = load_profile(Path(__file__).parents[2] / "conformance" / "profiles" / "mock.toml")
SIGNED_IN: dict[str, Any] = {"domain": PROFILE.target.domain, "token": PROFILE.target.token}
SIX = [name for name in load_document().request_examples if name.startswith("example-")]


@pytest.fixture(scope="module")
def pbx() -> Iterator[MockServer]:
    """A mock PBX."""
    with MockServer(Directory.from_profile(PROFILE), settings=Settings()) as server:
        yield server


def example(name: str) -> dict[str, Any]:
    """The arguments of an example, without its callback URL: nothing here listens for it."""
    body: dict[str, Any] = load_document().request_examples[name].value
    return {key: value for key, value in body.items() if key != "callback_url"}


@pytest.mark.parametrize("flavour", FLAVOURS, ids=lambda flavour: flavour.name)
def test_the_documents_examples_end_as_it_says(pbx: MockServer, flavour: Flavour) -> None:
    """Each example of the document, given as arguments, ends as the document has it end."""
    ends = flavour.place(pbx.base_url, *(example(name) for name in SIX), **SIGNED_IN)

    for name, end in zip(SIX, ends, strict=True):
        reply = load_document().reply_examples[name].value
        if reply["result_code"] == 0:
            assert isinstance(end, SuccessReply), name
            assert end.uuids
        else:
            assert isinstance(end, ChannelLimitReached), name
            assert end.error_id == reply["error"]["id"]


@pytest.mark.parametrize("flavour", FLAVOURS[:2], ids=lambda flavour: flavour.name)
def test_wrong_credentials_are_told_as_such(pbx: MockServer, flavour: Flavour) -> None:
    """A token that is not good ends in an error about credentials, however the PBX says it."""
    (end,) = flavour.place(pbx.base_url, example("example-1"), domain=PROFILE.target.domain, token="wrong")

    assert isinstance(end, CredentialsRefused | AuthenticationRequired)
    assert isinstance(end, ApiError)


def test_calls_of_many_threads_each_get_their_own_reply(pbx: MockServer) -> None:
    """One client serves many threads, and mixes up nothing: each reply names channels of its own call."""
    with Client(base_url=pbx.base_url, **SIGNED_IN) as client, ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: client.call_user(**example("example-1")), range(24)))

    uuids = [uuid for reply in replies for uuid in reply.uuids]
    assert len(set(uuids)) == len(uuids)
    by_call = {frozenset(call.uuids) for call in pbx.calls}
    assert all(frozenset(reply.uuids) in by_call for reply in replies)


def test_calls_awaited_together_each_get_their_own_reply(pbx: MockServer) -> None:
    """The same holds for calls that are awaited together."""

    async def place() -> list[SuccessReply]:
        flavour = FLAVOURS[1]
        async with flavour.client(pbx.base_url, **SIGNED_IN) as client:
            return list(await asyncio.gather(*(client.call_user(**example("example-1")) for _ in range(24))))

    uuids = [uuid for reply in asyncio.run(place()) for uuid in reply.uuids]
    assert len(set(uuids)) == len(uuids)


def test_a_profile_is_all_a_client_needs(pbx: MockServer) -> None:
    """A profile whose target is the PBX holds what signs in."""
    with Client(profile=PROFILE, base_url=pbx.base_url) as client:
        assert client.call_user(**example("example-6")).uuids
