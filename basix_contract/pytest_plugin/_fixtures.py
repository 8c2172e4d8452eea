"""The fixtures, and what they say when a test fails. Nothing but pytest is imported before a fixture is used."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from basix_contract.client import AsyncClient, Client
    from basix_contract.mock import Clock
    from basix_contract.profile import Profile
    from basix_contract.pytest_plugin._firing import Callbacks
    from basix_contract.pytest_plugin._pbx import ScriptedPbx
    from basix_contract.pytest_plugin._router import ContractRouter

_PACKAGE = Path(__file__).resolve().parent.parent
_MARKER = (
    "basix(seed=…, defects=[…], clock='virtual'|'manual'|'real', SWITCH=value…): what the basix_pbx of this test is "
    "like; `basix-contract mock --list-defects` and `--list-switches` tell what there is"
)
_PBX = pytest.StashKey["ScriptedPbx"]()


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, so that --strict-markers takes it."""
    config.addinivalue_line("markers", _MARKER)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add to the report of a failed test what its PBX has seen."""
    report = yield
    pbx = item.stash.get(_PBX, None)
    if pbx is not None and report.failed:
        report.sections.append(("basix_pbx", pbx.timeline()))
    return report


@pytest.fixture(scope="session")
def basix_profile() -> Profile:
    """Who can be rung: the people of the document's examples, until you define this fixture yourself.

    Its `target` holds the domain and the token with which `basix_pbx` lets a client in.
    """
    _ensure_extra()
    from basix_contract.profile import load_profile

    return load_profile(_shipped_profile())


@pytest.fixture
def basix_clock(request: pytest.FixtureRequest) -> Clock:
    """Provide the time of `basix_pbx`: virtual, so that 180 s of ringing take milliseconds.

    It jumps to whatever is next to happen. With the marker `basix(clock="manual")` it stands still until
    `.advance(seconds)`; with `clock="real"` it is the machine's.
    """
    _ensure_extra()
    from basix_contract.mock import RealClock, VirtualClock

    name = _marked(request.node).get("clock", "virtual")
    if name not in ("virtual", "manual", "real"):
        pytest.fail(f"basix_clock cannot be {name!r}: it is 'virtual', 'manual' or 'real'", pytrace=False)
    return RealClock() if name == "real" else VirtualClock(is_automatic=name == "virtual")


@pytest.fixture
def basix_pbx(basix_profile: Profile, basix_clock: Clock, request: pytest.FixtureRequest) -> Iterator[ScriptedPbx]:
    """Provide a fresh mock PBX on a port of its own, which refuses parameters that call_user does not have.

    `.base_url` to call it, `.next_call(…)` to say how, `.calls` and `.assert_called_once_with(…)` to see what came,
    `.settle()` to wait for it, `.deliver_to(app)` to have callbacks without a server. The marker `basix` sets what
    it is like.
    """
    _ensure_extra()
    from basix_contract.errors import UsageError
    from basix_contract.mock import Settings
    from basix_contract.pytest_plugin._pbx import ScriptedPbx

    options = {"strict_unknown_parameters": True, **_marked(request.node)}
    options.pop("clock", None)
    given = {name: options.pop(name) for name in ("seed", "defects") if name in options}
    try:
        pbx = ScriptedPbx(basix_profile, settings=Settings(**options), clock=basix_clock, **given)
    except (TypeError, UsageError) as error:
        pytest.fail(f"basix_pbx cannot be as asked for: {error}", pytrace=False)
    request.node.stash[_PBX] = pbx
    with pbx:
        yield pbx


@pytest.fixture
def basix_client(basix_pbx: ScriptedPbx, basix_profile: Profile) -> Iterator[Client]:
    """Provide a client that is signed in at `basix_pbx`."""
    from basix_contract.client import Client

    target = basix_profile.target
    with Client(domain=target.domain, token=target.token, base_url=basix_pbx.base_url) as client:
        yield client


@pytest.fixture
def basix_async_client(basix_pbx: ScriptedPbx, basix_profile: Profile) -> AsyncClient:
    """Provide the same for coroutines; close it in the loop it was used in: `async with basix_async_client:`."""
    from basix_contract.client import AsyncClient

    target = basix_profile.target
    return AsyncClient(domain=target.domain, token=target.token, base_url=basix_pbx.base_url)


@pytest.fixture
def basix_callbacks() -> Callbacks:
    """Provide what fires callbacks: `.to(app)` at an ASGI or WSGI application, `.to()` at a URL on this machine.

    What it gives has `.answered(url)`, `.not_answered(url)` and `.odd(kind, url)`; each returns the answer.
    """
    _ensure_extra()
    from basix_contract.pytest_plugin._firing import Callbacks

    return Callbacks()


@pytest.fixture
def basix_router(request: pytest.FixtureRequest) -> Iterator[ContractRouter]:
    """Provide a respx router that stands for call_user at any host, for clients that use httpx.

    A request that breaks the contract fails the test; every other is answered, as `.next_reply(…)` says.
    """
    _ensure_extra("respx")
    from basix_contract.pytest_plugin._router import ContractRouter

    is_strict = _marked(request.node).get("strict_unknown_parameters", True)
    with ContractRouter(strict_unknown_parameters=is_strict) as router:
        yield router
    if router.breaches:
        pytest.fail("\n".join(router.breaches), pytrace=False)


def _marked(node: pytest.Item) -> dict[str, Any]:
    """Return what the markers ask for; the one nearest to the test wins."""
    options: dict[str, Any] = {}
    for marker in reversed(list(node.iter_markers("basix"))):
        options.update(marker.kwargs)
    return options


def _ensure_extra(*libraries: str) -> None:
    try:
        import basix_contract.mock  # noqa: F401 - to see whether its libraries are there

        for library in libraries:
            __import__(library)
    except ModuleNotFoundError as error:
        library = (error.name or "").partition(".")[0]
        pytest.fail(f"the basix fixtures need {library}: pip install 'basix-contract[testing]'", pytrace=False)


def _shipped_profile() -> Path:
    """Return the mock's profile: inside the package when installed, beside it in a checkout."""
    installed = _PACKAGE / "_data" / "conformance" / "profiles" / "mock.toml"
    return installed if installed.is_file() else _PACKAGE.parent / installed.relative_to(_PACKAGE / "_data")
