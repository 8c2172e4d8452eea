"""Plays every tool against every server asked for, several at a time, each game in a folder of its own."""

from __future__ import annotations

import contextlib
import multiprocessing
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from tests.detection.kit import Kit
from tests.detection.outcome import Game, Heard
from tests.detection.prism import Prism
from tests.detection.schemathesis_runs import EXPERT, STOCK
from tests.detection.serving import Served, different, mock_pbx, stay_on_this_machine

Field = Literal["defect", "different"]


class Tool(Protocol):
    """What is compared. A baseline is text of the tool's own: what it says of the correct PBX."""

    @property
    def name(self) -> str:
        """The name it is asked for by."""
        ...

    @property
    def title(self) -> str:
        """The name in the table."""
        ...

    def missing(self) -> str:
        """Say why it cannot play on this machine; empty when it can."""
        ...

    def versions(self) -> dict[str, str]:
        """Return the versions of what decides its results."""
        ...

    def command(self) -> str:
        """Return its command line, as a person would type it."""
        ...

    def learn(self, folder: Path) -> str:
        """Return its baseline."""
        ...


class Caller(Tool, Protocol):
    """A tool that is pointed at a server which already runs."""

    def hear(self, served: Served, seed: int, baseline: str, folder: Path) -> Heard:
        """Run it once."""
        ...


KIT = Kit()
CALLERS: tuple[Caller, ...] = (STOCK, EXPERT, Prism())
TOOLS: dict[str, Tool] = {tool.name: tool for tool in (KIT, *CALLERS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """One game to play."""

    tool: str
    field: Field
    server: str
    seed: int
    baseline: str = ""


def play(draw: Draw) -> Game:
    """Play one game; whatever goes wrong is told in it, for an hour's run must not end with one game."""
    try:
        return _play(draw)
    except Exception as error:  # noqa: BLE001 - see above
        heard = Heard(trouble=f"{type(error).__name__}: {error}")
        return Game(tool=draw.tool, server=draw.server, seed=draw.seed, heard=heard, requests=0, calls=0, seconds=0.0)


def _play(draw: Draw) -> Game:
    if draw.tool == KIT.name:
        meet = KIT.meet_defect if draw.field == "defect" else KIT.meet_different
        return meet(draw.server, draw.seed, draw.baseline)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        serving = mock_pbx(draw.server) if draw.field == "defect" else different(draw.server, folder)
        return _meet(next(tool for tool in CALLERS if tool.name == draw.tool), draw, serving, folder)


def play_all(draws: Iterable[Draw], workers: int) -> Iterator[Game]:
    """Play many games, several at a time, in their order.

    One that went wrong, for the machine may have been too busy, is played once more, alone.
    """
    listed = list(draws)
    with _pool(workers) as pool:
        games = pool.map(play, listed)
        again = []
        for draw, game in zip(listed, games, strict=True):
            if game.heard.trouble:
                again.append(draw)
            else:
                yield game
    with _pool(1) as pool:
        yield from pool.map(play, again)


def learn(tool: Tool) -> str:
    """Return the tool's baseline."""
    with tempfile.TemporaryDirectory() as folder, _pool(1) as pool:
        return pool.submit(tool.learn, Path(folder)).result()


def _pool(workers: int) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=stay_on_this_machine)


def _meet(tool: Caller, draw: Draw, serving: contextlib.AbstractContextManager[Served], folder: Path) -> Game:
    with serving as served:
        began = time.monotonic()
        heard = tool.hear(served, draw.seed, draw.baseline, folder)
        seconds = round(time.monotonic() - began, 1)
        traffic = served.traffic()
    return Game(
        tool=tool.name,
        server=draw.server,
        seed=draw.seed,
        heard=heard,
        requests=traffic.requests,
        calls=traffic.calls,
        seconds=seconds,
    )
