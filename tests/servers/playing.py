"""Plays the kit against servers as a user would: a given target, with a profile, several at a time."""

from __future__ import annotations

import multiprocessing
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from basix_contract.profile import Profile, load_profile
from basix_contract.suite import RunResult, ServerOptions, run_server
from tests.servers.family import PROFILE_FILE, profile_text, serve
from tests.servers.vacuous import serve_vacuous

_FINE = ("pass", "observed", "not-applicable")
_GRACE = re.compile(r"^grace_s = .*$", re.MULTILINE)
_TRIES = 3
_OUR_FAULT = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One requirement of a run: its verdict, and the kit's words for it."""

    level: str
    verdict: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What the kit said of one server."""

    kind: str
    seed: int
    verdict: str
    exit_code: int
    reason: str
    rows: dict[str, Row]
    requests: int
    seconds: float

    @property
    def alarms(self) -> dict[str, Row]:
        """The rows that are neither passed nor merely observed."""
        return {id_: row for id_, row in self.rows.items() if row.verdict not in _FINE}

    def with_verdict(self, *verdicts: str) -> set[str]:
        """The ids of the rows with one of these verdicts."""
        return {id_ for id_, row in self.rows.items() if row.verdict in verdicts}


def play(kind: str, seed: int = 0) -> Played:
    """Play the kit against one of the servers that keep the contract."""
    text = profile_text(kind)
    return _play(kind, seed, text, lambda profile: serve(kind, profile))


def play_vacuous(kind: str, seed: int = 0) -> Played:
    """Play the kit against one that knows nothing; as none of them calls back late, the grace is brief."""
    text = _GRACE.sub("grace_s = 0.05", PROFILE_FILE.read_text("utf-8"))
    return _play(kind, seed, text, lambda _: serve_vacuous(kind))


def play_many(how: Callable[[str, int], Played], kinds: Iterable[str], seeds: Iterable[int] = (0,)) -> Iterator[Played]:
    """Play each of these servers with each of these seeds, as many at a time as there are processors."""
    games = [(kind, seed) for seed in seeds for kind in kinds]
    with ProcessPoolExecutor(os.cpu_count(), mp_context=multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(how, *zip(*games, strict=True))


def _play(kind: str, seed: int, text: str, serving: Callable[[Profile], AbstractContextManager[str]]) -> Played:
    """Play one game; where this machine was too slow to judge by, as the kit itself finds, play it again."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "profile.toml")
        path.write_text(text, "utf-8")
        for left in reversed(range(_TRIES)):
            with serving(load_profile(path)) as target:
                result = run_server(ServerOptions(target=target, profile=path, report=Path(folder), seed=seed))
            if result.exit_code != _OUR_FAULT or not left:
                return _summary(kind, result, time.monotonic() - began)
    raise AssertionError


def _summary(kind: str, result: RunResult, seconds: float) -> Played:
    return Played(
        kind=kind,
        seed=result.seed,
        verdict=result.verdict,
        exit_code=result.exit_code,
        reason=result.reason,
        rows={row.id: Row(level=row.level, verdict=row.verdict, detail=row.detail) for row in result.requirements},
        requests=result.requests_sent,
        seconds=round(seconds, 1),
    )
