"""Fixtures for whoever tests an integration: a mock PBX, a client, callbacks, and a router for httpx.

Loaded in every pytest run of whoever installs the package: nothing is imported before a fixture is used.
"""

from __future__ import annotations

from basix_contract.pytest_plugin._fixtures import (
    basix_async_client,
    basix_callbacks,
    basix_client,
    basix_clock,
    basix_pbx,
    basix_profile,
    basix_router,
    pytest_configure,
    pytest_runtest_makereport,
)

__all__ = [
    "basix_async_client",
    "basix_callbacks",
    "basix_client",
    "basix_clock",
    "basix_pbx",
    "basix_profile",
    "basix_router",
    "pytest_configure",
    "pytest_runtest_makereport",
]
