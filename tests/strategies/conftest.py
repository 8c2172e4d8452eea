"""The mock's profile."""

from __future__ import annotations

import pytest

from basix_contract.profile import Profile
from tests.strategies.judging import MOCK


@pytest.fixture(scope="session")
def profile() -> Profile:
    """Users, groups and destinations of the embedded mock."""
    return MOCK
