"""The servers that every tool meets: the mock PBX, correct or with one defect, and those that differ and conform."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from basix_contract.mock import MockServer
from basix_contract.profile import Profile, is_loopback, load_profile
from basix_contract.suite import _options
from tests.servers.family import PROFILE_FILE, profile_text, serve

CORRECT = "correct"


@dataclass(frozen=True, slots=True)
class Traffic:
    """What reached a server: requests of the method, and calls that it placed. Only the mock counts them."""

    requests: int = 0
    calls: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A server that runs: where, with whose profile, and what has reached it so far."""

    base_url: str
    profile_file: Path
    profile: Profile
    traffic: Callable[[], Traffic]


@contextlib.contextmanager
def mock_pbx(defect: str) -> Iterator[Served]:
    """The mock PBX runs with this defect, or as the correct PBX."""
    profile = load_profile(PROFILE_FILE)
    with MockServer(profile, defects=() if defect == CORRECT else (defect,), seed=0) as server:
        yield Served(
            base_url=server.base_url,
            profile_file=PROFILE_FILE,
            profile=profile,
            traffic=lambda: traffic_of(server),
        )


@contextlib.contextmanager
def different(kind: str, folder: Path) -> Iterator[Served]:
    """The server of this name runs; its profile stands in the folder."""
    path = folder / "profile.toml"
    path.write_text(profile_text(kind), "utf-8")
    profile = load_profile(path)
    with serve(kind, profile) as base_url:
        yield Served(base_url=base_url, profile_file=path, profile=profile, traffic=Traffic)


def traffic_of(server: MockServer) -> Traffic:
    """What reached a mock PBX."""
    state = server.app.state
    with state.changed:
        requests = sum(event.kind == "request" for event in state.events)
    return Traffic(requests, state.placed)


@contextlib.contextmanager
def overheard() -> Iterator[list[MockServer]]:
    """The mocks that the kit embeds while this lasts: how they are read as those of the other tools are."""
    started: list[MockServer] = []

    class Overheard(MockServer):
        def start(self) -> None:
            started.append(self)
            super().start()

    with mock.patch.object(_options, "MockServer", Overheard):
        yield started


def stay_on_this_machine() -> None:
    """From now on this process connects to loopback only: tools invent callback URLs that name strangers."""
    sys.addaudithook(_refuse_strangers)


def _refuse_strangers(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect":
        host = arguments[1][0] if isinstance(arguments[1], tuple) else "localhost"
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "localhost")
    if not is_loopback(name):
        raise ConnectionRefusedError(f"{name} is not this machine")
