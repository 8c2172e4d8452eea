"""Runs pytest on a small project of an integrator's, in this process or as one of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest

# A run of pytest inside this one forgets what it has loaded when it ends; these libraries can be loaded only once.
import basix_contract.client
import basix_contract.pytest_plugin._firing
import basix_contract.pytest_plugin._pbx
import basix_contract.pytest_plugin._router

CALL = """
import httpx

def call(pbx, profile, **body):
    with httpx.Client(trust_env=False, auth=(profile.target.domain, profile.target.token)) as client:
        return client.post(pbx.base_url + "/call_user", json={"destination": "0312341234", **body})
"""

Project: TypeAlias = Callable[..., tuple[int, str]]


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Run pytest on a project of one test file; return its exit code and what it wrote."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)

    def run(tests: str, conftest: str = "") -> tuple[int, str]:
        pytester.makepyfile(test_own=CALL + tests)
        pytester.makeconftest(conftest)
        options = ("-q", "--strict-markers", "-W", "error", "-p", "no:cacheprovider")
        # The plugin is handed over, so that the tests hold in a checkout that is not installed, too.
        ended = pytester.runpytest_inprocess(*options, plugins=[basix_contract.pytest_plugin])
        return int(ended.ret), "\n".join((*ended.outlines, *ended.errlines))

    return run
