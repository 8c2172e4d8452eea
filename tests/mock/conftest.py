"""A running mock PBX, someone who calls it, and a receiver of callbacks."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest

from basix_contract.mock import Directory, MockServer, Settings
from basix_contract.profile import Profile, load_profile
from tests.mock.listener import Listener

PROFILE = Path(__file__).parents[2] / "conformance" / "profiles" / "mock.toml"
CREDENTIALS = ("acme.example", "mock-token-3fK9")

Start: TypeAlias = Callable[..., MockServer]
Ask: TypeAlias = Callable[..., httpx.Response]


@pytest.fixture(scope="session")
def profile() -> Profile:
    """The profile of the embedded mock."""
    return load_profile(PROFILE)


@pytest.fixture(scope="session")
def directory(profile: Profile) -> Directory:
    """The directory that profile describes."""
    return Directory.from_profile(profile)


@pytest.fixture(scope="session")
def http() -> Iterator[httpx.Client]:
    """A client that takes nothing from the environment."""
    with httpx.Client(trust_env=False, timeout=5) as client:
        yield client


@pytest.fixture
def start(directory: Directory) -> Iterator[Start]:
    """Starts mocks, which are stopped after the test: `start(switch=value, …, seed=…, defects=…)`."""
    with contextlib.ExitStack() as running:

        def begin(source: Any = None, /, **options: Any) -> MockServer:
            own = {"seed", "defects", "clock", "on_event", "sender"}
            rest = {key: value for key, value in options.items() if key in own}
            switches = {key: value for key, value in options.items() if key not in own}
            server = MockServer(source or directory, settings=Settings(**switches), **rest)
            return running.enter_context(server)

        yield begin


@pytest.fixture
def ask(http: httpx.Client) -> Ask:
    """Sends a call_user request: `ask(server, user_name="bob", …)`; a destination is added if none is given."""

    def send(server: MockServer, /, **parameters: Any) -> httpx.Response:
        body = {"destination": "0312341234", **parameters}
        return http.post(f"{server.base_url}/call_user", json=body, auth=CREDENTIALS)

    return send


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A receiver of callbacks that answers 204."""
    with Listener() as receiver:
        yield receiver


def error_of(response: httpx.Response) -> str | None:
    """The error id of a reply; None for a success."""
    body = response.json()
    return None if body["result_code"] == 0 else body["error"]["id"]
