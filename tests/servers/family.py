"""The servers that keep the contract, each in its own way, by their names; and how to start one.

Each is written from the document and the ledger alone, so that it shares no mistake with the mock or the checks.
"""

from __future__ import annotations

import contextlib
import functools
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from basix_contract.profile import Profile
from tests.servers.directory import Directory
from tests.servers.guarded import guarded
from tests.servers.hasty import hasty
from tests.servers.lenient import lenient
from tests.servers.pedantic import pedantic
from tests.servers.persistent import persistent
from tests.servers.strict import strict
from tests.servers.talkative import talkative
from tests.servers.unhurried import unhurried

PROFILE_FILE = Path(__file__).parents[2] / "conformance" / "profiles" / "mock.toml"


@dataclass(frozen=True, slots=True)
class Kind:
    """One server; `legs`: so many terminals ring for whomever it calls, `calls_back`: to this machine too."""

    start: Callable[[Directory], AbstractContextManager[str]]
    legs: int | None = None
    calls_back: bool = True


KINDS: Mapping[str, Kind] = {
    "lenient": Kind(lenient),
    "strict": Kind(strict),
    "talkative": Kind(talkative),
    "unhurried": Kind(functools.partial(unhurried, slow_every=16)),
    "hasty": Kind(hasty, legs=5),
    "guarded": Kind(guarded, calls_back=False),
    "persistent": Kind(persistent),
    "pedantic": Kind(pedantic, legs=1),
}

SLOW_KINDS: Mapping[str, Kind] = {"always-unhurried": Kind(unhurried)}
"""Servers that take a minute to play; left to the long runs."""


@contextlib.contextmanager
def serve(kind: str, profile: Profile) -> Iterator[str]:
    """The server of this name serves the profile's directory at the base URL yielded; then it is gone."""
    with _kind(kind).start(Directory(profile)) as base_url:
        yield base_url


def profile_text(kind: str) -> str:
    """The mock's profile, with as many terminals for each user as this server rings."""
    text, legs = PROFILE_FILE.read_text("utf-8"), _kind(kind).legs
    return text if legs is None else re.sub(r"^terminals = \d+$", f"terminals = {legs}", text, flags=re.MULTILINE)


def _kind(name: str) -> Kind:
    return KINDS.get(name) or SLOW_KINDS[name]
