"""The mock's profile, and the two judges of bodies."""

from __future__ import annotations

from pathlib import Path

import pytest

from basix_contract.profile import Profile, load_profile

PROFILE = Path(__file__).parents[2] / "conformance" / "profiles" / "mock.toml"


@pytest.fixture(scope="session")
def profile() -> Profile:
    """Users, groups and destinations of the embedded mock."""
    return load_profile(PROFILE)
