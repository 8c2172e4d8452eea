"""A behaviour of one's own: it has the last say, over the mock's own and over its defects."""

from __future__ import annotations

from typing import Any

from basix_contract.mock import Behaviour, Directory, MockServer
from tests.mock.conftest import Ask, error_of


class Hospitable(Behaviour):
    """A PBX that asks nobody for credentials, and adds a key to what it answers."""

    def check_credentials(self, request: Any) -> None:
        """Let everybody in."""

    def with_extras(self, body: dict[str, Any]) -> dict[str, Any]:
        """Say hello beside whatever else is said."""
        return {**super().with_extras(body), "hello": "there"}


def test_a_behaviour_overrides_the_mocks(directory: Directory, ask: Ask) -> None:
    """What it does not override stays as it is."""
    with MockServer(directory, behaviour=Hospitable) as server:
        reply = ask(server, user_name="bob").json()
        assert reply["hello"] == "there"
        assert len(reply["uuids"]) == 1
        assert error_of(ask(server, user_name="nobody")) == "user_not_found"


def test_a_behaviour_stands_above_defects(directory: Directory, ask: Ask) -> None:
    """A defect shows wherever the behaviour does not decide otherwise."""
    with MockServer(directory, behaviour=Hospitable, defects=["same-uuids-every-call"]) as server:
        first, second = (ask(server, user_name="bob").json() for _ in range(2))

    assert first == second
    assert first["hello"] == "there"
