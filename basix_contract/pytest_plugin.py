"""Fixtures for whoever tests an integration: a mock PBX of their own for each test.

Loaded in every pytest run of whoever installs the package: nothing is imported before a fixture is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from basix_contract.mock import MockServer
    from basix_contract.profile import Profile

_PACKAGE = Path(__file__).resolve().parent
_MARKER = (
    "basix(seed=…, defects=[…], SWITCH=value…): what the basix_pbx of this test is like; "
    "`basix-contract mock --list-defects` and `--list-switches` tell what there is"
)


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, so that --strict-markers takes it."""
    config.addinivalue_line("markers", _MARKER)


@pytest.fixture(scope="session")
def basix_profile() -> Profile:
    """Who can be rung: the people of the document's examples, until you define this fixture yourself.

    Its `target` holds the domain and the token with which `basix_pbx` lets a client in.
    """
    _ensure_extra()
    from basix_contract.profile import load_profile

    return load_profile(_shipped_profile())


@pytest.fixture
def basix_pbx(basix_profile: Profile, request: pytest.FixtureRequest) -> Iterator[MockServer]:
    """Provide a fresh mock PBX on a port of its own: `.base_url` to call it, `.calls` to read what came of it.

    `.wait_until` waits for a call's result without sleeping. The marker `basix` sets what it is like.
    """
    _ensure_extra()
    from basix_contract.errors import UsageError
    from basix_contract.mock import MockServer, Settings

    options = _marked(request.node)
    given = {name: options.pop(name) for name in ("seed", "defects") if name in options}
    try:
        server = MockServer(basix_profile, settings=Settings(**options), **given)
    except (TypeError, UsageError) as error:
        pytest.fail(f"basix_pbx cannot be as asked for: {error}", pytrace=False)
    with server:
        yield server


def _marked(node: pytest.Item) -> dict[str, Any]:
    """Return what the markers ask for; the one nearest to the test wins."""
    options: dict[str, Any] = {}
    for marker in reversed(list(node.iter_markers("basix"))):
        options.update(marker.kwargs)
    return options


def _ensure_extra() -> None:
    try:
        import basix_contract.mock  # noqa: F401 - to see whether its libraries are there
    except ModuleNotFoundError as error:
        pytest.fail(f"the basix fixtures need {error.name}: pip install 'basix-contract[testing]'", pytrace=False)


def _shipped_profile() -> Path:
    """Return the mock's profile: inside the package when installed, beside it in a checkout."""
    installed = _PACKAGE / "_data" / "conformance" / "profiles" / "mock.toml"
    return installed if installed.is_file() else _PACKAGE.parent / installed.relative_to(_PACKAGE / "_data")
