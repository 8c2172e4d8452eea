"""The way back: what is known of it before any call, and whom a proxy in front of our receiver is taken for."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from basix_contract.mock import MockServer
from basix_contract.profile import Profile, load_profile
from basix_contract.suite import ServerOptions, run_server
from tests.suite.hostile import hostile, page, read_request, refused_url
from tests.suite.profiles import thin_profile

ROWS = ("CU-004", "CU-150", "CU-140")


CONSENT = '\n[live]\ntunnel = true\nconsent = "127.0.0.1"\nquiet_hours = ""\n[limits]\nmax_calls = 9'
LIVE = {
    "value": 'value = "0312341234"\nends_by_itself = true',
    "token": 'token_env = "BASIX_STANDIN_TOKEN"',
}


class Proxy:
    """Passes each request on to a port it is told later, its target rewritten, and hands the answer back."""

    def __init__(self, rewrite: Callable[[str], str]) -> None:
        self._rewrite = rewrite
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/basix"
        self.port = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Listen no more."""
        self._listener.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._pass_on, args=(connection,), daemon=True).start()

    def _pass_on(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            method, _, rest = read_request(connection).partition(b" ")
            target, _, rest = rest.partition(b" ")
            again = self._rewrite(target.decode("latin-1")).encode("latin-1")
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as inner:
                inner.sendall(method + b" " + again + b" " + rest)
                inner.settimeout(5)
                while piece := inner.recv(65_536):
                    connection.sendall(piece)
                    if piece.endswith(b"{}"):
                        break


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextlib.contextmanager
def behind(rewrite: Callable[[str], str], folder: Path) -> Iterator[tuple[Path, MockServer, list[str]]]:
    """A profile whose receiver stands behind such a proxy, a PBX, and what the run tells."""
    proxy = Proxy(rewrite)
    proxy.port = _free_port()
    profile = thin_profile(
        folder,
        grace_s=f'grace_s = 0.3\nlisten = "127.0.0.1:{proxy.port}"\npublic_url = "{proxy.url}"',
        terminals='terminals = 2\nname = "jessica"',
        name="",
    )
    try:
        with MockServer(_known(profile)) as pbx:
            yield profile, pbx, []
    finally:
        proxy.close()


def _known(profile: Path) -> Profile:
    found = load_profile(profile)
    return replace(found, target=replace(found.target, base_url=""))


def verdicts(profile: Path, pbx: MockServer, folder: Path, told: list[str]) -> dict[str, str]:
    """What came of the rows about the callback's way."""
    asked = ServerOptions(target=pbx.base_url, profile=profile, report=folder / "report", only=ROWS, tell=told.append)
    return {row.id: row.verdict for row in run_server(asked).requirements if row.id in ROWS}


def test_a_proxy_that_takes_off_a_prefix_is_not_taken_for_the_target(tmp_path: Path) -> None:
    """What it takes off is learnt from a request of our own, and the callbacks' URLs count as unaltered."""
    with behind(lambda target: target.removeprefix("/basix"), tmp_path) as (profile, pbx, told):
        found = verdicts(profile, pbx, tmp_path, told)

    assert found == dict.fromkeys(ROWS, "pass")
    assert told == []


def test_the_target_is_not_blamed_for_a_proxy_that_alters_urls(tmp_path: Path) -> None:
    """Whether the target keeps URLs cannot be told behind it, and is not."""
    with behind(lambda target: target.replace("//", "/"), tmp_path) as (profile, pbx, told):
        found = verdicts(profile, pbx, tmp_path, told)

    assert found["CU-150"] == "not-testable"
    assert found["CU-004"] == "pass"


@pytest.mark.parametrize("way", ["page", "nobody"])
def test_without_a_way_back_callbacks_are_not_testable(way: str, tmp_path: Path) -> None:
    """Where the public URL leads elsewhere or nowhere that is told before the first call, and nothing turns green."""
    told: list[str] = []
    with hostile(page) as elsewhere:
        public = elsewhere.base_url if way == "page" else refused_url()
        profile = thin_profile(tmp_path, **LIVE, grace_s=f'grace_s = 0.2\npublic_url = "{public}"{CONSENT}')
        with pytest.MonkeyPatch.context() as patch, MockServer(_with_token(profile)) as pbx:
            patch.setenv("BASIX_STANDIN_TOKEN", "mock-token-3fK9")
            asked = ServerOptions(
                target=pbx.base_url, profile=profile, report=tmp_path / "r", only=ROWS, tell=told.append, live=True
            )
            found = {row.id: row.verdict for row in run_server(asked).requirements if row.id in ROWS}

    assert told[0].startswith(f"callback route: {'closed' if way == 'page' else 'unknown'}: ")
    assert found["CU-004"] == "pass"
    assert found["CU-140"] == "not-testable"


def _with_token(profile: Path) -> Profile:
    found = load_profile(profile)
    return replace(found, target=replace(found.target, token="mock-token-3fK9"))
